import { begin } from './chaos-faults.js';
import { type Schedule, type ScheduleOptions, scheduleOf, shrink, writeSchedule } from './chaos-schedule.js';
import type { ShownStatus } from './chaos-source.js';
import { DominoWorld, type WorldOptions } from './domino-world.js';
import { seededRandom } from './simulated-clock.js';

export interface ChaosOutcome {
  readonly violations: readonly string[];
  readonly longestStale: number;
  readonly mostCalls: number;
  readonly writes: number;
}

const SECOND = 1_000;
const WORDS: readonly ShownStatus[] = ['available', 'available', 'busy', 'away', 'do-not-disturb', 'offline'];

/**
 * Plays one schedule to its end while people change their presence every two seconds on average, lets quiet return, and
 * says what was wrong.
 */
export async function playSchedule(
  seed: number,
  schedule: Schedule,
  options: WorldOptions = {},
): Promise<ChaosOutcome> {
  const world = new DominoWorld({ seed, ...options });
  const { unit } = seededRandom(seed + 500_000);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(unit() * list.length)] as T;
  for (const one of world.people) world.becomes(one, pick(WORDS));
  for (const host of world.hosts) host.starts();
  const start = world.clock.monotonic();
  const due: { at: number; run: () => unknown }[] = schedule.map(({ at, fault, length, target }) => ({
    at: Math.round(at * SECOND),
    run: async () => {
      const end = await begin(world, fault, target);
      due.push({ at: Math.round((at + length) * SECOND), run: end });
      due.sort((a, b) => a.at - b.at);
    },
  }));
  due.sort((a, b) => a.at - b.at);
  try {
    for (let next = due.shift(); next !== undefined; next = due.shift()) {
      while (world.clock.monotonic() - start < next.at) {
        const left = next.at - (world.clock.monotonic() - start);
        await world.passes(Math.min(left, 200 + Math.floor(unit() * 3_600)));
        world.becomes(pick(world.people), pick(WORDS));
      }
      await next.run();
    }
    await world.quiet();
    for (const host of world.hosts) await world.stops(host);
  } catch (thrown) {
    world.checker.violated(`it ended with: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
  }
  const { violations, longestStale, mostCalls, writes } = world.checker;
  return { violations, longestStale, mostCalls, writes };
}

/** Everything that can go wrong, in three minutes, with a dozen people. */
export const PLAN: ScheduleOptions = { faults: 8, within: 180, people: 12 };

/** Plays schedules one after the other. Throws the report of the first that fails. */
export async function playSchedules(from: number, to: number, options: WorldOptions = {}): Promise<void> {
  for (let seed = from; seed <= to; seed++) {
    const schedule = scheduleOf(seed, PLAN);
    const { violations } = await playSchedule(seed, schedule, options);
    if (violations.length > 0) throw new Error(await reportOf(seed, schedule, options));
  }
}

/** What a failed schedule has to say, with the smallest schedule that fails too. */
export async function reportOf(seed: number, schedule: Schedule, options: WorldOptions = {}): Promise<string> {
  const fails = async (shorter: Schedule): Promise<boolean> =>
    (await playSchedule(seed, shorter, options)).violations.length > 0;
  const smallest = await shrink(schedule, fails);
  const { violations } = await playSchedule(seed, smallest, options);
  return [`seed ${seed}:`, ...violations, 'by', writeSchedule(smallest)].join('\n');
}
