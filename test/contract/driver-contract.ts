import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dqlForm, dqlText } from '../../src/notes/dql-text.js';
import type { DocumentOutcome, Driver, FoundDocument } from '../../src/notes/driver.js';
import { FORMS, PERSON_ITEMS as ITEM } from '../../src/notes/fields.js';
import { momentOf, numberOf, textOf } from '../../src/notes/item-access.js';
import type { Items } from '../../src/notes/item-value.js';
import { BridgeError } from '../../src/presence/errors.js';
import { parseUnid, type Unid } from '../../src/presence/ids.js';
import type { DriverFaults, SentDocument, Trouble } from './driver-faults.js';

/** One database, and ways to reach and to trouble it. */
export interface Backend {
  /** A fresh driver for the same database, not yet open. Whoever asks for it closes it. */
  driver(): Driver;
  readonly faults: DriverFaults;
  /** Moves the clock of the drivers on, when it is a simulated one. */
  readonly advance?: (milliseconds: number) => Promise<void>;
  /** Documents that the driver reads at once, at most: the suite writes more than twice as many. */
  readonly pageSize: number;
  /** Called when the drivers are closed. */
  close(): Promise<void>;
}

/** What not every backend can do, besides troubles. */
export type Ability =
  | Trouble['kind']
  /** Time that moves only when told. */
  | 'simulated-clock'
  /** `Driver.revisions`: conditional changes. */
  | 'revisions'
  /** Takes items that no form of the template has. */
  | 'any-item'
  /** Nothing but the suite is in the database. */
  | 'empty-database';

/** Why a backend lacks an ability; tests that need it are skipped and give the reason. */
export type Lacks = Partial<Readonly<Record<Ability, string>>>;

/** How the name of the bridge begins in documents of the suite. */
export const CONTRACT_MARK = 'contract-';

const NOBODY = 'F'.repeat(32) as Unid;
/** Longer than any time-out of a driver. */
const LONG_MS = 300_000;
const STEP_MS = 1_000;
/** While nothing but files or sockets is waited for. */
const SMALL_STEP_MS = 100;
const REAL_PAUSE_MS = 2;

/**
 * What the store relies on, whichever driver it has. Documents of the suite have the form of people and a mark in
 * `Bridge`, and are removed after each test, so that it can run against a real database too.
 */
export function driverContract(name: string, makeBackend: () => Promise<Backend>, lacks: Lacks = {}): void {
  describe(`the contract of drivers: ${name}`, () => {
    let backend: Backend;
    let driver: Driver;
    let mark: string;
    const drivers: Driver[] = [];

    const another = (): Driver => {
      const made = backend.driver();
      drivers.push(made);
      return made;
    };

    beforeEach(async () => {
      mark = `${CONTRACT_MARK}${randomBytes(8).toString('hex')}`;
      backend = await makeBackend();
      driver = another();
      await driver.open();
    });

    afterEach(async () => {
      backend.faults.heal();
      await cleanUp();
      for (const one of drivers.splice(0)) await one.close();
      await backend.close();
    });

    /** A driver of its own: the test's may still wait for answers that never come. */
    const cleanUp = async (): Promise<void> => {
      const cleaner = another();
      await cleaner.open();
      const left = await cleaner.find({ query: ours(), itemNames: [ITEM.form] });
      for (let done = 0; done < left.length; done += cleaner.maxBatch) {
        await cleaner.remove(left.slice(done, done + cleaner.maxBatch).map(({ unid }) => unid));
      }
    };

    const ours = (): string => dqlForm(FORMS.person, `${ITEM.bridge} = ${dqlText(mark)}`);
    const person = (displayName: string, items: Items = {}): Items => {
      const key = randomBytes(16).toString('hex');
      return {
        [ITEM.form]: FORMS.person,
        [ITEM.key]: key,
        [ITEM.address]: `sip:${key}@contract.example`,
        [ITEM.displayName]: displayName,
        [ITEM.bridge]: mark,
        ...items,
      };
    };
    const create = async (...documents: readonly Items[]): Promise<readonly Unid[]> =>
      (await driver.create(documents)).map(unidOf);
    const createOne = async (document: Items): Promise<Unid> => (await create(document))[0] ?? NOBODY;
    const fill = async (count: number): Promise<void> => {
      for (let done = 0; done < count; ) {
        const size = Math.min(driver.maxBatch, count - done);
        await create(...Array.from({ length: size }, (_, at) => person(`p${done + at}`)));
        done += size;
      }
    };
    const find = (itemNames: readonly string[] = [ITEM.displayName]): Promise<readonly FoundDocument[]> =>
      driver.find({ query: ours(), itemNames });
    const names = async (): Promise<readonly string[]> =>
      (await find()).map(({ items }) => textOf(items, ITEM.displayName)).sort();
    const refuse = (displayName: string, unid?: Unid): void =>
      backend.faults.begin({
        kind: 'refused-document',
        isRefused: (sent: SentDocument) =>
          sent.items[ITEM.displayName] === displayName || (unid !== undefined && sent.unid === unid),
      });

    /** Lets time pass until the call has ended, as in a process that goes on living. */
    const inTime = async <T>(call: Promise<T>): Promise<T> => {
      if (backend.advance === undefined) return call;
      const end = { reached: false };
      const ended = (): void => {
        end.reached = true;
      };
      call.then(ended, ended);
      for (let passed = 0; !end.reached && passed < LONG_MS; ) {
        // Sockets and files take real time, in which the clock of the drivers must not run away.
        await new Promise(backend.faults.isWaiting ? setImmediate : (resolve) => setTimeout(resolve, REAL_PAUSE_MS));
        if (end.reached) break;
        const step = backend.faults.isWaiting ? STEP_MS : SMALL_STEP_MS;
        await backend.advance(step);
        passed += step;
      }
      expect(end.reached, 'the call has ended').toBe(true);
      return call;
    };

    /** Registers a test that needs these abilities; where one is lacking it is skipped, with the reason in its name. */
    const testWith = (abilities: readonly Ability[], title: string, run: () => Promise<void>): void => {
      const reason = abilities.map((ability) => lacks[ability]).find((text) => text !== undefined);
      test.skipIf(reason !== undefined)(reason === undefined ? title : `${title} (skipped: ${reason})`, run);
    };

    describe('identity', () => {
      test('tells what it is without contacting anything', async () => {
        const { kind, module, version } = await another().identify();
        expect(kind).toMatch(/^(embedded|domino-db|domino-rest)$/);
        expect([module, version]).not.toContain('');
      });

      test('says whether it has revisions', () => {
        expect(driver.revisions).toBe(lacks.revisions === undefined);
      });

      test('a call before it is open fails and contacts nothing', async () => {
        await expect(another().find({ query: ours(), itemNames: [] })).rejects.toMatchObject({
          code: 'NOTES_UNREACHABLE',
        });
      });
    });

    describe('reads and writes', () => {
      test('gives each created document an id of its own', async () => {
        const unids = await create(person('Ana'), person('Ben'));
        expect(new Set(unids).size).toBe(2);
        for (const unid of unids) expect(parseUnid(unid)).toEqual({ ok: true, value: unid });
      });

      test('finds documents with the items asked for and the moment of creation', async () => {
        const unid = await createOne(person('Ana', { [ITEM.rank]: 3 }));
        const found = await find([ITEM.displayName, ITEM.rank, ITEM.note]);
        expect(found).toMatchObject([{ unid, created: expect.any(Number) }]);
        const items = found[0]?.items ?? {};
        expect([textOf(items, ITEM.displayName), numberOf(items, ITEM.rank), textOf(items, ITEM.note)]).toEqual([
          'Ana',
          3,
          '',
        ]);
        expect(Object.keys(items)).not.toContain(ITEM.key);
      });

      test('keeps every kind of value that people have', async () => {
        await create(
          person('Grüße, Ἀθῆναι, 東京 👋', {
            [ITEM.activity]: '',
            [ITEM.rank]: 1.5,
            [ITEM.name]: { type: 'text', data: 'CN=Ana Reyes/OU=Sales/O=Contoso', names: true },
            [ITEM.otherNames]: { type: 'text', data: ['CN=Ana Ruiz/O=Contoso', 'CN=A Reyes/O=Contoso'], names: true },
            [ITEM.since]: { type: 'datetime', data: '2026-01-05T09:30:00Z' },
          }),
        );
        const items = (await find(Object.values(ITEM)))[0]?.items ?? {};
        expect(textOf(items, ITEM.displayName)).toBe('Grüße, Ἀθῆναι, 東京 👋');
        expect(textOf(items, ITEM.activity)).toBe('');
        expect(numberOf(items, ITEM.rank)).toBe(1.5);
        expect(textOf(items, ITEM.name)).toBe('CN=Ana Reyes/OU=Sales/O=Contoso');
        expect(listOf(items, ITEM.otherNames)).toEqual(['CN=Ana Ruiz/O=Contoso', 'CN=A Reyes/O=Contoso']);
        expect(momentOf(items, ITEM.since)).toBe(Date.UTC(2026, 0, 5, 9, 30));
      });

      testWith(['any-item'], 'keeps lists of texts and of numbers', async () => {
        await create(person('Ana', { ContractTexts: ['a', 'b'], ContractNumbers: [1, -2] }));
        const items = (await find(['ContractTexts', 'ContractNumbers']))[0]?.items;
        expect(items).toEqual({ ContractTexts: ['a', 'b'], ContractNumbers: [1, -2] });
      });

      test('sets the items that are named and leaves the others alone', async () => {
        const unid = await createOne(person('Ana', { [ITEM.rank]: 3, [ITEM.note]: 'here' }));
        expect(await driver.replaceItems([{ unid, items: { [ITEM.rank]: 4 } }])).toEqual([{ ok: true, unid }]);
        const items = (await find([ITEM.displayName, ITEM.rank, ITEM.note]))[0]?.items ?? {};
        expect([textOf(items, ITEM.displayName), numberOf(items, ITEM.rank), textOf(items, ITEM.note)]).toEqual([
          'Ana',
          4,
          'here',
        ]);
      });

      test('empty text takes the place of what stood in an item', async () => {
        const unid = await createOne(person('Ana', { [ITEM.note]: 'here' }));
        await driver.replaceItems([{ unid, items: { [ITEM.note]: '' } }]);
        expect(textOf((await find([ITEM.displayName, ITEM.note]))[0]?.items ?? {}, ITEM.note)).toBe('');
      });

      test('gives each document its own values in one call', async () => {
        const unids = await create(person('Ana'), person('Ben'));
        await driver.replaceItems(unids.map((unid, rank) => ({ unid, items: { [ITEM.rank]: rank } })));
        const ranks = new Map((await find([ITEM.rank])).map(({ unid, items }) => [unid, numberOf(items, ITEM.rank)]));
        expect(unids.map((unid) => ranks.get(unid))).toEqual([0, 1]);
      });

      test('deletes documents', async () => {
        const [ana = NOBODY, ben] = await create(person('Ana'), person('Ben'));
        expect(await driver.remove([ana])).toEqual([{ ok: true, unid: ana }]);
        expect((await find()).map(({ unid }) => unid)).toEqual([ben]);
      });

      test('reads documents by id, in order, and tells which are not there', async () => {
        const [ana = NOBODY, ben = NOBODY] = await create(person('Ana'), person('Ben'));
        const read = await driver.read([ben, NOBODY, ana], [ITEM.displayName]);
        expect(read.map((document) => document && textOf(document.items, ITEM.displayName))).toEqual([
          'Ben',
          undefined,
          'Ana',
        ]);
      });

      test('what one driver writes another finds', async () => {
        await create(person('Ana'));
        const other = another();
        await other.open();
        expect(await other.find({ query: ours(), itemNames: [ITEM.displayName] })).toHaveLength(1);
      });

      test('an empty bulk call does nothing', async () => {
        expect([await driver.create([]), await driver.replaceItems([]), await driver.remove([])]).toEqual([[], [], []]);
        expect(await driver.read([], [ITEM.displayName])).toEqual([]);
      });

      test('takes a call of the largest size, and refuses a larger one', async () => {
        await fill(driver.maxBatch);
        expect(await find()).toHaveLength(driver.maxBatch);
        const tooMany = Array.from({ length: driver.maxBatch + 1 }, () => person('x'));
        await expect(driver.create(tooMany)).rejects.toThrow(RangeError);
      });

      test('calls at the same time do not disturb each other', async () => {
        await Promise.all([find(), create(person('Ana')), find(), create(person('Ben'))]);
        expect(await names()).toEqual(['Ana', 'Ben']);
      });
    });

    describe('queries', () => {
      test('a quote in a literal is part of the text', async () => {
        await create(person("O'Neil"), person('ONeil'));
        const query = dqlForm(
          FORMS.person,
          `${ITEM.displayName} = ${dqlText("O'Neil")} and ${ITEM.bridge} = '${mark}'`,
        );
        const found = await driver.find({ query, itemNames: [ITEM.displayName] });
        expect(found.map(({ items }) => textOf(items, ITEM.displayName))).toEqual(["O'Neil"]);
      });

      test('finds by a list of keys', async () => {
        const [ana, ben, cleo] = [person('Ana'), person('Ben'), person('Cleo')];
        await create(ana, ben, cleo);
        const keys = [ana, cleo].map((document) => dqlText(textOf(document, ITEM.key))).join(', ');
        const query = dqlForm(FORMS.person, `${ITEM.key} in (${keys})`);
        const found = await driver.find({ query, itemNames: [ITEM.displayName] });
        expect(found.map(({ items }) => textOf(items, ITEM.displayName)).sort()).toEqual(['Ana', 'Cleo']);
      });

      test('one that cannot be read is NOTES_BAD_REQUEST, without its text', async () => {
        const error = await driver.find({ query: 'Form = secret', itemNames: [] }).catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(BridgeError);
        expect(error).toMatchObject({ code: 'NOTES_BAD_REQUEST' });
        expect(JSON.stringify(error)).not.toContain('secret');
      });

      testWith(['empty-database'], 'a database without documents is no error, whatever the query', async () => {
        expect(await driver.find({ query: '@all', itemNames: [ITEM.form] })).toEqual([]);
      });
    });

    describe('pages', () => {
      test('finds more documents than pages hold, each once', async () => {
        const count = 2 * backend.pageSize + 50;
        await fill(count);
        const found = await names();
        expect([found.length, new Set(found).size]).toEqual([count, count]);
      });

      test('finds exactly one page, and none', async () => {
        expect(await find()).toEqual([]);
        await fill(backend.pageSize);
        expect(await find()).toHaveLength(backend.pageSize);
      });

      testWith(['changed-between-pages'], 'misses nobody when a document vanishes between pages', async () => {
        const count = backend.pageSize + 50;
        await fill(count);
        const victim = (await find())[0]?.unid ?? NOBODY;
        const other = another();
        await other.open();
        let changes = 0;
        const change = async (): Promise<void> => {
          changes++;
          await other.remove([victim]);
        };
        backend.faults.begin({ kind: 'changed-between-pages', change });
        const found = new Set((await find()).map(({ unid }) => unid));
        found.delete(victim);
        expect([changes, found.size]).toEqual([1, count - 1]);
      });
    });

    describe('single documents that fail', () => {
      test('an unknown document fails alone', async () => {
        const ana = await createOne(person('Ana'));
        const outcomes = await driver.replaceItems([
          { unid: NOBODY, items: { [ITEM.displayName]: 'Nobody' } },
          { unid: ana, items: { [ITEM.displayName]: 'Anna' } },
        ]);
        expect(outcomes.map(codeOrOk)).toEqual(['NOTES_NOT_FOUND', 'ok']);
        expect(await names()).toEqual(['Anna']);
      });

      test('an unknown document cannot be deleted', async () => {
        const ana = await createOne(person('Ana'));
        expect((await driver.remove([NOBODY, ana])).map(codeOrOk)).toEqual(['NOTES_NOT_FOUND', 'ok']);
      });

      testWith(['refused-document'], 'a refused creation leaves the others in their order, with a reason', async () => {
        refuse('Ben');
        const outcomes = await driver.create([person('Ana'), person('Ben'), person('Cleo')]);
        expect(outcomes.map(codeOrOk)).toEqual(['ok', 'NOTES_BAD_REQUEST', 'ok']);
        const [, refused] = outcomes;
        expect(refused?.ok === false && refused.error.message).toBeTruthy();
        expect(await names()).toEqual(['Ana', 'Cleo']);
      });

      testWith(['refused-document'], 'a refused change leaves the others done', async () => {
        const unids = await create(person('Ana'), person('Ben'), person('Cleo'));
        refuse('', unids[1]);
        const outcomes = await driver.replaceItems(unids.map((unid) => ({ unid, items: { [ITEM.rank]: 7 } })));
        expect(outcomes.map(codeOrOk)).toEqual(['ok', 'NOTES_BAD_REQUEST', 'ok']);
        const ranks = new Map((await find([ITEM.bridge, ITEM.rank])).map(({ unid, items }) => [unid, items]));
        expect(unids.map((unid) => numberOf(ranks.get(unid) ?? {}, ITEM.rank))).toEqual([7, undefined, 7]);
      });

      testWith(['refused-document'], 'a refused deletion leaves the others done', async () => {
        const unids = await create(person('Ana'), person('Ben'), person('Cleo'));
        refuse('', unids[1]);
        expect((await driver.remove(unids)).map(codeOrOk)).toEqual(['ok', 'NOTES_BAD_REQUEST', 'ok']);
        expect(await names()).toEqual(['Ben']);
      });

      testWith(['hidden-documents'], 'documents that readers fields hide are left out', async () => {
        const [ana = NOBODY] = await create(person('Ana'), person('Ben'));
        backend.faults.begin({ kind: 'hidden-documents', unids: [ana] });
        expect(await names()).toEqual(['Ben']);
        expect((await driver.read([ana], [ITEM.displayName]))[0]).toBeUndefined();
      });
    });

    describe('revisions', () => {
      testWith(['revisions'], 'a change that names the revision it has read is made', async () => {
        const unid = await createOne(person('Ana'));
        const revision = (await find())[0]?.revision ?? '';
        expect(revision).not.toBe('');
        expect(await driver.replaceItems([{ unid, revision, items: { [ITEM.rank]: 5 } }])).toEqual([
          { ok: true, unid },
        ]);
        expect((await driver.read([unid], [ITEM.rank]))[0]?.revision).not.toBe(revision);
      });

      testWith(['revisions'], 'a change that names an older revision is NOTES_CHANGED, and not made', async () => {
        const unid = await createOne(person('Ana'));
        const revision = (await find())[0]?.revision ?? '';
        await driver.replaceItems([{ unid, items: { [ITEM.rank]: 5 } }]);
        const outcomes = await driver.replaceItems([{ unid, revision, items: { [ITEM.rank]: 6 } }]);
        expect(outcomes.map(codeOrOk)).toEqual(['NOTES_CHANGED']);
        expect(numberOf((await find([ITEM.rank]))[0]?.items ?? {}, ITEM.rank)).toBe(5);
      });

      testWith(['revisions'], 'of two changes that name the same revision one is made', async () => {
        const unid = await createOne(person('Ana'));
        const revision = (await find())[0]?.revision ?? '';
        const other = another();
        await other.open();
        const outcomes = await Promise.all(
          [driver, other].map(async (one, rank) =>
            one.replaceItems([{ unid, revision, items: { [ITEM.rank]: rank } }]),
          ),
        );
        expect(outcomes.flat().map(codeOrOk).sort()).toEqual(['NOTES_CHANGED', 'ok']);
      });
    });

    describe('calls that fail as a whole', () => {
      testWith(
        ['unreachable'],
        'a server that is away is NOTES_UNREACHABLE, and all is well when it is back',
        async () => {
          backend.faults.begin({ kind: 'unreachable' });
          await expect(inTime(driver.open())).rejects.toMatchObject({ code: 'NOTES_UNREACHABLE', retry: 'later' });
          await expect(inTime(driver.create([person('Ana')]))).rejects.toMatchObject({ code: 'NOTES_UNREACHABLE' });
          backend.faults.heal();
          await driver.open();
          expect(await names()).toEqual([]);
        },
      );

      testWith(
        ['acl-denied'],
        'without the right to write reading goes on, and writing is NOTES_FORBIDDEN',
        async () => {
          const unid = await createOne(person('Ana'));
          backend.faults.begin({ kind: 'acl-denied', what: 'writing' });
          await driver.open();
          expect(await failureOf(driver.create([person('Ben')]))).toBe('NOTES_FORBIDDEN');
          expect(await failureOf(driver.replaceItems([{ unid, items: { [ITEM.rank]: 1 } }]))).toBe('NOTES_FORBIDDEN');
          expect(await failureOf(driver.remove([unid]))).toBe('NOTES_FORBIDDEN');
          expect(await names()).toEqual(['Ana']);
        },
      );

      testWith(['acl-denied'], 'without any right it cannot be opened: NOTES_FORBIDDEN', async () => {
        backend.faults.begin({ kind: 'acl-denied', what: 'everything' });
        await expect(driver.open()).rejects.toMatchObject({ code: 'NOTES_FORBIDDEN', exitCode: 77 });
        backend.faults.heal();
        await driver.open();
      });

      for (const [kind, code] of [
        ['full', 'NOTES_FULL'],
        ['read-only', 'NOTES_READ_ONLY'],
      ] as const) {
        testWith([kind], `a database that is ${kind} is ${code} to writers, and goes on after it`, async () => {
          const unid = await createOne(person('Ana'));
          backend.faults.begin({ kind });
          await driver.open();
          expect(await failureOf(driver.create([person('Ben')]))).toBe(code);
          expect(await failureOf(driver.replaceItems([{ unid, items: { [ITEM.rank]: 1 } }]))).toBe(code);
          expect(await names()).toEqual(['Ana']);
          backend.faults.heal();
          await create(person('Ben'));
          expect(await names()).toEqual(['Ana', 'Ben']);
        });
      }

      testWith(['no-database'], 'a database that is not there shows when it is opened', async () => {
        backend.faults.begin({ kind: 'no-database' });
        const error = await driver.open().catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({
          code: expect.stringMatching(/^NOTES_(NOT_FOUND|SCOPE)$/),
          retry: 'after-config',
        });
      });

      testWith(
        ['lost-answer'],
        'an answer that was lost leaves the write done, and the call to be tried later',
        async () => {
          backend.faults.begin({ kind: 'lost-answer' });
          await expect(inTime(driver.create([person('Ana')]))).rejects.toMatchObject({ retry: 'later' });
          await inTime(driver.open());
          expect(await names()).toEqual(['Ana']);
        },
      );
    });

    describe('time', () => {
      testWith(['hang', 'simulated-clock'], 'a call that hangs ends with NOTES_TIMEOUT', async () => {
        backend.faults.begin({ kind: 'hang' });
        const call = driver.create([person('Ana')]);
        await expect(inTime(call)).rejects.toMatchObject({ code: 'NOTES_TIMEOUT', retry: 'later' });
        backend.faults.heal();
        await inTime(driver.open());
        expect((await names()).length).toBeLessThanOrEqual(1);
      });

      testWith(['hang', 'simulated-clock'], 'a write without an answer may have taken effect', async () => {
        backend.faults.begin({ kind: 'hang', after: true });
        const call = driver.create([person('Ana')]);
        await expect(inTime(call)).rejects.toMatchObject({ code: 'NOTES_TIMEOUT' });
        backend.faults.heal();
        await inTime(driver.open());
        expect(await names()).toEqual(['Ana']);
      });

      testWith(['hang', 'simulated-clock'], 'opening while nobody answers ends too', async () => {
        backend.faults.begin({ kind: 'hang' });
        const call = driver.open();
        await expect(inTime(call)).rejects.toMatchObject({ code: 'NOTES_TIMEOUT' });
      });

      testWith(['latency', 'simulated-clock'], 'slow answers are waited for', async () => {
        backend.faults.begin({ kind: 'latency', milliseconds: 5_000 });
        await inTime(create(person('Ana'), person('Ben')));
        expect(await inTime(names())).toEqual(['Ana', 'Ben']);
      });
    });
  });
}

function unidOf(outcome: DocumentOutcome): Unid {
  if (!outcome.ok) throw outcome.error;
  return outcome.unid;
}

function codeOrOk(outcome: DocumentOutcome): string {
  return outcome.ok ? 'ok' : outcome.error.code;
}

/** The one code with which a call failed, as a whole or for each of its documents. */
async function failureOf(call: Promise<readonly DocumentOutcome[]>): Promise<string> {
  try {
    return [...new Set((await call).map(codeOrOk))].join(' ');
  } catch (thrown) {
    return BridgeError.from(thrown).code;
  }
}

function listOf(items: Items, name: string): readonly unknown[] {
  const value = items[name];
  const data = typeof value === 'object' && 'data' in value ? value.data : value;
  return Array.isArray(data) ? data : [data];
}
