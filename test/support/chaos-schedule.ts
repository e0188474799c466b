import { seededRandom } from './simulated-clock.js';

/** What can go wrong, or be done by people, in a simulated world. */
export const FAULTS = [
  'domino-away',
  'domino-hangs',
  'domino-deaf',
  'domino-slow',
  'answers-lost',
  'writes-denied',
  'all-denied',
  'database-full',
  'database-read-only',
  'document-refused',
  'ocs-away',
  'ocs-slow',
  'person-lost',
  'person-interrupted',
  'document-edited',
  'document-deleted',
  'document-doubled',
  'document-in-conflict',
  'key-spoilt',
  'leaves-roster',
  'opts-out',
  'renamed',
  'comparison',
  'frozen',
  'killed',
  'restarted',
] as const;

export type FaultName = (typeof FAULTS)[number];

/** One fault. Times in seconds. */
export interface ScheduledFault {
  readonly at: number;
  readonly fault: FaultName;
  readonly length: number;
  /** Whom it strikes: a position in the roster. */
  readonly target: number;
}

export type Schedule = readonly ScheduledFault[];

export interface ScheduleOptions {
  readonly faults: number;
  /** Within so many seconds they begin. */
  readonly within: number;
  readonly people: number;
  readonly of?: readonly FaultName[];
}

/** The same for the same seed. */
export function scheduleOf(seed: number, options: ScheduleOptions): Schedule {
  const { unit } = seededRandom(seed);
  const { faults, within, people, of = FAULTS } = options;
  return Array.from({ length: faults }, (): ScheduledFault => {
    const fault = of[Math.floor(unit() * of.length)] ?? 'killed';
    // Most troubles are short; some outlast every patience.
    const longest = unit() < 0.25 ? 150 : 30;
    return {
      at: tenths(unit() * within),
      fault,
      length: tenths(0.5 + unit() * longest),
      target: Math.floor(unit() * people),
    };
  }).sort((a, b) => a.at - b.at);
}

function tenths(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}

/** For reports, and to be read again by `readSchedule`. */
export function writeSchedule(schedule: Schedule): string {
  return schedule.map(({ at, fault, length, target }) => `at ${at} s for ${length} s: ${fault} (${target})`).join('\n');
}

export function readSchedule(text: string): Schedule {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, at, length, fault, target] = /^\s*at ([\d.]+) s for ([\d.]+) s: ([a-z-]+) \((\d+)\)$/.exec(line) ?? [];
      if (!FAULTS.some((known) => known === fault)) throw new Error(`not a fault: ${line}`);
      return { at: Number(at), length: Number(length), fault: fault as FaultName, target: Number(target) };
    });
}

/** The schedule without everything that is not needed for a failure. */
export async function shrink(schedule: Schedule, fails: (shorter: Schedule) => Promise<boolean>): Promise<Schedule> {
  let smallest = schedule;
  for (let index = 0; index < smallest.length; ) {
    const shorter = smallest.filter((_, at) => at !== index);
    if (await fails(shorter)) smallest = shorter;
    else index++;
  }
  return smallest;
}
