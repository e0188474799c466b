import { writeSection } from '../page.js';
import { rosterGoals, rosterSection } from './report.js';
import { type RosterOptions, runRoster } from './run.js';

const PEOPLE = 20_000;
/** Ten changes a second for each 5,000 people, as on a working day. */
const CHANGES_PER_PERSON = 10 / 5_000;

/** Runs the roster benchmark once: it takes two minutes and is bounded by the server's budget, not by the machine. */
export async function runRosterBenchmark({
  people = PEOPLE,
  write,
  check,
}: {
  readonly people?: number;
  readonly write: boolean;
  readonly check: boolean;
}): Promise<void> {
  const options: RosterOptions = {
    people,
    changesPerSecond: Math.max(1, Math.round(people * CHANGES_PER_PERSON)),
    stormSeconds: 30,
    requestsPerSecond: 10,
    outageMs: 2_000,
    say: (line) => console.error(line),
  };
  const figures = await runRoster(options);
  const section = rosterSection(figures, options);
  console.log(section);
  if (write) writeSection('roster', section);
  if (check && rosterGoals(figures, options).some(({ met }) => !met)) process.exitCode = 1;
}
