import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { lcsDialect } from '../../../src/ocs/agent/dialects/lcs.js';
import { pidfDialect } from '../../../src/ocs/agent/dialects/pidf.js';
import type { SipUri } from '../../../src/presence/ids.js';
import { merge, type Snapshot, unknownSnapshot } from '../../../src/presence/snapshot.js';
import { sip } from '../../support/people.js';
import { LIST, listOf, listWith, type Notice, stateOf, WatcherBench } from '../../support/watcher-bench.js';

const [ANA, BEN, CLEO] = ['ana', 'ben', 'cleo'].map((name) => sip(`${name}@contoso.example`)) as [
  SipUri,
  SipUri,
  SipUri,
];
const ACTIVE = 'state="active"';
const NOTIFY: Notice = { method: 'NOTIFY' };

let bench: WatcherBench;

beforeEach(() => {
  bench = new WatcherBench();
  bench.watch(ANA, BEN);
  bench.reply(0, 200, stateOf(ANA));
  bench.take();
});

describe('a NOTIFY', () => {
  test('that comes twice counts once', () => {
    bench.notice(0, stateOf(ANA), { ...NOTIFY, cseq: 5 });
    expect(bench.notice(0, stateOf(ANA), { ...NOTIFY, cseq: 5 })).toBe(true);
    expect(bench.seen).toHaveLength(2);
    expect(bench.refused).toEqual(['repeated']);
    expect(bench.take()).toEqual([]);
  });

  test('that was overtaken is not believed, and makes us ask for everything, once a minute at most', async () => {
    bench.notice(0, stateOf(ANA), { ...NOTIFY, cseq: 5 });
    bench.notice(0, stateOf(BEN), { ...NOTIFY, cseq: 4 });
    expect(bench.seen).toHaveLength(2);
    expect(bench.refused).toEqual(['overtaken']);
    expect(bench.take().map(({ people }) => people)).toEqual([[ANA, BEN]]);
    bench.reply(1, 200, stateOf(BEN));
    for (let turn = 0; turn < 50; turn++) {
      bench.notice(0, stateOf(BEN), { ...NOTIFY, cseq: 3 });
      await bench.clock.advance(1_000);
    }
    expect(bench.take()).toEqual([]);
    await bench.clock.advance(11_000);
    expect(bench.take()).toHaveLength(1);
  });

  test('moves the target of the requests that follow', async () => {
    bench.notice(0, '', { ...NOTIFY, headers: ['Contact: <sip:fe9.contoso.example;transport=tls>'] });
    bench.watch(ANA);
    expect(bench.take()[0]?.draft.requestUri).toBe('sip:fe9.contoso.example;transport=tls');
  });

  test('starts a new count in a new dialog', async () => {
    bench.notice(0, '', { ...NOTIFY, cseq: 50, state: 'terminated;reason=deactivated' });
    await bench.clock.advance(5_000);
    bench.reply(1, 200, stateOf(ANA));
    bench.notice(1, stateOf(BEN), { ...NOTIFY, cseq: 1 });
    expect(bench.seen.at(-1)?.uri).toBe(BEN);
  });
});

test('the CSeq of a BENOTIFY says nothing', () => {
  bench.notice(0, stateOf(ANA), { cseq: 9 });
  bench.notice(0, stateOf(BEN), { cseq: 3 });
  expect(bench.seen).toHaveLength(3);
  expect(bench.refused).toEqual([]);
});

describe('a document that cannot be read', () => {
  const BROKEN = '<categories xmlns="http://schemas.microsoft.com/2006/09/sip/categories" uri="';

  test('makes us ask for everything in the dialog, once a minute at most', async () => {
    bench.notice(0, BROKEN);
    expect(bench.take().map(({ people }) => people)).toEqual([[ANA, BEN]]);
    bench.reply(1, 200, stateOf(BEN));
    for (let turn = 0; turn < 50; turn++) {
      bench.notice(0, BROKEN);
      await bench.clock.advance(1_000);
    }
    expect(bench.take()).toEqual([]);
    await bench.clock.advance(11_000);
    expect(bench.take()).toHaveLength(1);
  });

  test('in the answer to a request is not asked for again at once', async () => {
    bench.notice(0, BROKEN);
    bench.take();
    bench.reply(1, 200, BROKEN);
    await bench.clock.advance(120_000);
    expect(bench.take()).toEqual([]);
  });
});

describe('a resource list', () => {
  test('whose number jumps makes us ask for everything in the dialog', () => {
    bench.notice(0, listWith('version="1" fullState="false"', [ANA, ACTIVE]), { type: LIST });
    bench.notice(0, listWith('version="2" fullState="false"', [ANA, ACTIVE]), { type: LIST });
    expect(bench.take()).toEqual([]);
    bench.notice(0, listWith('version="4" fullState="false"', [ANA, ACTIVE]), { type: LIST });
    expect(bench.take().map(({ draft }) => draft.toTag)).toEqual(['T0']);
  });

  test('of a server that leaves the number at zero is believed', () => {
    for (let turn = 0; turn < 5; turn++) bench.notice(0, listOf([ANA, ACTIVE]), { type: LIST });
    expect(bench.take()).toEqual([]);
  });

  test('that names everybody says of whom it leaves out that they are gone', () => {
    bench.notice(0, listWith('version="1" fullState="true"', [ANA, ACTIVE]), { type: LIST });
    expect(bench.lost).toEqual([{ uris: [BEN], reason: 'not in the list' }]);
    bench.notice(0, listWith('version="2" fullState="false"', [ANA, ACTIVE]), { type: LIST });
    expect(bench.lost).toHaveLength(1);
  });

  test('with somebody pending keeps the subscription and leaves the person unknown', async () => {
    bench.notice(0, listOf([BEN, 'state="pending"']), { type: LIST });
    expect(bench.lost).toEqual([{ uris: [BEN], reason: 'pending' }]);
    bench.notice(0, stateOf(BEN));
    expect(bench.seen.at(-1)?.uri).toBe(BEN);
    expect(bench.take()).toEqual([]);
    expect(bench.watcher.counts().subscribed).toBe(2);
  });
});

describe('documents that tell the whole state of a person', () => {
  test('replace what was there, whatever their times say', () => {
    bench = new WatcherBench({ dialect: pidfDialect });
    bench.watch(ANA);
    bench.reply(0, 200);
    const pidf = (basic: string): string =>
      `<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:ana@contoso.example"><tuple id="a"><status><basic>${basic}</basic></status></tuple></presence>`;
    bench.notice(0, pidf('open'), { ...NOTIFY, cseq: 1, type: 'application/pidf+xml' });
    bench.notice(0, pidf('closed'), { ...NOTIFY, cseq: 2, type: 'application/pidf+xml' });
    expect(bench.heard.map(({ authoritative }) => authoritative)).toEqual([true, true]);
    expect(bench.sent.map(({ draft }) => draft.requestUri)).toEqual([ANA]);
  });
});

test('where both sides agree on it, every notification starts the period anew', async () => {
  bench = new WatcherBench({ dialect: lcsDialect('batch') });
  bench.watch(ANA);
  bench.reply(0, 200, '', '', ['Supported: com.microsoft.autoextend']);
  bench.take();
  for (let hour = 0; hour < 24; hour++) {
    await bench.clock.advance(3_600_000);
    bench.notify(0, '', 'active');
  }
  expect(bench.take()).toEqual([]);
  expect(bench.lost).toEqual([]);
  await bench.clock.advance(8 * 3_600_000);
  expect(bench.take()).toHaveLength(1);
});

test('a server that wants to be asked for more time is asked for it', () => {
  bench = new WatcherBench({ dialect: pidfDialect });
  bench.watch(ANA);
  bench.reply(0, 423, '', '', ['Min-Expires: 7200']);
  expect(bench.sent[1]?.draft.headers).toContain('Expires: 7200');
  for (let turn = 1; turn < 20; turn++) {
    const { length } = bench.sent;
    bench.reply(length - 1, 423, '', '', [`Min-Expires: ${7200 + turn}`]);
    if (bench.sent.length === length) break;
  }
  expect(bench.sent.length).toBeLessThan(4);
});

describe('whatever the order in which notifications come', () => {
  const notices = Array.from({ length: 5 }, (_, minute) => ({
    uri: [ANA, BEN][minute % 2] as SipUri,
    availability: [3500, 6500, 9500, 12500, 15500][minute] ?? 0,
    time: `2026-01-05T07:5${minute}:00.000`,
  }));

  function finalOf(order: readonly number[]): readonly unknown[] {
    const one = new WatcherBench();
    one.watch(ANA, BEN, CLEO);
    one.reply(0, 200, stateOf(CLEO, 3500, '2026-01-05T07:40:00.000'));
    for (const index of order) {
      const notice = notices[index];
      if (notice !== undefined) one.notice(0, stateOf(notice.uri, notice.availability, notice.time));
    }
    const people = new Map<SipUri, Snapshot>();
    for (const { observation, authoritative } of one.heard) {
      const before = people.get(observation.uri) ?? unknownSnapshot(observation.uri);
      people.set(observation.uri, merge(before, observation, { now: one.clock.now(), notes: true, authoritative }));
    }
    return [ANA, BEN, CLEO].map((uri) => [people.get(uri)?.status, people.get(uri)?.stateAt]);
  }

  test('and however often, the last state of each person is the same', () => {
    const all = notices.map((_, index) => index);
    const expected = finalOf(all);
    const orders = fc
      .tuple(fc.shuffledSubarray(all, { minLength: all.length }), fc.array(fc.constantFrom(...all), { maxLength: 6 }))
      .chain(([once, again]) => fc.shuffledSubarray([...once, ...again], { minLength: once.length + again.length }));
    fc.assert(
      fc.property(orders, (order) => {
        expect(finalOf(order)).toEqual(expected);
      }),
    );
  });
});

test('random changes of the roster never unconfirm a person who stays', async () => {
  const people = Array.from({ length: 12 }, (_, index) => sip(`p${index}@contoso.example`));
  const script = fc.array(fc.tuple(fc.subarray(people), fc.integer({ min: 0, max: 20_000 }), fc.boolean()), {
    maxLength: 25,
  });
  await fc.assert(
    fc.asyncProperty(script, fc.integer({ min: 1, max: 6 }), async (changes, batchSize) => {
      const one = new WatcherBench({ batchSize, maxInFlight: 2 });
      let answered = 0;
      const answerAll = (): void => {
        for (; answered < one.sent.length; answered++) {
          const { draft, people: named } = one.sent[answered] ?? {};
          const isEnd = draft?.headers.includes('Expires: 0');
          one.reply(answered, 200, isEnd || named?.length !== 1 ? '' : stateOf(named[0] as SipUri));
        }
      };
      for (const [wanted, pause, atOnce] of changes) {
        one.watch(...wanted);
        if (atOnce) answerAll();
        await one.clock.advance(pause * 1_000);
        answerAll();
      }
      answerAll();
      expect(one.lost).toEqual([]);
      expect(one.watcher.counts().subscribed).toBe(changes.at(-1)?.[0].length ?? 0);
    }),
    { numRuns: 60 },
  );
});
