import { Command } from '@commander-js/extra-typings';
import { MAX_ASKED } from '../../bridge/api/people/query-schemas.js';
import { systemClock } from '../../bridge/runtime/system.js';
import { createPresenceClient } from '../../client/client.js';
import type { Vocabulary } from '../../presence/vocabularies.js';
import { bridgeErrorOf } from '../client-error.js';
import type { CliIo } from '../io.js';
import { namedPeople } from '../named-people.js';
import { jsonLine } from '../output.js';
import { Reported } from '../reported.js';
import { bridgeConnection } from '../watch/bridge-connection.js';
import { jsonReport } from '../watch/json-report.js';
import { lineReport } from '../watch/line-report.js';
import { tableReport } from '../watch/table-report.js';
import { watchPeople } from '../watch/watch-people.js';
import type { WatchReport } from '../watch/watch-report.js';
import { WORDS_OPTION } from '../words-option.js';

const HELP = `
Examples:
  $ presence-bridge watch
  $ presence-bridge watch "Ana Reyes/Sales/Contoso" ben@contoso.example
  $ presence-bridge watch --list help-desk --list group:Sales
  $ presence-bridge watch --file team.txt --words mistatus --json | logger
  $ presence-bridge watch --list everybody --url https://bridge.contoso.example --token-file crm.token

Without a name, a file or a list it follows everybody whom the token may know of. A person
is a Notes name in any spelling, a SIP or mail address, or a common name that only one
person has; at most ${MAX_ASKED.toLocaleString('en')} of them.

At a terminal a table shows who is how, and in its first line whether the bridge and both
of its sides are there. Elsewhere each change is a line; with --json each is an object:
"state" of the connection (connecting, live, lost), "asked" (whom the names mean),
"people" (each takes the place of what was said of the address before, "removed" are gone),
"status" of the bridge, "message", "error".

A connection that is lost comes back by itself, and nothing that changed meanwhile is
missed. Whom the bridge does not confirm, or cannot since it is not heard, is unknown.

Ends with 0 at Ctrl+C, 65 when nobody is known by these names, 69 when no bridge answers at
first, and 77 when the token is refused.
`;

export function watchCommand(io: CliIo) {
  return new Command('watch')
    .description('Follow people or lists of a running bridge as they change.')
    .argument('[who...]', 'names and addresses; "-" reads them from standard input')
    .option('--list <id>', 'list of people; may be repeated', collect, [])
    .option('--file <names>', 'file of names and addresses, one on each line; "-" is standard input')
    .option(...WORDS_OPTION)
    .option('--messages', 'show messages to the bridge\'s own account too; wants the scope "message"')
    .option('--config <file>', 'configuration of the bridge; tells where it listens', 'bridge.yaml')
    .option('--url <address>', 'address of the bridge, instead of the configuration')
    .option('--token-file <file>', 'file that holds the access token, with --url')
    .option('--json', 'print everything that happens as one JSON object on each line')
    .addHelpText('after', HELP)
    .action(async (who, options) => {
      const people = await namedPeople(who, options.file, io);
      const isAnybody = who.length === 0 && options.file === undefined && options.list.length === 0;
      const { words = [], messages = false } = options;
      const subscription = { people, lists: isAnybody ? ['everybody'] : options.list, words, messages };
      try {
        const client = createPresenceClient(bridgeConnection(options));
        await watchPeople(client.follow, subscription, () => reportOf(options, io), io);
      } catch (thrown) {
        const error = bridgeErrorOf(thrown);
        if (!options.json) throw error;
        // On one line, as everything before it.
        io.out(jsonLine({ type: 'error', at: systemClock.now(), error }));
        throw new Reported(error.exitCode);
      }
    });
}

function reportOf({ json, words = [] }: ReportOptions, io: CliIo): WatchReport {
  const { now } = systemClock;
  if (json) return jsonReport(io, now);
  return io.terminal ? tableReport(io, words, now) : lineReport(io, words, now);
}

interface ReportOptions {
  readonly json?: true | undefined;
  readonly words?: readonly Vocabulary[] | undefined;
}

function collect(id: string, ids: readonly string[]): string[] {
  return [...ids, id];
}
