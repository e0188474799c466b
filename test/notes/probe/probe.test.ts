import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/bridge/runtime/system.js';
import type { Driver } from '../../../src/notes/driver.js';
import { DominoDbDriver } from '../../../src/notes/drivers/domino-db/domino-db.js';
import { memoryStorage } from '../../../src/notes/drivers/embedded/storage.js';
import { createEmbeddedModule } from '../../../src/notes/drivers/embedded/use-server.js';
import { CONFLICT_ITEM, FORMS, PERSON_ITEMS as ITEM, LEASE_ITEMS, SCHEMA_VERSION } from '../../../src/notes/fields.js';
import { heartbeatItems } from '../../../src/notes/heartbeat-items.js';
import type { Items } from '../../../src/notes/item-value.js';
import { leaseItems } from '../../../src/notes/lease-items.js';
import { createDriver, type DriverConfig } from '../../../src/notes/open-driver.js';
import { probeDomino } from '../../../src/notes/probe/probe.js';
import { contentSteps } from '../../../src/notes/probe/probe-contents.js';
import { rightsSteps } from '../../../src/notes/probe/probe-rights.js';
import type { ProbeStep } from '../../../src/notes/probe/probe-step.js';
import { DominoFaults } from '../../support/domino-faults.js';
import { REST_PASSWORD, REST_USER, RestServer } from '../../support/rest-server.js';
import { silentLog } from '../../support/silent-log.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

let clock: SimulatedClock;
let faults: DominoFaults;
let driver: Driver;

beforeEach(async () => {
  clock = new SimulatedClock();
  faults = new DominoFaults(clock);
  const { useServer } = createEmbeddedModule({ clock, openStorage: async () => memoryStorage() });
  const load = async () => ({ name: 'test', version: '1', useServer: faults.wrap(useServer) });
  const server = { hostName: 'domino.contoso.example', connection: { port: '3002' } };
  driver = new DominoDbDriver({ kind: 'domino-db', load, server, filePath: 'presence.nsf' }, clock);
  await driver.open();
});

afterEach(() => driver.close());

async function all(steps: AsyncIterable<ProbeStep>): Promise<readonly ProbeStep[]> {
  const told: ProbeStep[] = [];
  for await (const step of steps) told.push(step);
  return told;
}

const inShort = (steps: readonly ProbeStep[]) =>
  steps.map(({ name, outcome, detail }) => `${outcome} ${name}: ${detail}`);

const person = (key: number, items: Items = {}): Items => ({
  [ITEM.form]: FORMS.person,
  [ITEM.key]: key.toString(16).padStart(32, '0'),
  [ITEM.address]: `sip:p${key}@contoso.example`,
  [ITEM.bridge]: 'bridge',
  [ITEM.schemaVersion]: SCHEMA_VERSION,
  ...items,
});

const beat = (bridge: string, writtenAt: number): Items => {
  const link = { state: 'connected', since: writtenAt } as const;
  const counts = { people: 7, reachable: 5, unknown: 0 };
  const times = { writtenAt, interval: 30_000, connected: true };
  return heartbeatItems({ bridge, epoch: 1, version: '1.2.3', ocs: link, notes: link, ...counts, ...times });
};

describe('contentSteps', () => {
  const contents = async () => inShort(await all(contentSteps(driver, 'bridge', clock)));

  test('an empty database is in order', async () => {
    expect(await contents()).toEqual([
      'pass Domino documents: None of people yet.',
      'pass Domino queries: DQL finds documents by form and by key.',
    ]);
  });

  test('tells how many documents there are, and of which version', async () => {
    await driver.create([person(1), person(2)]);
    expect((await contents())[0]).toBe('pass Domino documents: 2 of people, schema version 1, read in 0.0 s.');
  });

  test('fails on documents of a newer bridge, and looks no further', async () => {
    await driver.create([person(1, { [ITEM.schemaVersion]: SCHEMA_VERSION + 1 })]);
    const [first] = await all(contentSteps(driver, 'bridge', clock));
    expect(first).toMatchObject({ outcome: 'fail', error: { code: 'NOTES_SCHEMA' } });
  });

  test('warns of duplicates, conflict documents and documents without a key', async () => {
    await driver.create([person(1), person(1), person(2), person(2, { [CONFLICT_ITEM]: '' })]);
    await driver.create([{ [ITEM.form]: FORMS.person, [ITEM.displayName]: 'Nobody', [ITEM.schemaVersion]: 1 }]);
    expect(await contents()).toEqual([
      'pass Domino documents: 2 of people, schema version 1, read in 0.0 s.',
      'warn Domino documents: 1 duplicates and 1 conflict documents.',
      'warn Domino documents: 1 documents of form "Presence" have no readable key.',
      'pass Domino queries: DQL finds documents by form and by key.',
    ]);
  });

  test('fails when DQL does not find what is there', async () => {
    const [unid = ''] = (await driver.create([person(1), person(2)])).map((outcome) =>
      outcome.ok ? outcome.unid : '',
    );
    let reads = 0;
    faults.afterPage = async () => {
      if (reads++ === 0) faults.hidden.add(unid);
    };
    const steps = await all(contentSteps(driver, 'bridge', clock));
    expect(steps[1]).toMatchObject({
      name: 'Domino queries',
      outcome: 'fail',
      detail: 'DQL did not find 1 of 2 documents by their key, though they are there.',
      next: expect.stringContaining('load updall'),
    });
  });

  test('tells which bridges run, and warns of one with another name', async () => {
    const now = clock.now();
    await driver.create([beat('bridge', now - 5_000), beat('other', now - 60_000), beat('gone', now - 3_600_000)]);
    expect((await contents()).filter((line) => line.includes('Domino bridges')).sort()).toEqual([
      'note Domino bridges: Bridge "bridge" (1.2.3, 7 people) runs: sign of life 5 s ago.',
      'note Domino bridges: Bridge "gone" (1.2.3, 7 people) gave its last sign of life 3600 s ago.',
      'warn Domino bridges: Bridge "other" (1.2.3, 7 people) writes into this database too: sign of life 60 s ago.',
    ]);
  });

  test('tells who holds the lease of this name', async () => {
    const lease = { holder: 'id', holderName: 'server01', epoch: 4, renewals: 9, durationMs: 90_000 };
    await driver.create([leaseItems('bridge', lease, clock.now()), leaseItems('other', lease, clock.now())]);
    expect((await contents()).filter((line) => line.includes('lease'))).toEqual([
      'note Domino bridges: The lease is held by server01 (turn 4).',
    ]);
  });

  test('tells that the lease was given back', async () => {
    const lease = { holder: '', holderName: '', epoch: 4, renewals: 9, durationMs: 90_000 };
    await driver.create([leaseItems('bridge', lease, clock.now())]);
    expect(await contents()).toContain('note Domino bridges: Nobody holds the lease; it was given back (turn 4).');
  });

  test('changes nothing', async () => {
    await driver.create([person(1), person(1), beat('bridge', clock.now())]);
    const before = faults.calls.length;
    await contents();
    expect(faults.calls.slice(before).every((call) => call.startsWith('bulkRead'))).toBe(true);
  });
});

describe('rightsSteps', () => {
  const rights = () => all(rightsSteps(driver));
  const left = () => driver.find({ query: "Form = 'PresenceLease'", itemNames: [LEASE_ITEMS.bridge] });

  test('proves the three rights and leaves nothing behind', async () => {
    expect(inShort(await rights())).toEqual([
      'pass Domino rights: May create documents.',
      'pass Domino rights: May change documents.',
      'pass Domino rights: May delete documents.',
    ]);
    expect(await left()).toEqual([]);
  });

  test.each([
    ['create', () => true, 1],
    ['change', (document: Readonly<Record<string, unknown>>) => document[LEASE_ITEMS.holderName] === 'changed', 3],
    ['delete', (document: Readonly<Record<string, unknown>>) => Object.keys(document).length === 1, 3],
  ])('tells that the right to %s is missing, and what to do', async (right, refuses, steps) => {
    faults.refuses = refuses;
    const told = await rights();
    expect(told.length).toBe(steps);
    expect(told.filter(({ outcome }) => outcome === 'fail')).toMatchObject([
      { detail: `Cannot ${right} documents.`, next: expect.stringContaining('ACL') },
    ]);
  });

  test('takes the document again that it could not delete', async () => {
    faults.refuses = (document) => Object.keys(document).length === 1;
    await rights();
    expect(await left()).toHaveLength(1);
    await rights();
    expect(await left()).toHaveLength(1);
    faults.refuses = () => false;
    await rights();
    expect(await left()).toEqual([]);
  });
});

describe('probeDomino', () => {
  let folder: string;
  const config = (): DriverConfig => ({ kind: 'embedded', folder });
  const ports = () => ({ clock, log: silentLog });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'presence-probe-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('goes through all steps of the embedded store, and closes it', async () => {
    for (let times = 0; times < 2; times++) {
      const steps = await all(probeDomino(config(), ports(), { bridge: 'bridge' }));
      expect(inShort(steps)).toEqual([
        'pass Domino driver: embedded built-in',
        `pass Domino database: ${folder}`,
        'pass Domino documents: None of people yet.',
        'pass Domino queries: DQL finds documents by form and by key.',
        'note Domino rights: Not tried: "presence-bridge check --write" creates, changes and deletes a document.',
      ]);
    }
  });

  test('proves the rights when asked to', async () => {
    const steps = await all(probeDomino(config(), ports(), { bridge: 'bridge', write: true }));
    expect(steps.filter(({ name, outcome }) => name === 'Domino rights' && outcome === 'pass')).toHaveLength(3);
  });

  test('an embedded store in use is a good sign, and is read all the same', async () => {
    const running = createDriver(config(), ports());
    await running.open();
    await running.create([person(1)]);
    const steps = await all(probeDomino(config(), ports(), { bridge: 'bridge', write: true }));
    await running.close();
    expect(inShort(steps).slice(1)).toEqual([
      `pass Domino database: ${folder}, in use by process ${process.pid}`,
      'pass Domino documents: 1 of people, schema version 1, read in 0.0 s.',
      'pass Domino queries: DQL finds documents by form and by key.',
      'note Domino rights: Not tried while a bridge uses the store.',
    ]);
  });

  describe('over the Domino REST API', () => {
    const server = new RestServer();
    let rest: DriverConfig;
    beforeAll(async () => {
      const login = { kind: 'password', user: REST_USER, password: REST_PASSWORD } as const;
      rest = { kind: 'domino-rest', url: await server.start(), scope: 'presence', login, parallel: 4 };
    });
    afterAll(() => server.stop());

    test('goes through its steps and those of all drivers', async () => {
      const steps = await all(
        probeDomino(rest, { clock: systemClock, log: silentLog }, { bridge: 'bridge', write: true }),
      );
      expect(steps.filter(({ outcome }) => outcome === 'fail')).toEqual([]);
      const names = steps.map(({ name }) => name.replace(/ REST API .*/, ' REST API'));
      expect([...new Set(names)]).toEqual([
        'Domino driver',
        'Domino REST API',
        'Domino database',
        'Domino documents',
        'Domino queries',
        'Domino rights',
      ]);
    });

    test('ends with the step of its own that failed', async () => {
      const steps = await all(
        probeDomino(
          { ...rest, scope: 'other' } as DriverConfig,
          { clock: systemClock, log: silentLog },
          { bridge: 'b' },
        ),
      );
      expect(steps.at(-1)?.outcome).toBe('fail');
      expect(steps.at(-1)?.name).toMatch(/^Domino REST API/);
    });
  });

  test('tells that the module is not installed', async () => {
    const place = { hostName: 'localhost', port: 1, secure: false, filePath: 'presence.nsf' };
    const steps = await all(probeDomino({ kind: 'domino-db', ...place }, ports(), { bridge: 'bridge' }));
    expect(steps).toMatchObject([{ name: 'Domino driver', outcome: 'fail', error: { code: 'NOTES_DRIVER_MISSING' } }]);
  });

  test('ends when nobody listens any longer, and closes the store', async () => {
    for await (const step of probeDomino(config(), ports(), { bridge: 'bridge' })) {
      if (step.name === 'Domino database') break;
    }
    const again = createDriver(config(), ports());
    await again.open();
    await again.close();
  });
});
