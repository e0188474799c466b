import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlacedRow } from '../../../src/bridge/view-ports.js';
import type { Status } from '../../../src/presence/availability.js';
import { boardModule } from '../../support/board-module.js';

interface Filters {
  readonly query: string;
  readonly statuses: ReadonlySet<string>;
  readonly members: ReadonlySet<string> | undefined;
}

const { choose } = await boardModule<{
  choose(
    rows: readonly PlacedRow[],
    filters: Filters,
  ): {
    rows: readonly PlacedRow[];
    shown: number;
    total: number;
    counts: ReadonlyMap<string, number>;
  };
}>('filters.js');

const row = (id: string, name: string, status: Status, category = ''): PlacedRow => ({
  id,
  status,
  category,
  cells: [
    { kind: 'icon', image: `${status}.gif`, label: status, more: [{ image: 'b.gif', label: 'Außer Haus' }] },
    { kind: 'text', text: name },
  ],
});
const PEOPLE = [
  row('a', 'Ana Müller', 'available'),
  row('b', 'Łukasz Weiß', 'away'),
  row('c', 'Åsa Sørensen', 'away'),
  row('d', 'Liam O’Connor', 'busy'),
];
const ALL: Filters = { query: '', statuses: new Set(), members: undefined };
const found = (filters: Partial<Filters>): string =>
  choose(PEOPLE, { ...ALL, ...filters })
    .rows.map(({ id }) => id)
    .join('');

describe('search', () => {
  test('finds all words in any cell, in any order, whatever their case and accents', () => {
    expect(found({ query: 'MULLER ana' })).toBe('a');
    expect(found({ query: 'lukasz weiss' })).toBe('b');
    expect(found({ query: 'asa sorensen' })).toBe('c');
    expect(found({ query: 'AWAY' })).toBe('bc');
    expect(found({ query: 'ana away' })).toBe('');
    expect(found({ query: 'haus busy' })).toBe('d');
  });

  test('finds umlauts that are written out, and the other way round', () => {
    expect(found({ query: 'mueller' })).toBe('a');
    expect(found({ query: 'soerensen' })).toBe('c');
    expect(choose([row('a', 'Mueller', 'busy')], { ...ALL, query: 'Müller' }).shown).toBe(1);
  });

  test('takes every form of apostrophe and of composed letters for the same', () => {
    expect(found({ query: "o'connor" })).toBe('d');
    expect(found({ query: 'Mu\u0308ller' })).toBe('a');
  });

  test('takes what was typed literally', () => {
    expect(found({ query: '.*' })).toBe('');
    expect(found({ query: '  ' })).toBe('abcd');
  });

  test('finds somebody by the heading', () => {
    const rows = [row('a', 'Ana', 'busy', 'Vertrieb'), row('b', 'Ben', 'busy', 'Einkauf')];
    expect(choose(rows, { ...ALL, query: 'einkauf' }).rows.map(({ id }) => id)).toEqual(['b']);
  });

  test('finds whoever is asked for by any word of the own name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        for (const word of name.split(/\s+/).filter(Boolean)) {
          expect(choose([row('a', name, 'busy')], { ...ALL, query: word }).shown).toBe(1);
        }
      }),
    );
  });
});

describe('filters', () => {
  test('show who has one of the statuses that are chosen', () => {
    expect(found({ statuses: new Set(['busy', 'away']) })).toBe('bcd');
  });

  test('show the members of a list', () => {
    expect(found({ members: new Set(['a', 'd', 'z']) })).toBe('ad');
    expect(found({ members: new Set() })).toBe('');
  });

  test('work together with each other and the search', () => {
    expect(found({ members: new Set(['a', 'b', 'd']), statuses: new Set(['away']), query: 'w' })).toBe('b');
  });

  test('count by status as many as each status alone would show', () => {
    fc.assert(
      fc.property(
        fc.subarray(['a', 'b', 'c', 'd']),
        fc.subarray(['available', 'away', 'busy']),
        fc.constantFrom('', 'a', 'o'),
        (ids, statuses, query) => {
          const filters = { query, statuses: new Set(statuses), members: new Set(ids) };
          for (const [status, count] of choose(PEOPLE, filters).counts) {
            expect(choose(PEOPLE, { ...filters, statuses: new Set([status]) }).shown).toBe(count);
          }
        },
      ),
    );
  });

  test('count somebody under several headings once', () => {
    const twice = [row('a', 'Ana', 'busy', 'x'), row('a', 'Ana', 'busy', 'y')];
    expect(choose(twice, ALL)).toMatchObject({ shown: 1, total: 1, counts: new Map([['busy', 1]]) });
  });

  test('take somebody without a status for unknown', () => {
    const { counts } = choose([{ id: 'a', category: '', cells: [] }], ALL);
    expect(counts).toEqual(new Map([['unknown', 1]]));
  });

  test('leave the rows as they are when nobody is left out', () => {
    expect(choose(PEOPLE, ALL).rows).toBe(PEOPLE);
  });
});
