import { Command } from '@commander-js/extra-typings';
import { MAX_ASKED } from '../../bridge/api/people/query-schemas.js';
import { BridgeError, ERROR_CODES } from '../../presence/errors.js';
import { connectToBridge } from '../bridge-client.js';
import type { CliIo } from '../io.js';
import { namedPeople } from '../named-people.js';
import { json } from '../output.js';
import { queryTable } from '../query-table.js';
import { Reported } from '../reported.js';
import { WORDS_OPTION } from '../words-option.js';

const SOMEBODY_MISSING = ERROR_CODES.DIRECTORY_NOBODY.exit;

const HELP = `
Examples:
  $ presence-bridge query "Ana Reyes/Sales/Contoso" ben@contoso.example
  $ presence-bridge query --file team.txt --words mistatus,graph --json
  $ cut -f2 team.tsv | presence-bridge query -
  $ presence-bridge query ana@contoso.example --url https://bridge.contoso.example --token-file crm.token

A person is a Notes name in any spelling, a SIP or mail address, or a common name that
only one person has; in files one on each line. At most ${MAX_ASKED.toLocaleString('en')} of them.

Words of other programs:
  mistatus       Communicator 2007 Automation API
  lync           Lync SDK
  graph          Microsoft Graph
  rpid           PIDF and RPID (RFC 3863, RFC 4480)

Ends with 0 when everybody was found, whatever their status is, and with ${SOMEBODY_MISSING} when somebody
was not: not-found, ambiguous or not-a-name stands as the reason then.
`;

export function queryCommand(io: CliIo) {
  return new Command('query')
    .description("Ask a running bridge for people's statuses.")
    .argument('[who...]', 'names and addresses; "-" reads them from standard input')
    .option('--file <names>', 'file of names and addresses, one on each line; "-" is standard input')
    .option(...WORDS_OPTION)
    .option('--config <file>', 'configuration of the bridge; tells where it listens', 'bridge.yaml')
    .option('--url <address>', 'address of the bridge, instead of the configuration')
    .option('--token-file <file>', 'file that holds the access token, with --url')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', HELP)
    .action(async (who, options) => {
      const people = await namedPeople(who, options.file, io);
      if (people.length === 0) {
        throw new BridgeError('CLI_USAGE', 'Nobody is named: a name, an address or --file is missing.');
      }
      const answer = await connectToBridge(options).query(people, options.words ?? []);
      if (options.json) io.out(json({ ok: true, ...answer }));
      else io.out(queryTable(io, answer, options.words ?? []));
      if (answer.people.some(({ found }) => !found)) throw new Reported(SOMEBODY_MISSING);
    });
}
