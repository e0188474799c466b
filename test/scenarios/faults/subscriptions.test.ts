import { afterEach, describe, expect, test } from 'vitest';
import type { Person } from '../../../src/bridge/ports.js';
import { headerOf } from '../../../src/ocs/simulator/codec/message.js';
import { person } from '../../support/people.js';
import { manyPeople, WholeChain } from '../../support/whole-chain.js';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let chain: WholeChain;
afterEach(() => chain.ends());

describe('a subscription that the server ends (row 10)', () => {
  for (const [reason, from, to] of [
    ['deactivated', 0, 3 * SECOND],
    ['timeout/60', MINUTE, MINUTE + 3 * SECOND],
    ['giveup/300', 5 * MINUTE, 5 * MINUTE + 3 * SECOND],
    ['rejected', HOUR, HOUR + 3 * SECOND],
  ] as const) {
    test(`for "${reason}": unknown within a second, asked for again after ${from / SECOND} s or little more`, async () => {
      chain = new WholeChain();
      await chain.starts();
      const [ana] = chain.people as [Person];
      chain.begin(`subscription-ends=${reason};from=1s`);
      await chain.until(2 * SECOND, () => chain.apiShows(ana) === 'unknown');
      await chain.passes(Math.max(0, from - 2 * SECOND), from / 300);
      if (from > 0) expect(chain.apiShows(ana)).toBe('unknown');
      await chain.until(to - from + 2 * SECOND, () => chain.apiShows(ana) === 'available');
      await chain.until(SECOND, () => chain.documentShows(ana) === 'available');
      expect(chain.simulator.counters.connections).toBe(1);
    });
  }
});

describe('three of a hundred people whose limit of watchers is reached (row 11)', () => {
  test('are asked about every five minutes, and the others stay live', async () => {
    const people = manyPeople(100);
    const full = people.slice(0, 3);
    const [one] = full as [Person];
    const live = people[50] as Person;
    chain = new WholeChain({ people, server: { limits: { watchersPerPerson: 1 } } });
    for (const each of people) chain.becomes(each, 'available');
    await chain.serverStarts();
    const other = await chain.anotherWatches(...full);
    chain.bridgeStarts();
    await chain.until(30 * SECOND, () => chain.count('available') === 100);
    expect(chain.status().watching).toMatchObject({ subscribed: 97, polled: 3 });
    const since = chain.clock.monotonic();
    chain.becomes(live, 'busy');
    await chain.until(SECOND, () => chain.documentShows(live) === 'busy');
    chain.becomes(one, 'busy');
    await chain.until(5 * MINUTE + 10 * SECOND, () => chain.documentShows(one) === 'busy', 100);
    await chain.passes(30 * MINUTE, SECOND);
    // One question about all three in five minutes.
    const questions = chain.asked.filter(
      ({ at, request }) =>
        at >= since && headerOf(request, 'event') === 'presence' && headerOf(request, 'expires') === '0',
    );
    expect(questions.length).toBeGreaterThanOrEqual(6);
    expect(questions.length).toBeLessThanOrEqual(8);
    expect(chain.count('unknown')).toBe(0);
    await chain.stopsOf(other);
  });
});

describe('user services that are down behind a front end that stands (row 12)', () => {
  test('leave everybody unknown without one more SUBSCRIBE in ten minutes, until the server speaks again', async () => {
    chain = new WholeChain();
    await chain.starts();
    const [ana, ben] = chain.people as [Person, Person];
    // By then it has also asked for what its own account shows.
    await chain.passes(MINUTE, 100);
    chain.simulator.userServicesDown(true);
    // Who is new must be asked for, and that is how it becomes known.
    const cleo = person('sip:cleo@contoso.example');
    chain.becomes(cleo, 'available');
    chain.setRoster([ana, ben, cleo]);
    await chain.until(5 * SECOND, () => chain.count('unknown') === 3);
    await chain.until(30 * SECOND, () => chain.documentShows(ana) === 'unknown');
    const since = chain.clock.monotonic() + 1;
    chain.becomes(ana, 'busy');
    await chain.passes(10 * MINUTE, 250);
    expect(chain.requests('SUBSCRIBE', since)).toBe(0);
    expect(chain.link.state).toBe('connected');
    chain.simulator.userServicesDown(false);
    await chain.until(MINUTE, () => chain.documentShows(ana) === 'busy', 100);
    await chain.until(MINUTE, () => chain.documentShows(ben) === 'available', 100);
    await chain.until(MINUTE, () => chain.documentShows(cleo) === 'available', 100);
    expect(chain.simulator.counters.connections).toBe(1);
  });
});

describe('notifications that are repeated, overtaken and want answers (rows 15 and 16)', () => {
  test('leave the last state of everybody in API and document', async () => {
    const people = manyPeople(20);
    chain = new WholeChain({ people });
    await chain.starts();
    chain.begin('notify', 'duplicate', 'reorder=200ms');
    const words = ['busy', 'away', 'do-not-disturb', 'available'] as const;
    for (let round = 0; round < 40; round++) {
      for (const [index, one] of people.entries()) chain.becomes(one, words[(index + round) % 4] ?? 'busy');
      await chain.passes(120);
    }
    const right = (): boolean =>
      people.every((one, index) => {
        const status = words[(index + 39) % 4];
        return chain.apiShows(one) === status && chain.documentShows(one) === status;
      });
    await chain.until(2 * MINUTE, right, 100);
  });
});
