import { parseArgs } from 'node:util';
import { runLargeSite } from './domino/site/main.js';
import { runDominoWrite } from './domino/write/main.js';
import { runIngest } from './ingest-run.js';
import { runLoopDelay } from './loop-delay/run.js';
import { runNotifyOverTcp } from './notify/run.js';
import { runSuite } from './paired/run.js';
import { SUITES } from './paired/suites.js';
import { runRosterBenchmark } from './roster/main.js';
import { runStream } from './stream/main.js';

const HELP = `Measures the product beside bounds and peers, and says which goals are met.

  npm run bench -- <name> [--rounds 5] [--ms 200] [--contacts 1000,10000] [--write] [--check]

  ingest           octets of a message to a stored record
  sip-decode       octets of a message to its headers
  document-read    octets of a presence document, or of many in one body, to records
  sign-verify      what signatures cost
  notify-over-tcp  notifications received, decoded, stored and answered over TCP
  loop-delay       how long the event loop stops while four megabytes of any shape arrive
  roster           one bridge and 20,000 people: start, a storm, a restart of the pool; memory
  stream           1,000 applications that follow 5,000 people: cost of a change, memory, what it does to the documents
  domino-write     a change of status to its confirmed document, beside the bare bulk call
  large-site       50,000 people: start, restart of the pool, steady load, outage, exchange of the roster

  --rounds    how often each candidate runs; at least 5 for figures that are kept
  --ms        milliseconds for each candidate and round, where candidates share a process
  --contacts  numbers of people for "ingest", separated by commas
  --write     writes the section of docs/reference/performance.md
  --check     ends with exit code 1 when a floor is missed

Compiles the product into a temporary folder and installs the peers there from the package registry. Takes some minutes.
`;

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      ms: { type: 'string', default: '200' },
      contacts: { type: 'string', default: '1000,10000' },
      write: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [rounds = 0, ms = 0] = [values.rounds, values.ms].map(Number);
  const contacts = values.contacts.split(',').map(Number);
  if (![rounds, ms, ...contacts].every((count) => Number.isInteger(count) && count > 0)) {
    throw new Error('--rounds, --ms and --contacts take whole numbers above 0.');
  }
  return { ...values, rounds, ms, contacts, names: positionals };
}

type Options = ReturnType<typeof readArguments>;

/** To add one: an entry here, a line in the help, and its place on the page in page.ts. */
const BENCHMARKS: Readonly<Record<string, (options: Options) => Promise<void>>> = {
  ingest: runIngest,
  ...Object.fromEntries(SUITES.map((suite) => [suite.name, (options: Options) => runSuite(suite, options)])),
  'notify-over-tcp': runNotifyOverTcp,
  'loop-delay': runLoopDelay,
  roster: runRosterBenchmark,
  stream: runStream,
  'domino-write': runDominoWrite,
  'large-site': runLargeSite,
};

/** Says what is wrong, and how it is done. */
function misuse(problem: string): void {
  console.error(`${problem}\n\n${HELP}`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  let options: Options;
  try {
    options = readArguments();
  } catch (error) {
    return misuse(error instanceof Error ? error.message : String(error));
  }
  if (options.help) return console.log(HELP);
  const [name, ...more] = options.names;
  if (name === undefined) return misuse('Which benchmark?');
  if (more.length > 0) return misuse(`One benchmark at a time, not ${options.names.join(' and ')}.`);
  const run = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
  return run === undefined ? misuse(`There is no benchmark "${name}".`) : run(options);
}

await main();
