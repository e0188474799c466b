import { setTimeout as passes } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { FORMS } from '../../src/notes/fields.js';
import {
  HEARTBEAT_MS,
  instanceOf,
  LEASE_MS,
  Pair,
  type PairBridge,
  RIGHT_MS,
  type SeenWrite,
} from '../support/pair.js';
import { eventually, Product } from '../support/product.js';

/** From a sudden death: the lease stands still, a look at it, the claim, and everything that a start does. */
const TAKEOVER_MS = 25_000;
/** After a clean stop the lease is free; the other one looks every three seconds. */
const HANDOVER_MS = 10_000;
const PAUSE_MS = 60_000;

const ofPeople = (writes: readonly SeenWrite[]) => writes.filter(({ form }) => form === FORMS.person);
const modified = (pair: Pair) => new Map(pair.documents(FORMS.person).map((one) => [one.unid, one.modified]));
const writesAfter = (pair: Pair, bridge: PairBridge, moment: number) =>
  pair.writesBy(bridge).filter(({ at }) => at > moment);
/** When the last renewal of this bridge gave it the right to write for the last time. */
const lastRight = (pair: Pair, bridge: PairBridge) =>
  Math.max(...pair.writesBy(bridge).map(({ form, at }) => (form === FORMS.lease ? at : 0)));

afterAll(() => Product.endAll());

async function inPair(run: (pair: Pair) => Promise<void>): Promise<void> {
  const pair = await Pair.start();
  try {
    await pair.bothRun();
    await run(pair);
  } catch (thrown) {
    const logs = [pair.one, pair.two].map(({ product }) => product.stderr.slice(-4_000));
    throw new Error(`${String(thrown)}\n${logs.join('\n')}`, { cause: thrown });
  } finally {
    await pair.end();
  }
}

describe.concurrent('two bridges of one name, as processes (rows 29, 30 and 32)', () => {
  test('standby, sudden death, restart of the dead one, and clean stop', { timeout: 170_000 }, async ({ annotate }) => {
    await inPair(async (pair) => {
      const { one, two, site } = pair;
      // On standby.
      const subscribes = site.simulator.counters.subscribes;
      pair.changes(5);
      await passes(2 * HEARTBEAT_MS);
      expect(pair.isRight()).toBe(true);
      expect(site.simulator.counters.subscribes).toBe(subscribes);
      expect(pair.writesBy(two)).toEqual([]);
      const standby = await two.status();
      expect(standby.watching?.subscribed ?? 0).toBe(0);
      expect(standby.role.holder).toContain('one/state');
      expect(await two.health()).toEqual({ status: 200, healthy: true });
      expect((await one.status()).role.state).toBe('active');
      expect(pair.documents(FORMS.heartbeat)).toHaveLength(1);
      const { stdout } = await Product.run(['status', '--config', two.config]);
      expect(stdout).toMatch(/^Role +standby for .*one\/state\) writes$/m);
      expect(await Product.run(['status', '--json', '--config', two.config])).toMatchObject({ code: 0 });

      // Sudden death.
      const before = modified(pair);
      const { epoch } = await one.status();
      await one.product.end('SIGKILL');
      const changed = pair.changes(3);
      const death = await pair.takesOver(two, 2 * TAKEOVER_MS);
      expect(death).toBeLessThan(TAKEOVER_MS);
      const { epoch: second, watching } = await two.status();
      expect(second).toBeGreaterThan(epoch);
      expect(watching?.subscribed).toBe(site.people.length);
      const after = modified(pair);
      expect([...after.keys()].sort()).toEqual([...before.keys()].sort());
      // Nobody else's document was touched.
      expect([...after].filter(([unid, at]) => before.get(unid) !== at)).toHaveLength(changed.length);
      expect(
        ofPeople(pair.writesBy(two))
          .map(({ address }) => address)
          .sort(),
      ).toEqual(changed);
      expect(pair.writesBy(two).filter((write) => write.epoch !== second)).toEqual([]);

      // The dead one comes back, and the other one dies: each knows its own lease again.
      await one.start();
      await pair.standsBy(one);
      const own = instanceOf(two);
      await two.product.end('SIGKILL');
      pair.changes(4);
      await two.start();
      const again = await pair.takesOver(two, TAKEOVER_MS);
      expect(instanceOf(two)).toBe(own);
      expect((await two.status()).epoch).toBe(second + 1);
      expect(again).toBeLessThan(LEASE_MS - 5_000);
      expect((await one.status()).role.state).toBe('standby');

      // A clean stop.
      const stopping = performance.now();
      expect(await two.product.end()).toBe(0);
      const stop = Math.round(performance.now() - stopping);
      pair.changes(5);
      const clean = await pair.takesOver(one, 2 * HANDOVER_MS);
      expect(clean).toBeLessThan(HANDOVER_MS);
      expect((await one.status()).epoch).toBeGreaterThan(second + 1);
      expect(pair.documents(FORMS.person)).toHaveLength(site.people.length);
      expect(await one.product.end()).toBe(0);
      await annotate(`milliseconds: kill -9 ${death}, own restart ${again}, stop ${stop} and then ${clean}`);
    });
  });

  test(`one that stands still for ${PAUSE_MS / 1000} s writes nothing afterwards and is on standby`, {
    timeout: 170_000,
  }, async ({ annotate }) => {
    await inPair(async (pair) => {
      const { one, two } = pair;
      const { epoch } = await one.status();
      one.signal('SIGSTOP');
      const paused = performance.now();
      pair.changes(6);
      const took = await pair.takesOver(two, 2 * TAKEOVER_MS);
      expect(took).toBeLessThan(TAKEOVER_MS);
      const right = lastRight(pair, one) + RIGHT_MS;
      for (let turn = 0; performance.now() < paused + PAUSE_MS; turn++) {
        pair.changes((turn % 7) + 1);
        await passes(250);
      }
      const seen = pair.requestsBy(one).length;
      one.signal('SIGCONT');
      const goesOn = performance.now();
      for (let turn = 0; performance.now() < goesOn + 2_000; turn++) {
        pair.changes((turn % 7) + 1);
        await passes(50);
      }
      await pair.standsBy(one);
      const aside = Math.round(performance.now() - goesOn);
      await eventually('all is right', 10_000, () => pair.isRight());
      await passes(HEARTBEAT_MS);
      expect(writesAfter(pair, one, right)).toEqual([]);
      // Not even an attempt: it only looks at the lease.
      const attempts = pair.requestsBy(one).slice(seen);
      expect(attempts.filter(({ method, path }) => method === 'PATCH' || path === '/bulk/create')).toEqual([]);
      expect(pair.writes.filter((write) => write.at > right && write.epoch <= epoch)).toEqual([]);
      expect((await two.status()).role.state).toBe('active');
      expect((await one.status()).watching?.subscribed ?? 0).toBe(0);
      expect(one.logged('lease.lost')).toHaveLength(1);
      await annotate(`milliseconds: taken over ${took}, on standby after SIGCONT ${aside}`);
    });
  });

  test('one that loses Domino alone: readers no longer believe it, and the other one takes over', {
    timeout: 170_000,
  }, async ({ annotate }) => {
    await inPair(async (pair) => {
      const { one, two, site } = pair;
      expect(pair.isFresh()).toBe(true);
      one.gate.set('silent');
      const right = lastRight(pair, one) + RIGHT_MS;
      pair.changes(5);
      const took = await pair.takesOver(two, 2 * TAKEOVER_MS);
      expect(took).toBeLessThan(TAKEOVER_MS + RIGHT_MS / 2);
      expect(pair.isFresh()).toBe(true);
      await pair.standsBy(one);
      expect((await one.status()).watching?.subscribed ?? 0).toBe(0);
      one.gate.set('open');
      await passes(2 * HEARTBEAT_MS);
      expect(writesAfter(pair, one, right)).toEqual([]);
      expect((await one.status()).role.state).toBe('standby');
      expect((await one.status()).role.holder).toContain('two/state');

      // Nobody reaches Domino: nobody writes, and what stands there ages.
      for (const { gate } of [one, two]) gate.set('cut');
      const cut = performance.now();
      await eventually('readers see that nothing is confirmed', 4 * HEARTBEAT_MS, () => !pair.isFresh() || undefined);
      const aged = Math.round(performance.now() - cut);
      await pair.standsBy(two);
      pair.changes(5);
      for (const { gate } of [one, two]) gate.set('open');
      const healed = performance.now();
      await eventually('one of them writes again', 60_000, () => (pair.isFresh() && pair.isRight()) || undefined);
      const again = Math.round(performance.now() - healed);
      const roles = [(await one.status()).role.state, (await two.status()).role.state];
      expect(roles.sort()).toEqual(['active', 'standby']);
      expect(pair.documents(FORMS.person)).toHaveLength(site.people.length);
      expect(pair.documents(FORMS.heartbeat)).toHaveLength(1);
      expect(pair.documents(FORMS.lease)).toHaveLength(1);
      await annotate(`milliseconds: taken over ${took}; both cut: unknown after ${aged}, right again after ${again}`);
    });
  });
});
