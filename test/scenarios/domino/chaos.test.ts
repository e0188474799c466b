import { describe, expect, test } from 'vitest';
import { PLAN, playSchedules } from '../../support/chaos-run.js';
import { readSchedule, scheduleOf, writeSchedule } from '../../support/chaos-schedule.js';
import { DominoWorld } from '../../support/domino-world.js';

/** `CHAOS_SEEDS=1000` plays as many here, as the suite of long runs does; the number of one that fails is a bug report. */
const SEEDS = Number(process.env['CHAOS_SEEDS'] ?? 200);
const AT_ONCE = 50;

describe('whatever goes wrong, what must be true stays true', () => {
  for (const [who, options, seeds] of [
    ['one bridge', {}, SEEDS],
    ['a pair of bridges', { pair: true }, SEEDS / 4],
  ] as const) {
    for (let from = 1; from <= seeds; from += AT_ONCE) {
      const to = Math.min(from + AT_ONCE - 1, seeds);
      test(`for ${who}, schedules of faults ${from} to ${to}`, () => playSchedules(from, to, options), 120_000);
    }
  }

  test('a schedule that is written down can be read again', () => {
    const schedule = scheduleOf(7, PLAN);
    expect(readSchedule(writeSchedule(schedule))).toEqual(schedule);
  });
});

describe('the checker finds what is wrong', () => {
  test('somebody seen as available for too long, a second document, a status that is not true', async () => {
    const world = new DominoWorld({ config: { graceMs: 600_000, answerMs: 600_000 } });
    for (const one of world.people) world.becomes(one, 'available');
    world.starts();
    await world.until('convergence', 30_000, () => world.isConverged());
    const [document] = world.domino.people.values();
    const copy = { ...document?.items };
    await world.domino.byHand((database) => database.bulkCreateDocuments({ documents: [copy] }));
    world.kill();
    // A heartbeat from nowhere keeps the statuses of the dead fresh.
    for (const one of world.people) world.becomes(one, 'away');
    for (let beat = 0; beat < 8; beat++) {
      const WrittenAt = { type: 'datetime', data: `${new Date(world.now()).toISOString().slice(0, 19)}Z` };
      await world.domino.byHand((database) =>
        database.bulkReplaceItems({ query: "Form = 'PresenceBridge'", replaceItems: { WrittenAt } }),
      );
      await world.passes(20_000);
    }
    world.checker.atRest();
    const found = world.checker.violations.join('\n');
    for (const what of [/I1: .* is seen as available/, /I2: the document of .* says available/, /I3: .* has 2/]) {
      expect(found).toMatch(what);
    }
  });
});
