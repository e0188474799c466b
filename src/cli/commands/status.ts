import { Command } from '@commander-js/extra-typings';
import { type BridgeApiClient, connectToBridge } from '../bridge-client.js';
import type { CliIo } from '../io.js';
import { clip, duration, harmless, json, paint, table, wrapped } from '../output.js';

export function statusCommand(io: CliIo) {
  return new Command('status')
    .description('Show what a running bridge does, and the people it knows.')
    .option('--config <file>', 'configuration of the bridge; tells where it listens', 'bridge.yaml')
    .option('--url <address>', 'address of the bridge, instead of the configuration')
    .option('--token-file <file>', 'file that holds the access token, with --url')
    .option('--people', 'list the people too')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExample:\n  $ presence-bridge status --config bridge.yaml --people\n')
    .action(async (options) => {
      const client = connectToBridge(options);
      const [status, people] = await Promise.all([
        client.status(),
        options.people || options.json ? client.people() : [],
      ]);
      if (options.json) io.out(json({ ok: true, status, people }));
      else {
        printStatus(io, status);
        if (options.people) printPeople(io, people);
      }
    });
}

type Status = Awaited<ReturnType<BridgeApiClient['status']>>;
type People = Awaited<ReturnType<BridgeApiClient['people']>>;

function printStatus(io: CliIo, status: Status): void {
  const now = Date.now();
  const partner = ({ state, since, error, retryAt }: Status['ocs']): string =>
    [
      `${paint(io, state === 'connected' ? 'green' : 'red', state)} for ${duration(now - since)}`,
      error ? ` (${harmless(error.message)})` : '',
      nextAttempt(retryAt, now),
    ].join('');
  const counts = Object.entries(status.counts).filter(([, count]) => count > 0);
  const facts: [string, string][] = [
    ['Bridge', `${status.bridge} ${status.version}, up ${duration(now - status.startedAt)}`],
    ['Role', roleText(io, status.role, now)],
    ['OCS', partner(status.ocs)],
    ['Domino', partner(status.notes)],
    [
      'People',
      `${status.people}${counts.length ? `: ${counts.map(([name, count]) => `${count} ${name}`).join(', ')}` : ''}`,
    ],
    ...watchingFacts(status.watching),
    ['Writes', `${status.writtenTotal} done, ${status.pendingWrites} waiting, ${status.failedDocuments} refused`],
    ...refusedFacts(status.refused),
    ...doubtFacts(status.doubtful),
    ...comparedFacts(status.reconciled, now),
    ['Heartbeat', status.heartbeatAt === undefined ? 'not yet' : `${duration(now - status.heartbeatAt)} ago`],
  ];
  io.out(facts.map(([name, text]) => `${name.padEnd(10)} ${wrapped(io, text, 11)}\n`).join(''));
}

function roleText(io: CliIo, { state, since, holder }: Status['role'], now: number): string {
  if (state === 'active') return `${paint(io, 'green', 'active')} for ${duration(now - since)}`;
  const writer = `; ${holder === '' ? 'no bridge is known to write, see "presence-bridge check"' : `${harmless(holder)} writes`}`;
  return `${paint(io, 'yellow', 'standby')} for ${duration(now - since)}${writer}`;
}

function refusedFacts(refused: Status['refused']): [string, string][] {
  if (refused.length === 0) return [];
  return [['Refused', refused.map(({ key, code }) => `${key} (${code})`).join(', ')]];
}

function doubtFacts(doubtful: number): [string, string][] {
  return doubtful === 0 ? [] : [['In doubt', `${doubtful} documents say more than is confirmed`]];
}

function comparedFacts(reconciled: Status['reconciled'], now: number): [string, string][] {
  if (reconciled === undefined) return [];
  const { cause, endedAt, documents, missing, spoilt } = reconciled;
  const found = missing + spoilt === 0 ? '' : `: ${missing} missing, ${spoilt} edited`;
  return [['Compared', `${documents} documents ${duration(now - endedAt)} ago (${cause})${found}`]];
}

function watchingFacts(watching: Status['watching']): [string, string][] {
  if (watching === undefined) return [];
  const { dialogs, subscribed, categorySubscriptions, polled } = watching;
  const costs = `${subscribed} subscribed (${categorySubscriptions} categories in ${dialogs} ${dialogs === 1 ? 'dialog' : 'dialogs'}), ${polled} polled`;
  return [['Watching', costs]];
}

function nextAttempt(retryAt: number | undefined, now: number): string {
  if (retryAt === undefined) return '';
  return retryAt <= now ? ', trying now' : `, next attempt in ${duration(retryAt - now)}`;
}

function printPeople(io: CliIo, people: People): void {
  const now = Date.now();
  const rows = people.map((one): [string, string, string, string, string] => [
    one.status,
    harmless(one.name ?? one.displayName),
    one.uri,
    [one.activity, one.outOfOffice ? 'out of office' : ''].filter(Boolean).join(', '),
    one.since === undefined ? '' : duration(now - one.since),
  ]);
  io.out(`\n${fitted(io, rows)}`);
}

/** On a terminal that is too narrow a person stays on one line: names without their organization, long lines cut. */
function fitted(
  { terminal, columns }: CliIo,
  rows: readonly (readonly [string, string, string, string, string])[],
): string {
  const whole = table(['status', 'name', 'address', 'activity', 'for'], rows);
  if (!terminal || whole.split('\n').every((line) => line === clip(line, columns))) return whole;
  const short = rows.map(([status, name, address, activity, since]) => [
    status,
    since,
    name.replace(/^CN=([^/]+)\/.*$/i, '$1'),
    address,
    activity,
  ]);
  const lines = table(['status', 'for', 'name', 'address', 'activity'], short).split('\n');
  return lines.map((line) => clip(line, columns)).join('\n');
}
