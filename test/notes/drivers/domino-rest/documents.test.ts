import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  failureStatus,
  foundDocument,
  type JsonObject,
  unidOf,
} from '../../../../src/notes/drivers/domino-rest/answers.js';
import { createdOutcomes } from '../../../../src/notes/drivers/domino-rest/created-outcomes.js';
import { itemsOf, jsonOf } from '../../../../src/notes/drivers/domino-rest/document-json.js';
import { findDocuments } from '../../../../src/notes/drivers/domino-rest/find-documents.js';
import { FORMS, PERSON_ITEMS as ITEM } from '../../../../src/notes/fields.js';
import type { Items } from '../../../../src/notes/item-value.js';
import { NO_UNID, person } from '../../../support/rest-server-site.js';

const unidOfNumber = (number: number): string => number.toString(16).toUpperCase().padStart(32, '0');
const element = (number: number, items: JsonObject = {}): JsonObject => ({
  '@meta': { unid: unidOfNumber(number) },
  Form: FORMS.person,
  [ITEM.key]: `k${number}`,
  ...items,
});

describe('values', () => {
  test('go there and back', () => {
    const text = fc.string({ minLength: 1 });
    const person = fc.record({
      [ITEM.form]: fc.constant(FORMS.person),
      [ITEM.displayName]: fc.string(),
      // A text that looks like a moment stays a text.
      [ITEM.note]: fc.oneof(fc.string(), fc.constant('2026-01-05T09:30:00Z')),
      [ITEM.rank]: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
      [ITEM.name]: text.map((data) => ({ type: 'text', data, names: true }) as const),
      [ITEM.otherNames]: fc
        .array(text, { minLength: 1, maxLength: 5 })
        .map((list) => ({ type: 'text', data: list.length === 1 ? (list[0] ?? '') : list, names: true }) as const),
      [ITEM.since]: fc
        .integer({ min: 0, max: 4_102_444_800 })
        .map(
          (seconds) => ({ type: 'datetime', data: `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z` }) as const,
        ),
    });
    fc.assert(
      fc.property(person, (items: Items) => {
        const sent = JSON.parse(JSON.stringify(jsonOf(items, 'change'))) as JsonObject;
        // JSON has no negative zero.
        const expected = Object.is(items[ITEM.rank], -0) ? { ...items, [ITEM.rank]: 0 } : items;
        expect(itemsOf(sent, Object.keys(items))).toEqual(expected);
      }),
    );
  });

  test('moments of any zone are read in UTC, with hundredths where there are any', () => {
    const moments = ['2026-01-05T10:30:00+01:00', '2022-08-08T10:14:30.19+08:00', 'never'];
    const read = moments.map((text) => itemsOf({ Form: FORMS.person, [ITEM.since]: text }, [ITEM.since])[ITEM.since]);
    expect(read).toEqual([
      { type: 'datetime', data: '2026-01-05T09:30:00Z' },
      { type: 'datetime', data: '2022-08-08T02:14:30.19Z' },
      undefined,
    ]);
  });

  test('fields are found whatever their case, and what is no item value is left out', () => {
    const json = {
      form: 'Person',
      FULLNAME: ['a', 'b'],
      Flag: true,
      Body: { content: 'x' },
      Mixed: ['a', 1],
      None: null,
    };
    expect(itemsOf(json, ['Form', 'FullName', 'Flag', 'Body', 'Mixed', 'None', 'Missing'])).toEqual({
      Form: 'Person',
      FullName: ['a', 'b'],
      Flag: '1',
    });
  });
});

describe('elements of bulk answers', () => {
  test.each<[string, JsonObject, number | undefined]>([
    ['a document', element(1), undefined],
    ['a document in the older form', { '@unid': unidOfNumber(1), Form: 'x' }, undefined],
    ['a document with an item named status', element(1, { status: '404' }), undefined],
    ['a report of success', { statusText: 'OK', status: 200, unid: unidOfNumber(1) }, undefined],
    ['a report in words and number', { status: 'Error', statusCode: 404, unid: unidOfNumber(1) }, 404],
    ['a report of failure', { status: 403, message: 'no' }, 403],
    ['nothing at all', {}, 400],
  ])('%s', (_, json, status) => {
    expect(failureStatus(json)).toBe(status);
  });

  test('a document without any item asked for is hidden', () => {
    expect(foundDocument(element(1), ['Unheard'])).toBeUndefined();
  });

  test('any order of created documents and failures is put right, or refused', () => {
    const build = fc.record({ count: fc.integer({ min: 1, max: 8 }), seed: fc.array(fc.nat(), { minLength: 8 }) });
    fc.assert(
      fc.property(build, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }), ({ count, seed }, fails) => {
        const sent = Array.from({ length: count }, (_, at) => person(`k${at}`));
        const elements = sent.map((_, at) => (fails[at] ? { status: 400, message: 'no' } : element(at)));
        const order = elements.map((_, at) => at).sort((a, b) => (seed[a] ?? 0) - (seed[b] ?? 0));
        const outcomes = createdOutcomes(
          order.map((at) => elements[at] ?? {}),
          sent,
        );
        expect(outcomes.map((one) => (one.ok ? one.unid : 'failed'))).toEqual(
          elements.map((one, at) => (fails[at] ? 'failed' : unidOf(one))),
        );
      }),
    );
  });

  test('two alike in another order than sent are a doubt', () => {
    const sent = [person('k1'), person('k2'), person('k2')];
    expect(() => createdOutcomes([element(2), element(2), element(1)], sent)).toThrow(/not clear/);
  });
});

describe('pages', () => {
  const pagesOf = (documents: () => readonly JsonObject[], pageSize: number, rereads = 2) => {
    const asked: number[] = [];
    return {
      asked,
      query: {
        itemNames: [ITEM.key],
        pageSize,
        rereads,
        page: (start: number, count: number) => {
          asked.push(start);
          return Promise.resolve(documents().slice(start, start + count));
        },
      },
    };
  };

  test('all documents are found once, whatever the size of pages', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 2, max: 12 }), async (count, pageSize) => {
        const all = Array.from({ length: count }, (_, at) => element(at));
        const { found, isStable } = await findDocuments(pagesOf(() => all, pageSize).query);
        expect(isStable).toBe(true);
        expect(found.map(({ unid }) => unid)).toEqual(all.map(unidOf));
      }),
    );
  });

  test('a document that vanishes at any moment hides no other', async () => {
    const cases = fc.record({
      count: fc.integer({ min: 3, max: 40 }),
      pageSize: fc.integer({ min: 2, max: 8 }),
      page: fc.integer({ min: 1, max: 12 }),
      victim: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(cases, async ({ count, pageSize, page, victim }) => {
        const all = Array.from({ length: count }, (_, at) => element(at));
        const gone = unidOf(all[victim % count] ?? {});
        let pages = 0;
        const { query } = pagesOf(() => (++pages > page ? all.filter((one) => unidOf(one) !== gone) : all), pageSize);
        const found = new Set((await findDocuments(query)).found.map(({ unid }) => unid));
        for (const one of all) {
          const unid = unidOf(one) ?? NO_UNID;
          if (unid !== gone) expect(found.has(unid)).toBe(true);
        }
      }),
    );
  });

  test('matches that never stand still are read as often as allowed, and what was seen is told', async () => {
    const all = Array.from({ length: 10 }, (_, at) => element(at));
    let turn = 0;
    const { query, asked } = pagesOf(() => {
      turn++;
      return [...all.slice(turn % 10), ...all.slice(0, turn % 10)];
    }, 4);
    const { isStable } = await findDocuments(query);
    expect(isStable).toBe(false);
    expect(asked.filter((start) => start === 0)).toHaveLength(3);
  });

  test('matches that shift each time they are read are read to their end', async () => {
    const all = Array.from({ length: 40 }, (_, at) => element(at));
    let first = 0;
    const { query } = pagesOf(() => all.slice(first), 4);
    const page = (start: number, count: number) => {
      // One leaves between the first two pages of each attempt.
      if (start === 3) first++;
      return query.page(start, count);
    };
    const { found, isStable } = await findDocuments({ ...query, page });
    expect(isStable).toBe(false);
    expect(new Set(found.map(({ unid }) => unid))).toEqual(new Set(all.map(unidOf)));
  });

  test('pages that do not advance are no documents', async () => {
    const { query } = pagesOf(() => Array.from({ length: 4 }, (_, at) => element(at)), 4);
    const page = (_: number, count: number) => query.page(0, count);
    await expect(findDocuments({ ...query, page })).rejects.toMatchObject({ code: 'NOTES_INTERNAL' });
  });
});
