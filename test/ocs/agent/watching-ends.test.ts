import { describe, expect, test } from 'vitest';
import { RequestBudget } from '../../../src/ocs/agent/request-budget.js';
import { secondsAsked } from '../../../src/ocs/agent/seconds-asked.js';
import type { SipUri } from '../../../src/presence/ids.js';
import { sip } from '../../support/people.js';
import { CATEGORIES, stateOf, WatcherBench } from '../../support/watcher-bench.js';

const ANA = sip('ana@contoso.example');
const HOUR = 3_600_000;

describe('a subscription that the server ends', () => {
  /** What stands behind `terminated`, and between which times another one is asked for, milliseconds. */
  const ends: readonly (readonly [string, number, number])[] = [
    ['', 0, 2_000],
    [';reason=deactivated', 0, 2_000],
    [';reason=timeout;retry-after=0', 0, 2_000],
    [';reason=timeout;retry-after=60', 60_000, 62_000],
    [';reason=timeout;retry-after=-7', 0, 2_000],
    [';reason=timeout;retry-after=soon', 0, 2_000],
    [';reason=timeout;retry-after=9223372036854775808', HOUR, HOUR + 2_000],
    [';reason=probation', 60_000, 62_000],
    [';reason=probation;retry-after=5', 60_000, 62_000],
    [';reason=giveup;retry-after=120', 120_000, 122_000],
    [';reason=rejected', HOUR, HOUR],
    [';reason=noresource', HOUR, HOUR],
    [';reason=invariant', HOUR, HOUR],
    [';reason=rejected;retry-after=9223372036854775808', 24 * HOUR, 24 * HOUR],
    [';reason=Of-Nobody-s-Making;retry-after=30', 30_000, 32_000],
  ];
  for (const [words, from, to] of ends) {
    test(`with "terminated${words}" is asked for again after ${from / 1000} seconds or little more`, async () => {
      const bench = new WatcherBench();
      bench.watch(ANA);
      bench.reply(0, 200, stateOf(ANA));
      bench.take();
      bench.notify(0, '', `terminated${words}`);
      expect(bench.lost.map(({ uris }) => uris)).toEqual([[ANA]]);
      await bench.clock.advance(Math.max(0, from - 1));
      expect(bench.take()).toHaveLength(0);
      await bench.clock.advance(to - from + 1);
      expect(bench.take()).toHaveLength(1);
    });
  }

  test('again and again is asked for less and less often', async () => {
    const bench = new WatcherBench();
    bench.watch(ANA);
    for (let second = 0, answered = 0; second < 3600; second++) {
      for (; answered < bench.sent.length; answered++) {
        bench.reply(answered, 200);
        bench.notify(answered, '', 'terminated;reason=timeout');
      }
      await bench.clock.advance(1_000);
    }
    expect(bench.sent.length).toBeLessThan(50);
  });

  test('by an Expires of 0 again and again is asked for less and less often', async () => {
    const bench = new WatcherBench();
    bench.watch(ANA);
    for (let second = 0, answered = 0; second < 3600; second++) {
      for (; answered < bench.sent.length; answered++) bench.reply(answered, 200, '', '', ['Expires: 0']);
      await bench.clock.advance(1_000);
    }
    expect(bench.sent.length).toBeLessThan(50);
  });
});

test('the time that is asked for is a long one when its number is too large, and none when it is no number', () => {
  expect(['120 (busy);duration=3600', '0', '9223372036854775808', '-1', 'x', '', undefined].map(secondsAsked)).toEqual([
    120,
    0,
    1_000_000_000,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test('one refresh that is lost on the way costs nobody the status', async () => {
  for (const expires of [600, 3600, 28_800]) {
    const bench = new WatcherBench();
    bench.watch(ANA);
    bench.reply(0, 200, stateOf(ANA), CATEGORIES, [`Expires: ${expires}`]);
    await bench.clock.advance(expires * 750);
    expect(bench.sent).toHaveLength(2);
    // Nothing comes until the transaction is given up.
    await bench.clock.advance(60_000);
    bench.sent[1]?.answer('timeout');
    await bench.clock.advance(3_000);
    bench.reply(2, 200, stateOf(ANA));
    await bench.clock.advance(expires * 250);
    expect(bench.lost).toEqual([]);
  }
});

test('half of a roster of 10,000 is exchanged within the budget, without a gap for the other half', async () => {
  const bench = new WatcherBench({ budget: (clock) => new RequestBudget(10, clock) });
  const everybody = Array.from({ length: 15_000 }, (_, index) => sip(`q${index}@contoso.example`));
  let answered = 0;
  const run = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      for (; answered < bench.sent.length; answered++) bench.reply(answered, 200);
      await bench.clock.advance(1_000);
    }
  };
  bench.watcher.watch(new Set(everybody.slice(0, 10_000)));
  await run(20);
  const before = bench.sent.length;
  const started = performance.now();
  const wanted = new Set<SipUri>(everybody.filter((_, index) => index % 2 === 0 || index >= 10_000));
  bench.watcher.watch(wanted);
  expect(performance.now() - started).toBeLessThan(1_000);
  await run(60);
  expect(bench.watcher.counts()).toMatchObject({ dialogs: 100, subscribed: wanted.size });
  // Each batch tells once who goes and once who comes.
  expect(bench.sent.length - before).toBeLessThanOrEqual(200);
  expect(bench.lost).toEqual([]);
});
