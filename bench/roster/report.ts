import { machine } from '../machine.js';
import { short } from '../statistics.js';
import type { RosterFigures, RosterOptions } from './run.js';

/** Octets for each watched person beyond the strings that name people. */
const MEMORY_FLOOR = 400;

export interface RosterGoal {
  readonly text: string;
  readonly met: boolean;
}

export function rosterGoals(figures: RosterFigures, { requestsPerSecond }: RosterOptions): readonly RosterGoal[] {
  const { octetsPerPerson, busiestSecond, storm } = figures;
  return [
    {
      text: `at most ${MEMORY_FLOOR} octets for each watched person: ${short(octetsPerPerson)}`,
      met: octetsPerPerson <= MEMORY_FLOOR,
    },
    {
      text: `never more than ${requestsPerSecond} requests within a second: ${busiestSecond}`,
      met: busiestSecond <= requestsPerSecond,
    },
    { text: `no change missed: ${storm.missed} of ${storm.changes}`, met: storm.missed === 0 },
  ];
}

/** The section of `docs/reference/performance.md`. */
export function rosterSection(figures: RosterFigures, options: RosterOptions): string {
  const { snapshot, octetsPerPerson, storm, restart, busiestSecond, longestStopMs } = figures;
  const row = (what: string, value: string): string => `| ${what} | ${value} |`;
  return `## Roster: one bridge and many people

One process of the bridge (source, engine, a store that confirms at once) watches ${options.people} people on the simulated
server, over TLS with signatures: it signs in, lives through a storm of ${options.changesPerSecond} changes a second for
${options.stormSeconds} s, and through a restart of the pool. The server is a process of its own.

${machine()}

| figure | value |
|---|---:|
${[
  row('from the roster to every status, seconds', short(snapshot.seconds)),
  row('CPU in it, seconds', short(snapshot.cpuSeconds)),
  row('octets for each person beyond the strings that name people', short(octetsPerPerson)),
  row(
    'from a change at the server to its arrival, ms, median / 99 %',
    `${short(storm.latencyMs.p50)} / ${short(storm.latencyMs.p99)}`,
  ),
  row('CPU during the storm, part of a core', `${short(storm.cpu * 100)} %`),
  row('from the return of the pool to every status, seconds (start delay included)', short(restart.seconds)),
  row('most requests within a second', String(busiestSecond)),
  row('longest stop of the event loop, ms', short(longestStopMs)),
].join('\n')}

The first line and the last but two are the server's budget, not work: ${options.people} people are
${Math.ceil(options.people / 100)} requests at ${options.requestsPerSecond} a second.

### Goals

${rosterGoals(figures, options)
  .map(({ text, met }) => `- ${text}, ${met ? 'met' : '**missed**'}`)
  .join('\n')}
`;
}
