import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Driver } from '../../../../src/notes/driver.js';
import { FORMS, PERSON_ITEMS as ITEM } from '../../../../src/notes/fields.js';
import { textOf } from '../../../../src/notes/item-access.js';
import type { Items } from '../../../../src/notes/item-value.js';
import { KeyedDocuments } from '../../../../src/notes/keyed-documents.js';
import { NO_UNID, person, RestSite, unidsOf } from '../../../support/rest-server-site.js';

let site: RestSite;

beforeEach(async () => {
  site = await RestSite.start();
});

afterEach(() => site.stop());

const twenty = Array.from({ length: 20 }, (_, at) => person(`p${at}`));
const refused = (status: number) => ({ status, body: JSON.stringify({ status, message: 'no' }) });

describe('changes', () => {
  test('a single document that refuses the bridge is not the whole database', async () => {
    const driver = await site.opened();
    const [unid = NO_UNID] = await unidsOf(driver, [person('ana')]);
    site.server.faults.instead = ({ method }) => (method === 'PATCH' ? refused(403) : undefined);
    const outcomes = await driver.replaceItems([{ unid, items: { [ITEM.rank]: 1 } }]);
    expect(outcomes).toMatchObject([{ ok: false, error: { code: 'NOTES_FORBIDDEN' } }]);
  });

  test('run in parallel, but no more than allowed', async () => {
    const driver = await site.opened({ parallel: 3 });
    const unids = await unidsOf(driver, twenty.slice(0, 18));
    // None is answered before three are there.
    let waiting: (() => void)[] = [];
    site.server.faults.before = ({ method }) =>
      new Promise((go) => {
        waiting.push(go);
        if (method === 'PATCH' && waiting.length < 3) return;
        for (const one of waiting) one();
        waiting = [];
      });
    const outcomes = await driver.replaceItems(unids.map((unid) => ({ unid, items: { [ITEM.rank]: 1 } })));
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(site.server.mostPatches).toBe(3);
  });

  test('calls at the same time do not share the parallel requests', async () => {
    const driver = await site.opened({ parallel: 2 });
    const unids = await unidsOf(driver, twenty);
    const change = (rank: number) => driver.replaceItems(unids.map((unid) => ({ unid, items: { [ITEM.rank]: rank } })));
    await Promise.all([change(1), change(2), change(3)]);
    expect(site.server.mostPatches).toBeLessThanOrEqual(2);
    const found = await driver.find({ query: "Form = 'Presence'", itemNames: [ITEM.rank] });
    expect(new Set(found.map(({ items }) => items[ITEM.rank]))).toEqual(new Set([3]));
  });

  test('of one document in one call keep their order', async () => {
    const driver = await site.opened();
    const [unid = NO_UNID] = await unidsOf(driver, [person('ana')]);
    const changes = Array.from({ length: 10 }, (_, rank) => ({ unid, items: { [ITEM.rank]: rank } }));
    expect(await driver.replaceItems(changes)).toHaveLength(10);
    const ranks = site.server.seen.filter(({ method }) => method === 'PATCH').map(({ body }) => body[ITEM.rank]);
    expect(ranks).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('an overloaded server stops the rest of the call', async () => {
    const driver = await site.opened();
    const unids = await unidsOf(driver, twenty);
    let patches = 0;
    site.server.faults.instead = ({ method }) => (method === 'PATCH' && ++patches > 5 ? refused(429) : undefined);
    const call = driver.replaceItems(unids.map((unid) => ({ unid, items: { [ITEM.rank]: 1 } })));
    await expect(call).rejects.toMatchObject({ code: 'NOTES_BUSY' });
    expect(patches).toBeLessThan(12);
  });

  test('documents with an internal error fail alone, even when it is all of them', async () => {
    const driver = await site.opened();
    const unids = await unidsOf(driver, twenty.slice(0, 3));
    const changes = unids.map((unid) => ({ unid, items: { [ITEM.rank]: 1 } }));
    site.server.faults.instead = ({ path }) => (path.endsWith(unids[1] ?? '') ? refused(500) : undefined);
    const outcomes = await driver.replaceItems(changes);
    expect(outcomes.map((one) => (one.ok ? 'ok' : one.error.code))).toEqual(['ok', 'NOTES_INTERNAL', 'ok']);
    site.server.faults.instead = () => refused(500);
    const all = await driver.replaceItems(changes);
    expect(all.map((one) => (one.ok ? 'ok' : one.error.code))).toEqual(changes.map(() => 'NOTES_INTERNAL'));
  });

  test('a field that the schema lacks is told as a matter of the schema', async () => {
    const driver = await site.opened();
    const [ana = NO_UNID, ben = NO_UNID] = await unidsOf(driver, twenty);
    const outcomes = await driver.replaceItems([
      { unid: ana, items: { Unheard: 'x' } },
      { unid: ben, items: { [ITEM.rank]: 1 } },
    ]);
    expect(outcomes.map((one) => (one.ok ? 'ok' : one.error.code))).toEqual(['NOTES_SCOPE', 'ok']);
  });

  test('an empty name or moment takes the item away', async () => {
    const driver = await site.opened();
    const name = { type: 'text', data: 'CN=Ana/O=Contoso', names: true } as const;
    const since = { type: 'datetime', data: '2026-01-05T09:30:00Z' } as const;
    const others = { type: 'text', data: ['CN=A/O=Contoso', 'CN=B/O=Contoso'], names: true } as const;
    const [unid = NO_UNID] = await unidsOf(driver, [
      person('ana', { [ITEM.name]: name, [ITEM.since]: since, [ITEM.otherNames]: others }),
    ]);
    const itemNames = [ITEM.name, ITEM.since, ITEM.otherNames, ITEM.key];
    expect((await driver.read([unid], itemNames))[0]?.items).toEqual({
      [ITEM.name]: name,
      [ITEM.since]: since,
      [ITEM.otherNames]: others,
      [ITEM.key]: 'ana',
    });
    const empty = { type: 'text', data: '', names: true } as const;
    await driver.replaceItems([{ unid, items: { [ITEM.name]: empty, [ITEM.since]: '', [ITEM.otherNames]: empty } }]);
    expect((await driver.read([unid], itemNames))[0]?.items).toEqual({ [ITEM.key]: 'ana' });
  });
});

describe('creation', () => {
  test('goes in requests of at most 50 documents', async () => {
    const driver = await site.opened();
    await unidsOf(
      driver,
      Array.from({ length: 100 }, (_, at) => person(`p${at}`)),
    );
    const sizes = site.server.seen.filter(({ path }) => path === '/bulk/create').map(({ body }) => body['documents']);
    expect(sizes.map((documents) => (documents as readonly unknown[]).length)).toEqual([50, 50]);
  });

  test('an answer in another order is matched by what it holds', async () => {
    const driver = await site.opened();
    site.server.faults.bend = ({ path }, json) => (path === '/bulk/create' ? [...(json as unknown[])].reverse() : json);
    const unids = await unidsOf(driver, twenty);
    const read = await driver.read(unids, [ITEM.key]);
    expect(read.map((document) => document?.items[ITEM.key])).toEqual(twenty.map((items) => items[ITEM.key]));
  });

  test('an answer that leaves a doubt is an unknown outcome, to be looked up', async () => {
    const driver = await site.opened();
    site.server.faults.bend = ({ path }, json) => (path === '/bulk/create' ? (json as unknown[]).slice(1) : json);
    await expect(driver.create(twenty)).rejects.toMatchObject({ code: 'NOTES_INTERNAL', retry: 'later' });
  });
});

describe('forms and modes', () => {
  test('answers in the older form are read alike', async () => {
    const driver = await site.opened();
    site.server.documents.flat = true;
    const [unid] = await unidsOf(driver, [person('ana')]);
    const [found] = await driver.find({ query: "Form = 'Presence'", itemNames: [ITEM.key] });
    expect(found).toMatchObject({ unid, revision: expect.any(String), items: { [ITEM.key]: 'ana' } });
  });

  test('a form without the mode for queries has no documents there', async () => {
    const driver = await site.opened();
    await unidsOf(driver, [person('ana')]);
    const { schema } = site.server.documents;
    const forms = schema.forms.map((form) => ({
      ...form,
      formModes: form.formModes.filter(({ modeName }) => modeName !== 'dql'),
    }));
    site.server.documents.schema = { ...schema, forms };
    expect(await driver.find({ query: "Form = 'Presence'", itemNames: [ITEM.key] })).toEqual([]);
  });

  test('a schema that forbids queries is told when the driver opens', async () => {
    site.server.documents.schema = { ...site.server.documents.schema, dqlAccess: false };
    await expect(site.driver().open()).rejects.toMatchObject({ code: 'NOTES_SCOPE', retry: 'after-config' });
  });

  test('a schema that demands revisions is told as such, not as a change by somebody else', async () => {
    const driver = await site.opened();
    const [unid = NO_UNID] = await unidsOf(driver, [person('ana')]);
    site.server.documents.schema = { ...site.server.documents.schema, requireRevisionToUpdate: true };
    const outcomes = await driver.replaceItems([{ unid, items: { [ITEM.rank]: 1 } }]);
    expect(outcomes).toMatchObject([{ ok: false, error: { code: 'NOTES_SCOPE', retry: 'after-config' } }]);
  });

  test('a schema without deletion refuses it for all', async () => {
    const driver = await site.opened();
    const unids = await unidsOf(driver, twenty);
    const { schema } = site.server.documents;
    const forms = schema.forms.map((form) => ({
      ...form,
      formModes: form.formModes.map((mode) => ({ ...mode, deleteAccessFormula: { formula: '@False' } })),
    }));
    site.server.documents.schema = { ...schema, forms };
    const outcomes = await driver.remove(unids);
    expect(new Set(outcomes.map((one) => (one.ok ? 'ok' : one.error.code)))).toEqual(new Set(['NOTES_FORBIDDEN']));
  });
});

describe('the store over this driver', () => {
  const keyed = (driver: Driver) =>
    new KeyedDocuments<string>(
      driver,
      {
        form: FORMS.person,
        keyItem: ITEM.key,
        keyOf: (items) => textOf(items, ITEM.key) || undefined,
        itemNames: [ITEM.key, ITEM.rank],
        isOurs: () => true,
        batchSize: 100,
        mayWrite: () => true,
      },
      site.log,
    );
  const entries = (rank: number) =>
    new Map(twenty.map((items): [string, Items] => [textOf(items, ITEM.key), { ...items, [ITEM.rank]: rank }]));

  test('an answer that is lost after documents were created makes no second ones', async () => {
    const driver = await site.opened();
    const documents = keyed(driver);
    await documents.load(() => {});
    site.server.faults.begin({ kind: 'lost-answer' });
    await expect(documents.put(entries(1))).rejects.toMatchObject({ code: 'NOTES_UNREACHABLE' });
    expect((await documents.put(entries(2))).failed.size).toBe(0);
    expect(site.server.documents.engine.size).toBe(20);
  });

  test('a document that somebody deleted is made anew', async () => {
    const driver = await site.opened();
    const documents = keyed(driver);
    await documents.load(() => {});
    await documents.put(entries(1));
    const [victim] = await driver.find({ query: "Form = 'Presence'", itemNames: [ITEM.key] });
    await driver.remove([victim?.unid ?? NO_UNID]);
    expect((await documents.put(entries(2))).failed.size).toBe(0);
    expect(site.server.documents.engine.size).toBe(20);
  });
});
