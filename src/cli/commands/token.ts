import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { ALL_SCOPES, SCOPES, type Scope } from '../../bridge/api/access/grant.js';
import { parsePersonFilter } from '../../bridge/api/access/person-filter.js';
import {
  faultOf,
  hashOf,
  isTokenName,
  MAX_TOKENS,
  newToken,
  type TokenRecord,
} from '../../bridge/api/access/tokens/token-record.js';
import { loadPlace } from '../../bridge/config/load.js';
import { systemClock } from '../../bridge/runtime/system.js';
import { changeTokens, knownTokens, lastUses } from '../../bridge/runtime/token-files.js';
import { BridgeError } from '../../presence/errors.js';
import type { CliIo } from '../io.js';
import { harmless, json, table } from '../output.js';

const DAY_MS = 86_400_000;
const UNITS: Readonly<Record<string, number>> = { h: 3_600_000, d: DAY_MS };
const MAX_LIFE_MS = 3_650 * DAY_MS;

const scopeLines = ALL_SCOPES.map((scope) => `  ${scope.padEnd(14)} ${SCOPES[scope]}`).join('\n');

const CREATE_HELP = `
Examples:
  $ presence-bridge token create --name crm --scope read,stream --people '*/Sales/Contoso' --expires 90d
  $ presence-bridge token create --name helpdesk --scope read --people ana@contoso.example '*@support.example'
  $ presence-bridge token create --name screen --scope stream --people list:help-desk
  $ presence-bridge token create --name workflow --scope own-status,message --people everybody --expires never

Scopes, none of which includes another:
${scopeLines}

People, by one or more patterns in quotes: "everybody", a SIP address, a Notes name,
'*@domain' for the SIP addresses of a domain, '*/Unit/Organisation' for the Notes names
that end so, list:ID for the people who are on a list of the configuration, or of a watched
group (list:group:NAME), at the moment. Everybody else is, for this token, not there.

The token is printed once and kept as a hash only. A running bridge takes it at once.
Run the command as the account of the service, or as root.
`;

export function tokenCommand(io: CliIo) {
  return new Command('token')
    .description('Create, list and revoke the tokens with which applications use the API.')
    .addCommand(createCommand(io))
    .addCommand(listCommand(io))
    .addCommand(revokeCommand(io));
}

function createCommand(io: CliIo) {
  return new Command('create')
    .description('Create a token and print it, once.')
    .requiredOption('--name <name>', 'name of the application, for lists and logs', tokenName)
    .requiredOption('--scope <scopes>', 'what it may do, separated by commas', scopes)
    .requiredOption('--people <pattern...>', 'whom it may know of')
    .option('--expires <time>', 'when it ends by itself: 12h, 90d, or "never"', life, 365 * DAY_MS)
    .option('--config <file>', 'configuration of the bridge', 'bridge.yaml')
    .option('--json', 'print token and facts as JSON')
    .addHelpText('after', CREATE_HELP)
    .action(async ({ name, scope, people: asked, expires: lifetime, config, json: wantsJson }) => {
      const { stateFolder } = loadPlace(config);
      const people = patterns(asked);
      const fault = faultOf({ scopes: scope, people });
      if (fault !== undefined) throw new BridgeError('CLI_USAGE', fault);
      const token = newToken();
      const created = systemClock.now();
      const expires = Number.isFinite(lifetime) ? { expires: created + lifetime } : {};
      const record: TokenRecord = {
        name,
        hash: hashOf(token).toString('hex'),
        scopes: scope,
        people,
        created,
        ...expires,
      };
      await changeTokens(stateFolder, (tokens) => {
        // People consent to names in any case: two that differ in nothing else would share them.
        if (tokens.some((one) => one.name.toLowerCase() === name.toLowerCase())) {
          throw new BridgeError('CLI_USAGE', `there is a token "${name}"; revoke it first, or choose another name`);
        }
        if (tokens.length >= MAX_TOKENS) throw new BridgeError('CLI_USAGE', `there are ${MAX_TOKENS} tokens already`);
        return [...tokens, record];
      });
      if (wantsJson) io.out(json({ ok: true, token, ...factsOf(record) }));
      else {
        io.out(`${token}\n`);
        io.err(`Shown this once. "${name}" may ${scope.join(', ')} of ${peopleText(record)}, ${endText(record)}.\n`);
      }
    });
}

function listCommand(io: CliIo) {
  return new Command('list')
    .description('List all tokens: what they allow, until when, and the day on which they were used last.')
    .option('--config <file>', 'configuration of the bridge', 'bridge.yaml')
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\nExample:\n  $ presence-bridge token list --config bridge.yaml\n')
    .action(({ config, json: wantsJson }) => {
      const { stateFolder } = loadPlace(config);
      const tokens = knownTokens(stateFolder);
      const uses = lastUses(stateFolder);
      if (wantsJson) {
        const listed = tokens.map((one) => ({ ...factsOf(one), lastUsed: uses.get(one.hash) ?? null }));
        io.out(json({ ok: true, tokens: listed }));
      } else if (tokens.length === 0) io.out("There are no tokens but the administrator's.\n");
      else {
        const rows = tokens.map((one) => [
          one.name,
          one.scopes.join(', '),
          harmless(peopleText(one)),
          dayOf(one.created),
          endText(one),
          uses.get(one.hash) ?? 'never',
        ]);
        io.out(table(['name', 'scopes', 'people', 'created', 'ends', 'last used'], rows));
      }
    });
}

function revokeCommand(io: CliIo) {
  return new Command('revoke')
    .description('Revoke a token. Streams that were opened with it end within two seconds.')
    .argument('<name>', 'name of the token')
    .option('--config <file>', 'configuration of the bridge', 'bridge.yaml')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  $ presence-bridge token revoke crm\n')
    .action(async (name, { config, json: wantsJson }) => {
      await changeTokens(loadPlace(config).stateFolder, (tokens) => {
        const left = tokens.filter((one) => one.name !== name);
        if (left.length === tokens.length) throw new BridgeError('CLI_USAGE', `there is no token "${harmless(name)}"`);
        return left;
      });
      io.out(wantsJson ? json({ ok: true, revoked: name }) : `Revoked "${name}".\n`);
    });
}

/** All about a token that may be shown. */
function factsOf({ name, scopes: allowed, people, created, expires }: TokenRecord) {
  return { name, scopes: allowed, people, created, expires: expires ?? null };
}

function peopleText({ people }: TokenRecord): string {
  return people[0] === '*' ? 'everybody' : people.join(', ');
}

function endText({ expires }: TokenRecord): string {
  if (expires === undefined) return 'without an end';
  return `${expires <= systemClock.now() ? 'over since' : 'until'} ${dayOf(expires)}`;
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

function tokenName(text: string): string {
  if (isTokenName(text)) return text;
  throw new InvalidArgumentError('Letters, digits, ".", "_" and "-" were expected, at most 64, and no name of ours.');
}

function scopes(text: string): readonly Scope[] {
  const words = text.split(',').map((word) => word.trim());
  const wrong = words.find((word) => !Object.hasOwn(SCOPES, word));
  if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is none of ${ALL_SCOPES.join(', ')}.`);
  return ALL_SCOPES.filter((scope) => words.includes(scope));
}

/** In the one spelling in which they are kept. */
function patterns(asked: readonly string[]): readonly string[] {
  const filter = parsePersonFilter(asked.map((pattern) => (pattern === 'everybody' ? '*' : pattern)));
  if (filter.ok) return filter.value.patterns;
  throw new BridgeError('CLI_USAGE', `--people ${filter.reason}`);
}

/** Milliseconds; infinite for ever. */
function life(text: string): number {
  if (text === 'never') return Number.POSITIVE_INFINITY;
  const [, count, unit = ''] = /^(\d{1,5})([hd])$/.exec(text) ?? [];
  const time = Number(count) * (UNITS[unit] ?? Number.NaN);
  if (time > 0 && time <= MAX_LIFE_MS) return time;
  throw new InvalidArgumentError('A time such as 12h or 90d was expected, at most 3650d, or "never".');
}
