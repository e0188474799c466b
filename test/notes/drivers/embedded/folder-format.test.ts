import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Driver } from '../../../../src/notes/driver.js';
import { DEFAULT_JOURNAL_LIMITS } from '../../../../src/notes/drivers/embedded/journal.js';
import type { Items } from '../../../../src/notes/item-value.js';
import { createDriver, otherDatabase } from '../../../../src/notes/open-driver.js';
import type { Unid } from '../../../../src/presence/ids.js';
import { readByPage, readFiles } from '../../../support/page-store-reader.js';
import { silentLog } from '../../../support/silent-log.js';
import { SimulatedClock } from '../../../support/simulated-clock.js';

const PAGE = readFileSync(new URL('../../../../docs/guide/embedded-store.md', import.meta.url), 'utf8');

let store: string;
let clock: SimulatedClock;
const opened: Driver[] = [];
const folder = (): string => join(store, 'presence.nsf');
const config = () => ({ kind: 'embedded', folder: store }) as const;

beforeEach(() => {
  store = mkdtempSync(join(tmpdir(), 'presence-format-'));
  clock = new SimulatedClock();
});

afterEach(async () => {
  for (const driver of opened.splice(0)) await driver.close();
  rmSync(store, { recursive: true, force: true });
});

async function open(of: Parameters<typeof createDriver>[0] = config()): Promise<Driver> {
  const driver = createDriver(of, { clock, log: silentLog });
  opened.push(driver);
  await driver.open();
  return driver;
}

async function create(driver: Driver, documents: readonly Items[]): Promise<readonly Unid[]> {
  return (await driver.create(documents)).map((outcome) => {
    if (!outcome.ok) throw outcome.error;
    return outcome.unid;
  });
}

/** Everything that stands in the files of the store, as somebody with a pager would see it. */
function onDisk(): string {
  return readdirSync(folder())
    .map((name) => readFileSync(join(folder(), name), 'utf8'))
    .join('');
}

describe('a reader who knows nothing but the page on the embedded store', () => {
  test('finds all documents after changes, deletions and a sudden end', async () => {
    const driver = await open();
    const unids = await create(driver, [
      { Form: 'Presence', Status: 'available', DisplayName: 'Grüße 🙂 "x"\nzweite' },
      { Form: 'Presence', Status: 'busy' },
      { Form: 'PresenceOptOut', PersonName: { type: 'text', data: ['CN=A/O=B', 'CN=C/O=D'], names: true } },
    ]);
    const [first, second, third] = unids as readonly [Unid, Unid, Unid];
    await driver.replaceItems([{ unid: first, items: { Status: 'away', StatusRank: 3 } }]);
    await driver.remove([second]);
    const found = readByPage(folder());
    expect([...found.keys()].sort()).toEqual([first, third].sort());
    expect(found.get(first)).toEqual({
      unid: first,
      created: clock.now(),
      modified: clock.now(),
      items: { form: 'Presence', status: 'away', displayname: 'Grüße 🙂 "x"\nzweite', statusrank: 3 },
    });
    expect(found.get(third)?.items['personname']).toEqual({
      type: 'text',
      data: ['CN=A/O=B', 'CN=C/O=D'],
      names: true,
    });
  });

  test('finds them after a close too, in a snapshot alone', async () => {
    const driver = await open();
    const [unid] = await create(driver, [{ Form: 'Presence', Status: 'available' }]);
    await driver.close();
    expect(readdirSync(folder())).toEqual([expect.stringMatching(/^snapshot-\d+\.jsonl$/)]);
    expect([...readByPage(folder()).keys()]).toEqual([unid]);
  });

  test('and the product agree on a journal that was cut anywhere', async () => {
    const driver = await open();
    const [unid] = await create(driver, [{ Form: 'Presence', Status: 'available' }]);
    await driver.replaceItems([{ unid: unid as Unid, items: { Status: 'away' } }]);
    const name = readdirSync(folder()).find((one) => one.startsWith('journal')) as string;
    const whole = readFileSync(join(folder(), name));
    const states = new Set<string>();
    for (let length = 0; length <= whole.length; length += 7) {
      writeFileSync(join(folder(), name), whole.subarray(0, length));
      const reader = createDriver({ ...config(), readOnly: true }, { clock, log: silentLog });
      await reader.open();
      const found = await reader.find({ query: "Form = 'Presence'", itemNames: ['Status'] });
      await reader.close();
      const expected = [...readByPage(folder()).values()].map(({ unid, items }) => [unid, items['status']]);
      expect(found.map(({ unid, items }) => [unid, items['Status']])).toEqual(expected);
      states.add(JSON.stringify(expected));
    }
    expect(states.size).toBeGreaterThan(1);
  });

  test('reads the example that the page prints as the page says', () => {
    const blocks = [...PAGE.matchAll(/```text\n([0-9a-f]{8} 0 [\s\S]*?\n)```/g)].map((match) => match[1] ?? '');
    expect(blocks).toHaveLength(2);
    const [snapshot, journal] = blocks.map((text) => Buffer.from(text)) as [Buffer, Buffer];
    expect(readFiles(snapshot, undefined).size).toBe(2);
    const left = [...readFiles(snapshot, journal).values()];
    expect(left.map(({ items }) => [items['sipaddress'], items['status']])).toEqual([
      ['sip:ana.reyes@contoso.example', 'busy'],
    ]);
  });
});

test('the page names the times after which nothing old is left', () => {
  expect(PAGE).toContain(`| ${DEFAULT_JOURNAL_LIMITS.maxHistoryMs / 1000} seconds |`);
  expect(PAGE).toContain(`| ${DEFAULT_JOURNAL_LIMITS.maxErasedMs / 1000} seconds |`);
  expect(PAGE).toContain(`larger than ${DEFAULT_JOURNAL_LIMITS.maxJournal / 1024 / 1024} MiB`);
});

describe('after 1,000 changes of each person', () => {
  const PEOPLE = 5;
  const CHANGES = 1_000;
  const value = (person: number, change: number): string => `value-of-person-${person}-${change}.`;
  const values = (): readonly string[] => onDisk().match(/value-of-person-\d+-\d+\./g) ?? [];

  async function changeAll(driver: Driver): Promise<readonly Unid[]> {
    const unids = await create(
      driver,
      Array.from({ length: PEOPLE }, (_, person) => ({ Form: 'Presence', Status: value(person, 0) })),
    );
    for (let change = 1; change <= CHANGES; change++) {
      await driver.replaceItems(unids.map((unid, person) => ({ unid, items: { Status: value(person, change) } })));
    }
    return unids;
  }
  const last = Array.from({ length: PEOPLE }, (_, person) => value(person, CHANGES));

  test('exactly one value of each person is left on the disk within a minute', async () => {
    await changeAll(await open());
    expect(values().length).toBeGreaterThan(PEOPLE);
    await clock.advance(DEFAULT_JOURNAL_LIMITS.maxHistoryMs);
    await expect.poll(values).toEqual(last);
  });

  test('and at once when the store is closed', async () => {
    const driver = await open();
    await changeAll(driver);
    await driver.close();
    expect(values()).toEqual(last);
  });

  test('a person who is removed is gone from the disk within five seconds', async () => {
    const driver = await open();
    const [erased] = await changeAll(driver);
    await driver.remove([erased as Unid]);
    await clock.advance(DEFAULT_JOURNAL_LIMITS.maxErasedMs);
    await expect.poll(values).toEqual(last.slice(1));
    expect(onDisk()).not.toContain(erased);
  });
});

describe('several databases in one folder', () => {
  test('live side by side, each with documents of its own', async () => {
    const presence = await open();
    const names = await open(otherDatabase(config(), 'names.nsf'));
    await create(presence, [{ Form: 'Presence', Status: 'available' }]);
    await create(names, [
      { Form: 'Person', FullName: 'CN=Ana/O=C' },
      { Form: 'Person', FullName: 'CN=Ben/O=C' },
    ]);
    const count = async (driver: Driver, form: string) =>
      (await driver.find({ query: `Form = '${form}'`, itemNames: ['Form'] })).length;
    expect([await count(presence, 'Presence'), await count(presence, 'Person')]).toEqual([1, 0]);
    expect([await count(names, 'Presence'), await count(names, 'Person')]).toEqual([0, 2]);
    expect(readdirSync(store).sort()).toEqual(['names.nsf', 'presence.nsf']);
  });

  test('a database may lie in a folder, written with either slash', async () => {
    await create(await open(otherDatabase(config(), 'apps\\presence.nsf')), [{ Form: 'Presence' }]);
    expect(readByPage(join(store, 'apps', 'presence.nsf')).size).toBe(1);
  });

  test.each(['../other.nsf', 'a//b.nsf', '/etc/x.nsf', 'apps\\..\\..\\x'])('"%s" leads nowhere', async (path) => {
    const driver = createDriver(otherDatabase(config(), path), { clock, log: silentLog });
    await expect(driver.open()).rejects.toMatchObject({ code: 'CFG_INVALID' });
  });
});

describe('a store that is read while a bridge owns it', () => {
  const reading = () => open({ ...config(), readOnly: true });

  test('shows what was written last', async () => {
    const owner = await open();
    const [unid] = await create(owner, [{ Form: 'Presence', Status: 'available' }]);
    await owner.replaceItems([{ unid: unid as Unid, items: { Status: 'busy' } }]);
    const found = await (await reading()).find({ query: "Form = 'Presence'", itemNames: ['Status'] });
    expect(found.map(({ items }) => items)).toEqual([{ Status: 'busy' }]);
  });

  test('takes no change and leaves the files as they are', async () => {
    await create(await open(), [{ Form: 'Presence', Status: 'available' }]);
    const before = [readdirSync(folder()), onDisk()];
    const reader = await reading();
    await expect(reader.create([{ Form: 'Presence' }])).rejects.toMatchObject({ code: 'NOTES_READ_ONLY' });
    await reader.close();
    expect([readdirSync(folder()), onDisk()]).toEqual(before);
  });

  test('finds nothing, and makes nothing, where there is no store', async () => {
    rmSync(store, { recursive: true });
    expect(await (await reading()).find({ query: "Form = 'Presence'", itemNames: ['Form'] })).toEqual([]);
    expect(() => readdirSync(store)).toThrow('ENOENT');
  });
});
