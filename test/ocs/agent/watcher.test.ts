import { beforeEach, describe, expect, test } from 'vitest';
import { type SipUri, sipKeyOf } from '../../../src/presence/ids.js';
import { sip } from '../../support/people.js';
import { CATEGORIES, listOf, stateOf, WatcherBench } from '../../support/watcher-bench.js';

const PEOPLE = Array.from({ length: 12 }, (_, index) => sip(`p${index}@contoso.example`));
const [ANA, BEN, CLEO] = PEOPLE as [SipUri, SipUri, SipUri];

let bench: WatcherBench;
beforeEach(() => {
  bench = new WatcherBench();
});

describe('watcher', () => {
  test('covers the roster with batches and lets only so many requests be under way', () => {
    bench = new WatcherBench({ batchSize: 2, maxInFlight: 3 });
    bench.watch(...PEOPLE);
    expect(bench.sent.map(({ people }) => people.length)).toEqual([2, 2, 2]);
    bench.reply(0, 200);
    bench.reply(1, 503);
    expect(bench.sent).toHaveLength(5);
  });

  test('takes the piggybacked state as the truth and later ones as changes', () => {
    bench.watch(ANA);
    bench.reply(0, 200, stateOf(ANA));
    expect(bench.notify(0, stateOf(ANA, 6500))).toBe(true);
    expect(bench.seen.map(({ authoritative }) => authoritative)).toEqual([true, false]);
  });

  test('takes the first notification as the truth when nothing was piggybacked', () => {
    bench.watch(ANA);
    bench.reply(0, 200);
    bench.notify(0, stateOf(ANA));
    bench.notify(0, stateOf(ANA));
    expect(bench.seen.map(({ authoritative }) => authoritative)).toEqual([true, false]);
  });

  test('does not take a change for the whole truth after people were removed', () => {
    bench.watch(ANA, BEN);
    bench.reply(0, 200, stateOf(ANA));
    bench.watch(ANA);
    bench.reply(1, 200);
    bench.notify(0, stateOf(ANA));
    expect(bench.seen.at(-1)?.authoritative).toBe(false);
  });

  test('accepts a notification that overtakes the answer to its SUBSCRIBE', () => {
    bench.watch(ANA);
    expect(bench.notify(0, stateOf(ANA))).toBe(true);
    expect(bench.seen).toEqual([{ uri: ANA, authoritative: true }]);
  });

  test('does not own notifications of other dialogs, or with a foreign tag', () => {
    bench.watch(ANA);
    bench.reply(0, 200);
    expect(bench.notify(0, stateOf(ANA), 'active', 'other')).toBe(false);
    bench.watch();
    bench.reply(1, 200);
    expect(bench.notify(0, stateOf(ANA))).toBe(false);
    expect(bench.seen).toEqual([]);
  });

  test('knows a person again whose address it had to escape', () => {
    const person = sip('müller@contoso.example');
    bench.watch(person);
    expect(bench.sent[0]?.people).toEqual(['sip:m%C3%BCller@contoso.example']);
    bench.reply(0, 200, stateOf(sip('m%C3%BCller@contoso.example')));
    bench.notify(0, stateOf(person));
    expect(bench.seen.map(({ uri }) => uri)).toEqual([person, person]);
    expect(bench.refused).toEqual([]);
  });

  test('counts a document that cannot be read and goes on', () => {
    bench.watch(ANA);
    bench.reply(0, 200, '<broken');
    expect(bench.refused).toEqual(['not-well-formed']);
    bench.notify(0, stateOf(ANA));
    expect(bench.seen).toHaveLength(1);
  });

  test('refreshes in the dialog with the contact that the server gave', async () => {
    bench.watch(ANA, BEN);
    bench.reply(0, 200);
    await bench.clock.advance(28_681_000);
    const { draft, people } = bench.sent[1] ?? {};
    expect(draft).toMatchObject({ requestUri: 'sip:fe0.contoso.example', toTag: 'T0', cseq: 2 });
    expect(draft?.callId).toBe(bench.sent[0]?.draft.callId);
    expect(people).toEqual([ANA, BEN]);
  });

  test('opens a dialog of its own for a person whom the batch cannot serve, without asking for lists', () => {
    bench.watch(ANA, BEN);
    bench.reply(0, 200, listOf([ANA, 'state="active"'], [BEN, 'state="resubscribe"']), 'application/rlmi+xml');
    const { draft, people } = bench.sent[1] ?? {};
    expect(draft?.requestUri).toBe(BEN);
    expect(draft?.headers.join()).not.toContain('Require: adhoclist');
    expect(draft?.callId).not.toBe(bench.sent[0]?.draft.callId);
    expect(people).toEqual([BEN]);
  });

  test('goes to another pool in one batch for all people there', () => {
    bench = new WatcherBench({ maxInFlight: 1 });
    bench.watch(ANA, BEN, CLEO);
    const moved = 'state="resubscribe" poolFqdn="pool2.contoso.example"';
    bench.reply(0, 200, listOf([ANA, 'state="active"'], [BEN, moved], [CLEO, moved]), 'application/rlmi+xml');
    expect(bench.sent[1]?.draft.requestUri).toBe('sip:pool2.contoso.example');
    expect(bench.sent.slice(1).map(({ people }) => people)).toEqual([[BEN, CLEO]]);
  });

  test('refuses a pool name that is none', () => {
    bench.watch(ANA, BEN);
    bench.reply(0, 200, listOf([BEN, 'state="resubscribe" poolFqdn="a b&#13;&#10;c"']), 'application/rlmi+xml');
    expect(bench.sent).toHaveLength(1);
    expect(bench.lost).toHaveLength(1);
  });

  test('stops following a person who is sent from server to server', () => {
    bench.watch(ANA);
    for (let turn = 0; turn < 3; turn++) {
      const moved = `state="resubscribe" poolFqdn="pool${turn}.contoso.example"`;
      bench.reply(bench.sent.length - 1, 200, listOf([ANA, moved]), 'application/rlmi+xml');
      // Each dialog that lost its person is closed; the newest one opens.
      const opened = bench.sent.findLastIndex(({ people }) => people.length > 0);
      expect(bench.sent[opened]?.draft.requestUri).toBe(`sip:pool${turn}.contoso.example`);
      if (opened !== bench.sent.length - 1) bench.sent.push(...bench.sent.splice(opened, 1));
    }
    const before = bench.sent.length;
    bench.reply(before - 1, 200, listOf([ANA, 'state="resubscribe" poolFqdn="p.example"']), 'application/rlmi+xml');
    expect(bench.lost.at(-1)).toEqual({ uris: [ANA], reason: 'sent from server to server' });
    expect(bench.sent.slice(before).flatMap(({ people }) => people)).toEqual([]);
  });

  test('finds the one bad address of a batch, and loses only that one', () => {
    const bad = PEOPLE[7];
    bench.watch(...PEOPLE);
    for (let index = 0; index < bench.sent.length; index++) {
      bench.reply(index, bench.sent[index]?.people.includes(bad ?? '') ? 400 : 200);
    }
    expect(bench.lost).toEqual([{ uris: [bad], reason: 'refused with 400' }]);
    expect(bench.sent.length).toBeLessThan(12);
  });

  test('finds the bad addresses even when every batch holds one', () => {
    bench = new WatcherBench({ batchSize: 10, maxInFlight: 8 });
    const everybody = Array.from({ length: 600 }, (_, index) => sip(`q${index}@contoso.example`));
    const bad = everybody.filter((_, index) => index % 10 === 3);
    bench.watch(...everybody);
    for (let index = 0; index < bench.sent.length; index++) {
      const spoilt = bench.sent[index]?.people.some((uri) => bad.includes(uri as SipUri));
      bench.reply(index, spoilt ? 400 : 200);
    }
    expect(bench.lost.flatMap(({ uris }) => uris).toSorted()).toEqual(bad.toSorted());
  });

  test('does not keep a status for long when the halves of its batch cannot be opened', async () => {
    bench.watch(ANA, BEN);
    bench.reply(0, 200, stateOf(ANA));
    await bench.clock.advance(28_681_000);
    bench.reply(1, 400);
    bench.reply(2, 400);
    bench.reply(3, 503, '', CATEGORIES, ['Retry-After: 600']);
    bench.reply(4, 200);
    await bench.clock.advance(29_000);
    expect(bench.lost).toEqual([]);
    await bench.clock.advance(2_000);
    expect(bench.lost).toEqual([{ uris: [ANA], reason: 'expired' }]);
  });

  test('believes a document only about people whom its dialog covers', () => {
    bench = new WatcherBench({ batchSize: 1 });
    bench.watch(ANA, BEN);
    bench.reply(0, 200, stateOf(BEN));
    bench.notify(1, stateOf(CLEO));
    bench.notify(1, stateOf(BEN));
    expect(bench.seen.map(({ uri }) => uri)).toEqual([BEN]);
    expect(bench.refused).toEqual(['other-person', 'other-person']);
  });

  test('logs of a diagnostic what is not about a person', () => {
    bench.watch(ANA);
    bench.reply(0, 404, '', CATEGORIES, [
      `ms-diagnostics: 1003;reason="User does not exist";destination="ana@contoso.example";source="fe1.contoso.example"`,
    ]);
    const refusals = bench.log.entries.filter(({ event }) => event === 'ocs.subscribe-refused');
    expect(refusals.map(({ fields }) => fields?.['diagnostics'])).toEqual([
      '1003;reason="User does not exist";source="fe1.contoso.example"',
    ]);
  });

  test('gives up halving when no address at all is accepted', () => {
    bench = new WatcherBench({ batchSize: 1000, maxInFlight: 1 });
    bench.watch(...Array.from({ length: 1000 }, (_, index) => sip(`q${index}@contoso.example`)));
    for (let index = 0; index < bench.sent.length; index++) bench.reply(index, 400);
    expect(bench.sent.length).toBeLessThan(80);
    expect(new Set(bench.lost.flatMap(({ uris }) => uris)).size).toBe(1000);
  });

  test('loses the people of a dialog that the server ends, and subscribes again', async () => {
    bench.watch(ANA);
    bench.reply(0, 200);
    bench.notify(0, '', 'terminated;reason=deactivated');
    expect(bench.lost).toEqual([{ uris: [ANA], reason: 'deactivated' }]);
    await bench.clock.advance(4_000);
    expect(bench.sent[1]?.draft).toMatchObject({ toTag: undefined, cseq: 1 });
    expect(bench.sent[1]?.draft.callId).not.toBe(bench.sent[0]?.draft.callId);
  });

  test('does not mistake a late answer of an old dialog for that of the new one', async () => {
    bench.watch(ANA);
    bench.notify(0, '', 'terminated;reason=deactivated');
    await bench.clock.advance(4_000);
    expect(bench.sent).toHaveLength(2);
    bench.reply(0, 200, stateOf(ANA));
    expect(bench.seen).toEqual([]);
    bench.reply(1, 200, stateOf(ANA));
    expect(bench.seen).toHaveLength(1);
  });

  test('asks for a new sign-in at 401 and reports a server that answers nothing', async () => {
    bench.watch(ANA);
    bench.reply(0, 401);
    expect(bench.signIns).toBe(1);
    for (let turn = 1; turn <= 3; turn++) {
      await bench.clock.advance(400_000);
      bench.sent[turn]?.answer('timeout');
    }
    expect(bench.failure?.code).toBe('OCS_TIMEOUT');
  });

  test('names nobody in its log but by key', () => {
    bench.watch(ANA, BEN);
    bench.reply(0, 403);
    bench.watch(ANA);
    bench.notify(0, '', 'terminated');
    const text = JSON.stringify(bench.log.entries.filter((entry) => entry.level !== 'debug'));
    expect(bench.log.entries.length).toBeGreaterThan(0);
    expect(text).not.toContain('@contoso.example');
    bench = new WatcherBench();
    bench.watch(ANA);
    bench.reply(0, 403);
    expect(JSON.stringify(bench.log.entries)).toContain(sipKeyOf(ANA));
  });

  test('closes every dialog when it signs off, and then is silent', async () => {
    bench = new WatcherBench({ batchSize: 1 });
    bench.watch(ANA, BEN);
    bench.reply(0, 200);
    bench.watcher.signOff();
    expect(bench.sent.slice(2).map(({ draft }) => draft.headers.includes('Expires: 0'))).toEqual([true]);
    bench.reply(1, 200, stateOf(BEN));
    await bench.clock.advance(100_000_000);
    expect(bench.sent).toHaveLength(3);
    expect(bench.seen).toEqual([]);
    expect(bench.clock.pendingTimers).toBe(0);
  });
});
