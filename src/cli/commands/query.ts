import { Command, Option } from '@commander-js/extra-typings';
import type { ListAnswer, Member } from '../../bridge/api/people/list-schemas.js';
import { MAX_ASKED, type PeopleAnswer, type PersonAnswer } from '../../bridge/api/people/query-schemas.js';
import { BridgeError, ERROR_CODES } from '../../presence/errors.js';
import { parseNotesName } from '../../presence/ids.js';
import { abbreviated } from '../../presence/name-keys.js';
import { type BridgeApiClient, connectToBridge } from '../bridge-client.js';
import type { CliIo } from '../io.js';
import { namedPeople } from '../named-people.js';
import { json } from '../output.js';
import { type QueriedPerson, queryTable } from '../query-table.js';
import { Reported } from '../reported.js';
import { WORDS_OPTION } from '../words-option.js';

const SOMEBODY_MISSING = ERROR_CODES.DIRECTORY_NOBODY.exit;

/** Each is a request of its own. */
const MAX_EXPLAINED = 100;

const HELP = `
Examples:
  $ presence-bridge query "Ana Reyes/Sales/Contoso" ben@contoso.example
  $ presence-bridge query --file team.txt --words mistatus,graph --json
  $ cut -f2 team.tsv | presence-bridge query -
  $ presence-bridge query --list help-desk
  $ presence-bridge query --why ana@contoso.example
  $ presence-bridge query ana@contoso.example --url https://bridge.contoso.example --token-file crm.token

A person is a Notes name in any spelling, a SIP or mail address, or a common name that
only one person has; in files one on each line. At most ${MAX_ASKED.toLocaleString('en')} of them, ${MAX_EXPLAINED} with --why.
Lists are "everybody", "group:<name>" and those of the configuration.

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
    .addOption(new Option('--list <id>', 'everybody on a list, instead of names').conflicts(['file', 'why']))
    .option('--why', 'with the rule that decided, and one sentence')
    .option(...WORDS_OPTION)
    .option('--config <file>', 'configuration of the bridge; tells where it listens', 'bridge.yaml')
    .option('--url <address>', 'address of the bridge, instead of the configuration')
    .option('--token-file <file>', 'file that holds the access token, with --url')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', HELP)
    .action(async (who, options) => {
      const words = options.words ?? [];
      if (options.list !== undefined) {
        if (who.length > 0) throw new BridgeError('CLI_USAGE', 'Names and --list do not go together.');
        const list = await connectToBridge(options).list(options.list, words);
        io.out(
          options.json ? json({ ok: true, ...list }) : queryTable(io, { at: list.at, people: rowsOf(list) }, words),
        );
        return;
      }
      const people = await namedPeople(who, options.file, io);
      if (people.length === 0) {
        throw new BridgeError('CLI_USAGE', 'Nobody is named: a name, an address, --file or --list is missing.');
      }
      if (options.why && people.length > MAX_EXPLAINED) {
        throw new BridgeError('CLI_USAGE', `At most ${MAX_EXPLAINED} people can be explained at once.`);
      }
      const bridge = connectToBridge(options);
      const answer = await bridge.query(people, words);
      const shown = options.why ? { ...answer, people: await explained(answer, bridge) } : answer;
      io.out(options.json ? json({ ok: true, ...shown }) : queryTable(io, shown, words));
      if (answer.people.some(({ found }) => !found)) throw new Reported(SOMEBODY_MISSING);
    });
}

function rowsOf({ members }: ListAnswer): readonly QueriedPerson[] {
  return members.map((member) => ({ ...member, query: nameOf(member) }));
}

function nameOf({ name, displayName, address }: Member): string {
  const read = parseNotesName(name ?? '');
  return read.ok ? abbreviated(read.value) : (displayName ?? address);
}

/** One after the other, so that the bridge is not asked for a hundred things at once. */
async function explained(
  { people }: PeopleAnswer,
  bridge: Pick<BridgeApiClient, 'why'>,
): Promise<readonly (PersonAnswer & QueriedPerson)[]> {
  const result: (PersonAnswer & QueriedPerson)[] = [];
  for (const person of people) {
    if (!person.found || person.address === undefined) {
      result.push(person);
      continue;
    }
    const { rule, says, ocs, application, list } = await bridge.why(person.address);
    result.push({ ...person, why: { rule, says, ocs, application, list } });
  }
  return result;
}
