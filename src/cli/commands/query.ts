import { createReadStream } from 'node:fs';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { MAX_ASKED, MAX_QUERY_BODY } from '../../bridge/api/query-schemas.js';
import { BridgeError, ERROR_CODES } from '../../presence/errors.js';
import { VOCABULARIES, type Vocabulary } from '../../presence/vocabularies.js';
import { connectToBridge } from '../bridge-client.js';
import type { CliIo } from '../io.js';
import { json } from '../output.js';
import { queryTable } from '../query-table.js';
import { readInput } from '../read-input.js';
import { Reported } from '../reported.js';

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
    .option('--words <words>', `in words of other programs too: ${VOCABULARIES.join(', ')}`, words)
    .option('--config <file>', 'configuration of the bridge; tells where it listens', 'bridge.yaml')
    .option('--url <address>', 'address of the bridge, instead of the configuration')
    .option('--token-file <file>', 'file that holds the access token, with --url')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', HELP)
    .action(async (who, options) => {
      const people = await named(who, options.file, io);
      const answer = await connectToBridge(options).query(people, options.words ?? []);
      if (options.json) io.out(json({ ok: true, ...answer }));
      else io.out(queryTable(io, answer, options.words ?? []));
      if (answer.people.some(({ found }) => !found)) throw new Reported(SOMEBODY_MISSING);
    });
}

function words(text: string): readonly Vocabulary[] {
  const asked = text.split(',').map((word) => word.trim());
  const known = VOCABULARIES.filter((word) => asked.includes(word));
  const wrong = asked.find((word) => !known.some((one) => one === word));
  if (wrong === undefined) return known;
  throw new InvalidArgumentError(`"${wrong}" is none of ${VOCABULARIES.join(', ')}.`);
}

/** Everybody who is named, in the order of the command line, those of the file last. Throws `CLI_USAGE`. */
async function named(who: readonly string[], file: string | undefined, io: CliIo): Promise<readonly string[]> {
  const places = [...who.map((one) => (one === '-' ? fromInput : one)), ...fileOf(file)];
  if (places.filter((place) => place === fromInput).length > 1) {
    throw new BridgeError('CLI_USAGE', 'Standard input can be read only once.');
  }
  const people: string[] = [];
  for (const place of places) {
    if (typeof place === 'string') people.push(place);
    else people.push(...linesOf(await place(io)));
  }
  if (people.length === 0)
    throw new BridgeError('CLI_USAGE', 'Nobody is named: a name, an address or --file is missing.');
  if (people.length > MAX_ASKED) {
    throw new BridgeError('CLI_USAGE', `${people.length} people are named; at most ${MAX_ASKED} may be.`);
  }
  return people;
}

type Source = (io: CliIo) => Promise<string>;

const fromInput: Source = (io) => io.input(MAX_QUERY_BODY);

function fileOf(file: string | undefined): readonly Source[] {
  if (file === undefined) return [];
  return [file === '-' ? fromInput : () => readNames(file)];
}

async function readNames(file: string): Promise<string> {
  try {
    return await readInput(createReadStream(file), MAX_QUERY_BODY, file);
  } catch (cause) {
    if (cause instanceof BridgeError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new BridgeError('CLI_USAGE', `the file ${file} cannot be read: ${code}`, { cause });
  }
}

/** Lines that say something. Editors of Windows begin a file with a byte order mark. */
function linesOf(text: string): readonly string[] {
  return text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
