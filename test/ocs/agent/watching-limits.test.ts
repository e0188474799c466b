import { expect, test } from 'vitest';
import { RequestBudget } from '../../../src/ocs/agent/request-budget.js';
import type { SipUri } from '../../../src/presence/ids.js';
import { sip } from '../../support/people.js';
import { CATEGORIES, LIST, listOf, stateOf, WatcherBench } from '../../support/watcher-bench.js';

const PEOPLE = Array.from({ length: 100 }, (_, index) => sip(`p${index}@contoso.example`));
const [ANA, BEN, CLEO] = PEOPLE as [SipUri, SipUri, SipUri];
const MINUTE = 60_000;
const TOO_MANY = 'ms-diagnostics: 2012;reason="Category subscription limit";source="fe1"';
const LIMITED = 'state="terminated" reason="subscription limit"';

const isFetch = ({ draft }: { readonly draft: { readonly headers: readonly string[] } }): boolean =>
  draft.headers.includes('Expires: 0');

/** Ana and Ben in a batch, Ana with too many watchers. */
async function limited(): Promise<WatcherBench> {
  const bench = new WatcherBench();
  bench.watch(ANA, BEN);
  bench.reply(0, 200, listOf([ANA, LIMITED], [BEN, 'state="active"']), LIST);
  bench.take();
  await bench.clock.advance(1_000);
  return bench;
}

test('asks from time to time about a person who has too many watchers, and leaves the others alone', async () => {
  const bench = await limited();
  expect(bench.take().map((sent) => [sent.people, isFetch(sent)])).toEqual([[[ANA], true]]);
  bench.reply(1, 200, stateOf(ANA));
  expect(bench.seen).toEqual([{ uri: ANA, authoritative: true }]);
  await bench.clock.advance(5 * MINUTE - 1_500);
  expect(bench.take()).toHaveLength(0);
  await bench.clock.advance(1_500);
  expect(bench.take()).toHaveLength(1);
  expect(bench.lost).toEqual([]);
  expect(bench.watcher.counts()).toEqual({ dialogs: 2, subscribed: 1, categorySubscriptions: 1, polled: 1 });
});

test('loses a polled person when a question brings nothing, and has them back with the next that does', async () => {
  const bench = await limited();
  bench.reply(1, 200, stateOf(ANA));
  await bench.clock.advance(5 * MINUTE);
  bench.reply(2, 503);
  expect(bench.lost).toEqual([{ uris: [ANA], reason: 'refused with 503' }]);
  await bench.clock.advance(5 * MINUTE);
  bench.sent[3]?.answer('timeout');
  expect(bench.lost.at(-1)).toEqual({ uris: [ANA], reason: 'unanswered' });
  await bench.clock.advance(5 * MINUTE);
  bench.reply(4, 200, listOf([ANA, 'state="terminated" reason="noresource"']), LIST);
  expect(bench.lost.at(-1)).toEqual({ uris: [ANA], reason: 'noresource' });
  await bench.clock.advance(5 * MINUTE);
  bench.reply(5, 200, stateOf(ANA));
  expect(bench.lost).toHaveLength(3);
  expect(bench.seen).toHaveLength(2);
});

test('takes what a question owes from the notification that follows, or loses the person when none does', async () => {
  const bench = await limited();
  bench.reply(1, 200);
  expect(bench.notice(1, stateOf(ANA), { method: 'NOTIFY', state: 'terminated;reason=timeout' })).toBe(true);
  expect(bench.seen).toEqual([{ uri: ANA, authoritative: true }]);
  expect(bench.notice(1, stateOf(ANA))).toBe(false);
  await bench.clock.advance(5 * MINUTE);
  bench.reply(2, 200);
  await bench.clock.advance(32_000);
  expect(bench.lost).toEqual([{ uris: [ANA], reason: 'no notification' }]);
});

test('stops asking about a person who leaves the roster', async () => {
  const bench = await limited();
  bench.reply(1, 200, stateOf(ANA));
  bench.watch(BEN);
  bench.take();
  await bench.clock.advance(60 * MINUTE);
  expect(bench.take()).toEqual([]);
  expect(bench.watcher.counts().polled).toBe(0);
});

test('tries a subscription again after an hour without losing the person meanwhile', async () => {
  const bench = await limited();
  for (let index = 1; !bench.sent.some((sent, at) => at > 0 && !isFetch(sent)); index++) {
    if (bench.sent[index] !== undefined) bench.reply(index, 200, stateOf(ANA));
    await bench.clock.advance(5 * MINUTE);
  }
  const again = bench.sent.findIndex((sent, at) => at > 0 && !isFetch(sent));
  expect(bench.sent[again]?.people).toEqual([ANA]);
  expect(bench.clock.monotonic()).toBeGreaterThan(60 * MINUTE);
  bench.reply(again, 200, listOf([ANA, LIMITED]), LIST);
  await bench.clock.advance(2_000);
  expect(isFetch(bench.sent.at(-1) ?? { draft: { headers: [] } })).toBe(true);
  expect(bench.lost).toEqual([]);
});

test('finds the three of a hundred who have too many watchers when the server refuses the whole batch', async () => {
  const bench = new WatcherBench();
  const full = [PEOPLE[7], PEOPLE[50], PEOPLE[93]];
  bench.watch(...PEOPLE);
  const answerAll = (from: number): void => {
    for (let index = from; index < bench.sent.length; index++) {
      const refused = bench.sent[index]?.people.some((uri) => full.includes(uri as SipUri));
      bench.reply(index, refused ? 403 : 200, '', CATEGORIES, refused ? [TOO_MANY] : []);
    }
  };
  answerAll(0);
  expect(bench.watcher.counts()).toMatchObject({ subscribed: 97, polled: 3 });
  // Each of three costs two questions for each halving at most.
  expect(bench.sent.length).toBeLessThan(3 * 2 * Math.ceil(Math.log2(100)) + 1);
  const before = bench.sent.length;
  await bench.clock.advance(1_000);
  expect(bench.sent.slice(before).map(({ people }) => people.toSorted())).toEqual([full.toSorted()]);
  expect(bench.lost).toEqual([]);
});

test('polls everybody in batches when it is our own limit, after few tries', async () => {
  const bench = new WatcherBench({ batchSize: 50 });
  bench.watch(...PEOPLE);
  for (let index = 0; index < bench.sent.length; index++) bench.reply(index, 403, '', CATEGORIES, [TOO_MANY]);
  expect(bench.watcher.counts()).toMatchObject({ subscribed: 0, polled: 100 });
  expect(bench.sent.length).toBeLessThan(120);
  expect(bench.clock.pendingTimers).toBe(1);
});

test('halves a question that is refused because of one of many', async () => {
  const bench = new WatcherBench();
  bench.watch(ANA, BEN, CLEO);
  bench.reply(0, 200, listOf([ANA, LIMITED], [BEN, LIMITED], [CLEO, LIMITED]), LIST);
  await bench.clock.advance(1_000);
  const first = bench.sent.findIndex(isFetch);
  for (let index = first; index < bench.sent.length; index++) {
    const { people = [] } = bench.sent[index] ?? {};
    if (!isFetch(bench.sent[index] ?? { draft: { headers: [] } })) continue;
    if (people.includes(CLEO)) bench.reply(index, 400);
    else if (people.length > 0) for (const uri of people) bench.reply(index, 200, stateOf(uri as SipUri));
  }
  expect(bench.lost.flatMap(({ uris }) => uris)).toContain(CLEO);
});

test('never lets more requests leave in a second than the budget has, for 20,000 people', async () => {
  const bench = new WatcherBench({ maxInFlight: 50, budget: (clock) => new RequestBudget(10, clock) });
  const times: number[] = [];
  bench.watch(...Array.from({ length: 20_000 }, (_, index) => sip(`q${index}@contoso.example`)));
  for (let second = 0, next = 0; second < 30; second++) {
    for (; next < bench.sent.length; next++) {
      times.push(bench.clock.monotonic());
      bench.reply(next, 200);
    }
    await bench.clock.advance(1_000);
  }
  expect(bench.watcher.counts().subscribed).toBe(20_000);
  times.forEach((time, index) => {
    const before = times[index - 10];
    if (before !== undefined) expect(time - before).toBeGreaterThanOrEqual(1_000);
  });
});

test('signs off from as many dialogs as may leave at once, and leaves the rest to the end of the registration', async () => {
  const bench = new WatcherBench({ batchSize: 10, maxInFlight: 50, budget: (clock) => new RequestBudget(4, clock) });
  bench.watch(...PEOPLE);
  for (let next = 0; next < 10; ) {
    for (; next < bench.sent.length; next++) bench.reply(next, 200);
    await bench.clock.advance(1_000);
  }
  bench.take();
  bench.watcher.signOff();
  expect(bench.take().filter(isFetch)).toHaveLength(4);
  await bench.clock.advance(10_000);
  expect(bench.take()).toEqual([]);
  expect(bench.clock.pendingTimers).toBe(0);
});
