import { afterEach, describe, expect, test } from 'vitest';
import type { Person } from '../../../src/bridge/ports.js';
import { manyPeople, WholeChain } from '../../support/whole-chain.js';

const SECOND = 1_000;
const MINUTE = 60_000;

let chain: WholeChain;
afterEach(() => chain.ends());

describe('a front end that resets its connections (row 1)', () => {
  test('leaves everybody unknown within a second, and the heartbeat document says so within five', async () => {
    chain = new WholeChain();
    await chain.starts();
    const [ana, ben] = chain.people as [Person, Person];
    const beats = chain.store.heartbeats.length;
    chain.begin('reset');
    chain.becomes(ana, 'busy');
    expect(await chain.until(SECOND, () => chain.apiShows(ben) === 'unknown')).toBeLessThanOrEqual(SECOND);
    expect(chain.apiShows(ana)).toBe('unknown');
    await chain.until(5 * SECOND, () => chain.store.heartbeats.length > beats);
    expect(chain.store.heartbeats[beats]?.connected).toBe(false);
    await chain.until(MINUTE, () => chain.documentShows(ben) === 'unknown');
  });

  test('sees few connects in ten minutes, and everybody is right soon after it is well', async () => {
    chain = new WholeChain();
    await chain.starts();
    const [ana] = chain.people as [Person];
    chain.begin('reset');
    chain.becomes(ana, 'busy');
    const before = chain.simulator.counters.connections;
    await chain.passes(10 * MINUTE, 50);
    const connects = chain.simulator.counters.connections - before;
    expect(connects).toBeGreaterThan(5);
    expect(connects).toBeLessThan(60);
    chain.simulator.faults.end('reset');
    await chain.until(2 * MINUTE, () => chain.documentShows(ana) === 'busy', 50);
  });
});

describe('a front end that falls silent (row 2)', () => {
  test('is given up within 45 seconds, and everybody is unknown then', async () => {
    chain = new WholeChain();
    await chain.starts();
    chain.begin('silence');
    const known = await chain.until(45 * SECOND, () => chain.count('unknown') === 2);
    expect(known).toBeGreaterThan(20 * SECOND);
    expect(chain.link.error?.code).toBe('OCS_TIMEOUT');
    await chain.until(MINUTE, () => chain.store.heartbeats.at(-1)?.connected === false);
  });
});

describe('a server that restarts and answers 503 above 20 requests in a second (row 13)', () => {
  test('is never driven above them, and all of 1,000 people are back within three minutes', async () => {
    // A request for each person, as servers without lists want it: a hundred times as many as usual.
    chain = new WholeChain({
      people: manyPeople(1_000),
      server: { limits: { subscriptionsPerEndpoint: 2_000 } },
      source: { batchSize: 1 },
    });
    for (const one of chain.people) chain.becomes(one, 'available');
    await chain.serverStarts();
    chain.bridgeStarts();
    await chain.until(MINUTE, () => chain.link.state === 'connected');
    chain.begin('busy=20/10');
    chain.simulator.dropConnections();
    const lostAt = chain.clock.monotonic();
    await chain.until(SECOND, () => chain.link.state === 'transient-disconnect');
    await chain.until(3 * MINUTE, () => chain.count('available') === 1_000, 50);
    const times = chain.asked.map(({ at }) => at).filter((at) => at > lostAt);
    expect(times.length).toBeGreaterThan(1_000);
    const busiest = times.map((at, index) => times.slice(index, index + 100).filter((one) => one < at + SECOND).length);
    expect(Math.max(...busiest)).toBeLessThanOrEqual(20);
  }, 30_000);
});
