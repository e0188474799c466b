import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { leaseCoordinator } from '../../src/bridge/cluster/coordinator.js';
import type { Coordinator, Lease, LeaseStore } from '../../src/bridge/lease-ports.js';
import type { Driver } from '../../src/notes/driver.js';
import { DominoDbDriver } from '../../src/notes/drivers/domino-db/domino-db.js';
import { DominoRestDriver } from '../../src/notes/drivers/domino-rest/domino-rest.js';
import { memoryStorage } from '../../src/notes/drivers/embedded/storage.js';
import { createEmbeddedModule } from '../../src/notes/drivers/embedded/use-server.js';
import { CONFLICT_ITEM, FORMS, LEASE_ITEMS } from '../../src/notes/fields.js';
import type { Items } from '../../src/notes/item-value.js';
import { leaseFromItems, leaseItems, UNREADABLE_HOLDER } from '../../src/notes/lease-items.js';
import { createLeaseStore } from '../../src/notes/lease-store.js';
import type { Unid } from '../../src/presence/ids.js';
import { DominoFaults } from '../support/domino-faults.js';
import { REST_PASSWORD, REST_USER, RestServer } from '../support/rest-server.js';
import { recordingLog, silentLog } from '../support/silent-log.js';
import { SimulatedClock, seededRandom } from '../support/simulated-clock.js';

const AT = Date.UTC(2026, 0, 5, 9, 30, 0);
const LEASE: Lease = { holder: 'a1', holderName: 'host a', epoch: 3, renewals: 9, durationMs: 15_000 };
const OTHER: Lease = { ...LEASE, holder: 'b2', holderName: 'host b', epoch: 4, renewals: 10 };

interface Backend {
  readonly clock: SimulatedClock;
  /** A further connection to the one database. */
  connect(): Driver;
  /** Lets answers arrive, and so much time pass. */
  advance(milliseconds: number): Promise<void>;
  close(): Promise<void>;
}

/** Two processes over one database through HCL's surface; it knows no conditional write. */
async function dominoDb(faults = new DominoFaults()): Promise<Backend> {
  const clock = new SimulatedClock(AT);
  const { useServer, close } = createEmbeddedModule({ clock, openStorage: async () => memoryStorage() });
  const server = { hostName: 'domino.contoso.example', connection: { port: '3002' } };
  const load = async () => ({ name: 'test', version: '1', useServer: faults.wrap(useServer) });
  return {
    clock,
    connect: () => new DominoDbDriver({ kind: 'domino-db', load, server, filePath: 'presence.nsf' }, clock),
    advance: (milliseconds) => clock.advance(milliseconds),
    close,
  };
}

/** Real sockets: their answers need turns of the event loop, which simulated time does not give. */
async function dominoRest(): Promise<Backend> {
  const clock = new SimulatedClock(AT);
  const server = new RestServer({ clock });
  const url = await server.start();
  const login = { kind: 'password', user: REST_USER, password: REST_PASSWORD } as const;
  return {
    clock,
    connect: () => new DominoRestDriver({ url, scope: 'presence', login, parallel: 4 }, { clock, log: silentLog }),
    async advance(milliseconds) {
      for (let left = milliseconds; left > 0; left -= 250) {
        await clock.advance(250);
        for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setImmediate(resolve));
      }
    },
    close: () => server.stop(),
  };
}

const documentsOf = async (driver: Driver) => {
  await driver.open();
  return driver.find({ query: `Form = '${FORMS.lease}'`, itemNames: Object.values(LEASE_ITEMS) });
};

describe.each([
  ['domino-db', dominoDb],
  ['the REST API', dominoRest],
] as const)('the lease over %s', (_name, make) => {
  let backend: Backend;
  const stores = (bridge = 'bridge-1'): [LeaseStore, LeaseStore] => {
    const ports = { clock: backend.clock, log: silentLog };
    const one = (): LeaseStore => createLeaseStore({ driver: backend.connect(), bridge }, ports);
    return [one(), one()];
  };

  beforeEach(async () => {
    backend = await make();
  });
  afterEach(() => backend.close());

  test('is made, read by others, changed and given back', async () => {
    const [mine, theirs] = stores();
    expect(await mine.read()).toBeUndefined();
    expect(await mine.write(LEASE, undefined)).toBe('written');
    const seen = await theirs.read();
    expect(seen?.lease).toEqual(LEASE);
    expect(await theirs.write({ ...OTHER, holder: '', holderName: '' }, seen)).toBe('written');
    expect((await mine.read())?.lease).toEqual({ ...OTHER, holder: '', holderName: '' });
  });

  test('is not written over what somebody else wrote meanwhile', async () => {
    const [mine, theirs] = stores();
    await mine.write(LEASE, undefined);
    const [seen, alsoSeen] = [await mine.read(), await theirs.read()];
    expect(await theirs.write(OTHER, alsoSeen)).toBe('written');
    expect(await mine.write({ ...LEASE, renewals: 10 }, seen)).toBe('changed');
    expect((await mine.read())?.lease).toEqual(OTHER);
  });

  test('made by two in one moment is one document, and one of them knows that it was slower', async () => {
    for (let round = 0; round < 10; round++) {
      const [mine, theirs] = stores(`bridge ${round}`);
      await Promise.all([mine.read(), theirs.read()]);
      const made = await Promise.all([mine.write(LEASE, undefined), theirs.write(OTHER, undefined)]);
      // Both may have seen their own alone; the next look shows the same to both.
      expect(made).toContain('written');
      const [first, second] = [await mine.read(), await theirs.read()];
      expect(first).toEqual(second);
    }
  });

  test('that somebody deleted is made anew', async () => {
    const [mine, theirs] = stores();
    await mine.write(LEASE, undefined);
    const seen = await mine.read();
    const driver = backend.connect();
    await driver.remove((await documentsOf(driver)).map(({ unid }) => unid));
    expect(await mine.write({ ...LEASE, renewals: 10 }, seen)).toBe('changed');
    expect(await mine.read()).toBeUndefined();
    expect(await theirs.write(OTHER, undefined)).toBe('written');
    expect((await mine.read())?.lease).toEqual(OTHER);
  });

  test('belongs to the bridges of one name in one spelling', async () => {
    const [mine] = stores('bridge-1');
    const [other] = stores('BRIDGE-1');
    await mine.write(LEASE, undefined);
    expect(await other.read()).toBeUndefined();
    expect(await other.write(OTHER, undefined)).toBe('written');
    expect((await mine.read())?.lease).toEqual(LEASE);
  });

  test('of several documents the oldest counts, and the next write removes the others', async () => {
    const driver = backend.connect();
    await driver.open();
    await driver.create([leaseItems('bridge-1', LEASE, AT)]);
    await backend.clock.advance(1_000);
    await driver.create([leaseItems('bridge-1', OTHER, AT)]);
    const [mine] = stores();
    const seen = await mine.read();
    expect(seen?.lease).toEqual(LEASE);
    await mine.write({ ...LEASE, renewals: 10 }, seen);
    expect((await documentsOf(driver)).map(({ items }) => leaseFromItems(items).renewals)).toEqual([10]);
  });

  test('lets one of two bridges write, and the other one when the first is gone', async () => {
    const coordinator = (instance: string, store: LeaseStore): Coordinator => {
      const options = { instance, instanceName: instance, durationMs: 15_000 };
      const ports = { store, clock: backend.clock, random: seededRandom(instance.length), log: silentLog };
      return leaseCoordinator(options, ports);
    };
    const [mine, theirs] = stores();
    const [first, second] = [coordinator('first', mine), coordinator('second one', theirs)];
    const epochs: number[] = [];
    for (const one of [first, second]) one.start((role) => role.state === 'active' && epochs.push(role.epoch));
    let atOnce = 0;
    const pass = async (milliseconds: number): Promise<boolean[]> => {
      for (let left = milliseconds; left > 0; left -= 500) {
        await backend.advance(500);
        if (first.mayWrite() && second.mayWrite()) atOnce++;
      }
      return [first.mayWrite(), second.mayWrite()];
    };
    const [isFirst] = await pass(20_000);
    const [winner, loser] = isFirst ? [first, second] : [second, first];
    expect([winner.mayWrite(), loser.mayWrite()]).toEqual([true, false]);
    const stopped = winner.stop();
    await pass(2_000);
    await stopped;
    await pass(12_000);
    expect([winner.mayWrite(), loser.mayWrite(), atOnce]).toEqual([false, true, 0]);
    expect(epochs[1]).toBeGreaterThan(epochs[0] ?? 0);
    const driver = backend.connect();
    expect(await documentsOf(driver)).toHaveLength(1);
    const lastStop = loser.stop();
    await pass(2_000);
    await lastStop;
  });
});

describe('the lease over domino-db', () => {
  const LIMITS = { clock: new SimulatedClock(AT), log: silentLog };

  test('knows that a write excludes nobody, while the REST API excludes', async () => {
    const [weak, strong] = await Promise.all([dominoDb(), dominoRest()]);
    const conditional = [weak, strong].map((one) =>
      createLeaseStore({ driver: one.connect(), bridge: 'x' }, { clock: one.clock, log: silentLog }),
    );
    expect(conditional.map(({ isConditional }) => isConditional)).toEqual([false, true]);
    await Promise.all([weak.close(), strong.close()]);
  });

  test('leaves save and replication conflicts alone', async () => {
    const backend = await dominoDb();
    const driver = backend.connect();
    await driver.open();
    await driver.create([{ ...leaseItems('bridge-1', OTHER, AT), [CONFLICT_ITEM]: '' }]);
    await backend.clock.advance(1_000);
    const store = createLeaseStore({ driver, bridge: 'bridge-1' }, LIMITS);
    expect(await store.read()).toBeUndefined();
    expect(await store.write(LEASE, undefined)).toBe('written');
    expect(await documentsOf(driver)).toHaveLength(2);
  });

  test('sees an older document that came from elsewhere within twenty looks', async () => {
    const backend = await dominoDb();
    const driver = backend.connect();
    await driver.open();
    const [older] = await driver.create([leaseItems('another', OTHER, AT)]);
    await backend.clock.advance(1_000);
    const store = createLeaseStore({ driver, bridge: 'bridge-1' }, LIMITS);
    await store.write(LEASE, undefined);
    await store.read();
    await driver.replaceItems([{ unid: (older as { unid: Unid }).unid, items: leaseItems('bridge-1', OTHER, AT) }]);
    const holders = new Set<string | undefined>();
    for (let look = 0; look < 22; look++) holders.add((await store.read())?.lease.holder);
    expect([...holders]).toEqual(['a1', 'b2']);
  });

  test('opens the database again after a failure, and says what failed', async () => {
    const faults = new DominoFaults();
    const backend = await dominoDb(faults);
    const store = createLeaseStore({ driver: backend.connect(), bridge: 'bridge-1' }, LIMITS);
    await store.write(LEASE, undefined);
    faults.link = 'unreachable';
    await expect(store.read()).rejects.toMatchObject({ code: 'NOTES_UNREACHABLE' });
    faults.link = 'up';
    expect((await store.read())?.lease).toEqual(LEASE);
    faults.denied = 'writing';
    const seen = await store.read();
    await expect(store.write(OTHER, seen)).rejects.toMatchObject({ code: 'NOTES_FORBIDDEN' });
  });

  test('one warning for a database that is away for long', async () => {
    const faults = new DominoFaults();
    const { clock, connect } = await dominoDb(faults);
    faults.link = 'unreachable';
    const log = recordingLog();
    const store = createLeaseStore({ driver: connect(), bridge: 'bridge-1' }, LIMITS);
    const options = { instance: 'a', instanceName: 'host a', durationMs: 15_000 };
    const coordinator = leaseCoordinator(options, { store, clock, random: seededRandom(), log });
    coordinator.start(() => undefined);
    await clock.advance(60_000);
    faults.link = 'up';
    // In small steps: the clock waits for some turns of the promises only.
    for (let step = 0; step < 80; step++) await clock.advance(250);
    const said = log.entries.filter(({ level }) => level !== 'debug').map(({ event }) => event);
    expect([...said].sort()).toEqual(['lease.standby', 'lease.store', 'lease.store-again', 'lease.taken']);
    expect(coordinator.mayWrite()).toBe(true);
  });
});

describe('items of a lease', () => {
  test('say again what was written', () => {
    expect(leaseFromItems(leaseItems('bridge-1', LEASE, AT))).toEqual(LEASE);
  });

  test.each<[string, Items, Partial<Lease>]>([
    ['no holder', { [LEASE_ITEMS.epoch]: 2 }, { holder: '', epoch: 2 }],
    ['a holder that is no text', { [LEASE_ITEMS.holder]: 7 }, { holder: UNREADABLE_HOLDER }],
    ['a holder of blanks', { [LEASE_ITEMS.holder]: '   ' }, { holder: UNREADABLE_HOLDER }],
    ['an epoch out of all bounds', { [LEASE_ITEMS.epoch]: 1e300 }, { epoch: 0 }],
    ['a broken count', { [LEASE_ITEMS.renewals]: 1.5, [LEASE_ITEMS.epoch]: -1 }, { renewals: 0, epoch: 0 }],
    ['no duration', {}, { durationMs: 90_000 }],
    ['a negative duration', { [LEASE_ITEMS.duration]: -5 }, { durationMs: 90_000 }],
  ])('with %s are read carefully', (_name, items, expected) => {
    expect(leaseFromItems(items)).toMatchObject(expected);
  });
});
