import { describe, expect, test } from 'vitest';
import { castOf } from '../../../src/ocs/simulator/cast.js';
import { DayPlayer, type Pace } from '../../../src/ocs/simulator/player.js';
import type { SimulatedPresence } from '../../../src/ocs/simulator/presence/simulated-presence.js';
import { workingDayOf } from '../../../src/ocs/simulator/working-day.js';
import type { SipUri } from '../../../src/presence/ids.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

const cast = castOf(12);
const wholeDay: Pace = { kind: 'compressed', fromMinute: 0, toMinute: 1440, durationMs: 20_000, afterwards: 'stop' };

function stageOn(clock: SimulatedClock) {
  const calls: { uri: SipUri; presence: SimulatedPresence; at: number }[] = [];
  return {
    calls,
    setPerson: (uri: SipUri, presence: SimulatedPresence) => void calls.push({ uri, presence, at: clock.now() }),
  };
}

describe('DayPlayer', () => {
  test('plays a whole day in twenty seconds, every change in order and in time', async () => {
    const clock = new SimulatedClock();
    const start = clock.now();
    const stage = stageOn(clock);
    const player = new DayPlayer({ cast, stage, clock, pace: wholeDay, seed: 1 });
    player.start();
    await clock.advance(20_000);
    await player.finished;
    for (const member of cast) {
      const played = stage.calls.filter(({ uri }) => uri === member.uri);
      const day = workingDayOf(member, 1);
      expect(played.map(({ presence }) => presence)).toEqual(day.map(({ presence }) => presence));
      for (const [at, { minute }] of day.entries()) {
        expect(((played[at]?.at ?? 0) - start) / 20_000).toBeCloseTo(minute / 1440, 6);
      }
    }
    expect(player.played).toBe(stage.calls.length - cast.length);
    expect(clock.pendingTimers).toBe(0);
  });

  test('puts everybody in place at once when the day is well under way', () => {
    const clock = new SimulatedClock();
    const stage = stageOn(clock);
    const pace = { ...wholeDay, fromMinute: 12 * 60 };
    new DayPlayer({ cast, stage, clock, pace, seed: 1 }).start();
    expect(stage.calls.map(({ presence }) => presence)).toEqual(
      cast.map((member) => workingDayOf(member, 1).findLast(({ minute }) => minute <= 12 * 60)?.presence),
    );
  });

  test('goes on with another day when told so', async () => {
    const clock = new SimulatedClock();
    const stage = stageOn(clock);
    const player = new DayPlayer({ cast, stage, clock, pace: { ...wholeDay, afterwards: 'next-day' }, seed: 1 });
    player.start();
    await clock.advance(39_000);
    const days = [1, 2].map((seed) => cast.reduce((sum, member) => sum + workingDayOf(member, seed).length, 0));
    expect(stage.calls.length).toBe((days[0] ?? 0) + (days[1] ?? 0));
    player.stop();
    await player.finished;
  });

  test('plays nothing after it was stopped', async () => {
    const clock = new SimulatedClock();
    const stage = stageOn(clock);
    const player = new DayPlayer({ cast, stage, clock, pace: wholeDay, seed: 1 });
    player.start();
    await clock.advance(9000);
    player.stop();
    const before = stage.calls.length;
    await clock.advance(20_000);
    expect(stage.calls.length).toBe(before);
    await player.finished;
  });

  test('follows the local time of day, and goes on after midnight', async () => {
    const clock = new SimulatedClock(new Date(2026, 0, 5, 11, 30, 20).getTime());
    const stage = stageOn(clock);
    const player = new DayPlayer({ cast, stage, clock, pace: { kind: 'wall-clock' }, seed: 1 });
    player.start();
    const opening = stage.calls.length;
    await clock.advance(90 * 60_000);
    const later = stage.calls.slice(opening);
    expect(later.length).toBeGreaterThan(3);
    for (const { at } of later) expect(new Date(at).getSeconds()).toBe(0);
    await clock.advance(24 * 3_600_000);
    const nextMorning = new Date(2026, 0, 6, 6).getTime();
    expect(stage.calls.some(({ at, presence }) => at > nextMorning && presence.availability === 3500)).toBe(true);
    player.stop();
  });
});
