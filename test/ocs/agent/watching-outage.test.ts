import { beforeEach, describe, expect, test } from 'vitest';
import type { SipUri } from '../../../src/presence/ids.js';
import { sip } from '../../support/people.js';
import { CATEGORIES, stateOf, WatcherBench } from '../../support/watcher-bench.js';

const PEOPLE = Array.from({ length: 6 }, (_, index) => sip(`p${index}@contoso.example`));
const [ANA, , CLEO] = PEOPLE as [SipUri, SipUri, SipUri];
const MINUTE = 60_000;
const DOWN = 'ms-diagnostics: 1007;reason="Temporarily cannot route";source="fe1.contoso.example"';

let bench: WatcherBench;

/** Three batches of two; the first of them has learnt that the user services are down. */
beforeEach(async () => {
  bench = new WatcherBench({ batchSize: 2 });
  bench.watch(...PEOPLE);
  for (let index = 0; index < 3; index++) bench.reply(index, 200, stateOf(PEOPLE[index * 2] as SipUri));
  await bench.clock.advance(22_000_000);
  bench.take();
});

function lostPeople(): readonly SipUri[] {
  return bench.lost.flatMap(({ uris }) => uris).toSorted();
}

describe('while the user services are down behind a front end that stands', () => {
  beforeEach(() => {
    // Of the refreshes that have come due, the first is answered.
    bench.reply(3, 503, '', CATEGORIES, [DOWN]);
  });

  test('everybody is lost, and nothing is asked for ten minutes', async () => {
    expect(lostPeople()).toEqual(PEOPLE.toSorted());
    expect(new Set(bench.lost.map(({ reason }) => reason))).toEqual(new Set(['user services down']));
    for (let index = 4; index < bench.sent.length; index++) bench.reply(index, 504, '', CATEGORIES, [DOWN]);
    bench.take();
    await bench.clock.advance(10 * MINUTE);
    expect(bench.take()).toEqual([]);
    expect(bench.lost.flatMap(({ uris }) => uris)).toHaveLength(6);
  });

  test('new people wait too', async () => {
    bench.take();
    bench.watch(...PEOPLE, sip('dan@contoso.example'));
    await bench.clock.advance(10 * MINUTE);
    expect(bench.take()).toEqual([]);
  });

  test('a notification in one of the dialogs says that they are back: all is asked again in the dialogs', async () => {
    for (let index = 4; index < bench.sent.length; index++) bench.reply(index, 503, '', CATEGORIES, [DOWN]);
    await bench.clock.advance(5 * MINUTE);
    bench.take();
    expect(bench.notify(1, stateOf(CLEO, 6500))).toBe(true);
    expect(bench.seen.at(-1)?.uri).toBe(CLEO);
    await bench.clock.advance(5_000);
    const again = bench.take();
    expect(again.map(({ people }) => people.length)).toEqual([2, 2, 2]);
    expect(again.every(({ draft }) => draft.toTag !== undefined)).toBe(true);
  });

  test('services that come and go do not make it ask each time', async () => {
    for (let index = 4; index < bench.sent.length; index++) bench.reply(index, 503, '', CATEGORIES, [DOWN]);
    for (let turn = 0; turn < 10; turn++) {
      bench.notify(1, stateOf(CLEO));
      await bench.clock.advance(5_000);
      for (const sent of bench.take()) bench.reply(bench.sent.indexOf(sent), 503, '', CATEGORIES, [DOWN]);
    }
    expect(bench.sent.length).toBeLessThan(13);
  });

  test('it asks again after a quarter of an hour without any sign, and an answer brings all back', async () => {
    for (let index = 4; index < bench.sent.length; index++) bench.reply(index, 503, '', CATEGORIES, [DOWN]);
    bench.take();
    await bench.clock.advance(17 * MINUTE);
    const probes = bench.take();
    expect(probes.length).toBeGreaterThan(0);
    for (const sent of probes) bench.reply(bench.sent.indexOf(sent), 200, stateOf(sent.people[0] as SipUri));
    await bench.clock.advance(10_000);
    for (const sent of bench.take()) bench.reply(bench.sent.indexOf(sent), 200, stateOf(sent.people[0] as SipUri));
    expect(bench.watcher.counts().subscribed).toBe(6);
  });
});

test('a batch that is ended by "giveup" waits for its service, while others go on', async () => {
  bench = new WatcherBench({ batchSize: 2 });
  bench.watch(...PEOPLE);
  for (let index = 0; index < 3; index++) bench.reply(index, 200, stateOf(PEOPLE[index * 2] as SipUri));
  bench.take();
  bench.notice(0, '', { method: 'NOTIFY', state: 'terminated;reason=giveup' });
  expect(lostPeople()).toEqual(PEOPLE.slice(0, 2).toSorted());
  await bench.clock.advance(10 * MINUTE);
  expect(bench.take()).toEqual([]);
  bench.notify(1, stateOf(CLEO));
  await bench.clock.advance(5_000);
  expect(bench.take().map(({ people }) => people)).toEqual([PEOPLE.slice(0, 2)]);
});

test('an overload without word of the services is no outage', async () => {
  bench = new WatcherBench();
  bench.watch(ANA);
  bench.reply(0, 503, '', CATEGORIES, ['Retry-After: 30']);
  bench.take();
  await bench.clock.advance(33_000);
  expect(bench.take()).toHaveLength(1);
  expect(bench.lost).toEqual([]);
});
