import { machine } from '../../machine.js';
import { short } from '../../statistics.js';
import type { PhaseFigures, SiteFigures } from './main.js';
import { CHANGED_MEANWHILE, OUTAGE_SECONDS, STEADY_PER_SECOND, STEADY_SECONDS, SWEEP_PER_SECOND } from './words.js';

/** What work on all people may cost everybody else in the process, milliseconds beyond the idle process. */
const STOP_LIMIT_MS = 100;

export interface SiteGoal {
  readonly text: string;
  readonly met: boolean;
}

export function siteGoals({ people, exchanged, fill, phases, documents, keys }: SiteFigures): readonly SiteGoal[] {
  const { start, restart, steady, outage, exchange, directory } = phases;
  const firstStates = phases['first-states'];
  const writes = ({ created, changed, deleted }: PhaseFigures): number => created + changed + deleted;
  const goal = (text: string, value: number, met: boolean): SiteGoal => ({ text: `${text}: ${short(value)}`, met });
  const stop = Math.max(...[fill, ...Object.values(phases)].map(extraStop));
  const idle = writes(start) + writes(firstStates) + writes(directory);
  return [
    goal('every document is created once', fill.created, fill.created === people && fill.changed === 0),
    goal('writes where nothing changed (start, first states, directory)', idle, idle === 0),
    goal(
      'writes for each change at a restart of the pool',
      writes(restart) / restart.changes,
      writes(restart) <= restart.changes,
    ),
    goal('writes for each change at a steady pace', writes(steady) / steady.changes, writes(steady) <= steady.changes),
    goal(
      'documents turned to unknown within a second, at most',
      outage.busiestSecond,
      outage.busiestSecond <= 2 * SWEEP_PER_SECOND,
    ),
    goal(
      'documents created and removed at the exchange, for each person who came',
      writes(exchange) / exchanged,
      exchange.created === exchanged && exchange.deleted === exchanged && exchange.changed === 0,
    ),
    goal('second documents of a person', documents - keys, documents === keys && documents === people),
    goal(`longest stop beyond that of the idle process, ms, at most ${STOP_LIMIT_MS}`, stop, stop <= STOP_LIMIT_MS),
  ];
}

function extraStop({ bridge, control }: PhaseFigures): number {
  return Math.max(0, bridge.longestStopMs - control.longestStopMs);
}

/** The section of `docs/reference/performance.md`. */
export function siteSection(figures: SiteFigures): string {
  const { people, exchanged, fill, phases, emptyHeapMegabytes } = figures;
  const row = (what: string, { bridge, control, changes, created, changed, deleted }: PhaseFigures): string =>
    `| ${[
      what,
      short(bridge.wallSeconds),
      short(bridge.cpuSeconds),
      short(bridge.longestStopMs),
      short(control.longestStopMs),
      changes,
      created + changed + deleted,
    ].join(' | ')} |`;
  const { steady } = phases;
  const perPerson = ((steady.bridge.heapMegabytes - emptyHeapMegabytes) * 2 ** 20) / people;
  return `## Large site: ${people} people in documents and directory

The bridge as it runs (directory from ${people} Person documents, engine, store, driver, rows of the board), but for the OCS
client: what a pool would say is said in the process. Domino is a stand-in in a process of its own, over gRPC, in memory.
The stop of the event loop is the longest of the phase, by \`monitorEventLoopDelay\` with a resolution of 1 ms; the idle
process beside it does nothing, and what it is stopped for is the machine's doing.

${machine()}

| phase | seconds | CPU seconds | longest stop, ms | idle process, ms | changes | writes |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
${[
  row('first run: directory, and every document created', fill),
  row('start: directory and documents read and compared', phases.start),
  row('sign-in: first state of everybody, none changed', phases['first-states']),
  row(`restart of the pool: first states again, ${CHANGED_MEANWHILE * 100} % changed`, phases.restart),
  row(`${STEADY_PER_SECOND} changes a second for ${STEADY_SECONDS} s`, phases.steady),
  row(`outage: grace, then ${OUTAGE_SECONDS} s of turning to unknown, ${SWEEP_PER_SECOND} a second`, phases.outage),
  row('return: first states again', phases.return),
  row('directory read again, nothing changed', phases.directory),
  row(`exchange of ${exchanged} people by the directory`, phases.exchange),
].join('\n')}

| figure | value |
| --- | ---: |
| CPU at the steady pace, part of a core | ${short((steady.bridge.cpuSeconds / steady.bridge.wallSeconds) * 100)} % |
| resident memory after it, MB | ${short(steady.bridge.rssMegabytes)} |
| octets of heap for each person: names, directory, documents, rows of the board | ${short(perPerson)} |

### Goals of large-site

${siteGoals(figures)
  .map(({ text, met }) => `- ${text}, ${met ? 'met' : '**missed**'}`)
  .join('\n')}
`;
}
