import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlacedRow } from '../../../../src/bridge/view-ports.js';
import { readViewDesign } from '../../../../src/notes/template/design/view-design.js';
import { TIME_STYLES } from '../../../../src/notes/template/formula/time-text.js';
import { number, text, time, type Value } from '../../../../src/notes/template/formula/values.js';
import { type ClickedOrder, createViewIndex, type ViewIndex } from '../../../../src/notes/template/views/view-index.js';
import { treeOf } from '../../../support/template.js';

type Fields = Readonly<Record<string, Value>>;

const image = (label: string) => ({ type: 'image/gif', data: Buffer.from('GIF89a'), label });
const images = new Map([
  ['a.gif', image('A')],
  ['b.gif', image('B')],
]);

function indexOf(columns: string, selection = 'SELECT @All'): ViewIndex {
  const view = treeOf(`<view name='V'><code event='selection'><formula>${selection}</formula></code>${columns}</view>`);
  return createViewIndex(readViewDesign(view), {
    images,
    timeStyle: TIME_STYLES.en,
    language: 'en',
    keepsDocuments: true,
  });
}

const fieldsOf = (fields: Fields): ReadonlyMap<string, Value> => new Map(Object.entries(fields));

function filled(index: ViewIndex, documents: Readonly<Record<string, Fields>>): ViewIndex {
  for (const [id, fields] of Object.entries(documents)) index.put(id, fieldsOf(fields));
  return index;
}

const ids = (rows: readonly PlacedRow[]): string => rows.map(({ id }) => id).join('');
const firstTexts = (rows: readonly PlacedRow[]): string[] =>
  rows.map(({ cells: [cell] }) => (cell?.kind === 'text' ? cell.text : ''));

describe('icons in a cell', () => {
  const columns = "<column itemname='I' showasicons='true'/>";

  test.each([
    [text('a.gif'), { kind: 'icon', image: 'a.gif', label: 'A' }],
    [text('a.gif', 'b.gif'), { kind: 'icon', image: 'a.gif', label: 'A', more: [{ image: 'b.gif', label: 'B' }] }],
    [text('no.gif', 'b.gif'), { kind: 'icon', image: 'b.gif', label: 'B' }],
    [text(''), { kind: 'text', text: '' }],
    [number(0), { kind: 'text', text: '' }],
    [text('no.gif'), { kind: 'text', text: 'no.gif' }],
  ] as const)('%j gives %j', (value, cell) => {
    expect(filled(indexOf(columns), { x: { i: value } }).rows()[0]?.cells).toEqual([cell]);
  });

  test('are ten at most', () => {
    const value = text(...Array.from({ length: 14 }, () => 'a.gif'));
    const [cell] = filled(indexOf(columns), { x: { i: value } }).rows()[0]?.cells ?? [];
    expect(cell?.kind === 'icon' ? cell.more?.length : 0).toBe(9);
  });

  test('a change of a further icon is a change of the row', () => {
    const index = filled(indexOf(columns), { x: { i: text('a.gif', 'a.gif') } });
    expect(index.put('x', fieldsOf({ i: text('a.gif', 'a.gif') }))).toBe(false);
    expect(index.put('x', fieldsOf({ i: text('a.gif', 'b.gif') }))).toBe(true);
    expect(index.put('x', fieldsOf({ i: text('a.gif') }))).toBe(true);
  });
});

describe('categories', () => {
  test('levels of several columns stand behind each other in the path', () => {
    const index = filled(
      indexOf(
        "<column itemname='A' sort='ascending' categorized='true'/><column itemname='B' sort='ascending' categorized='true'/>",
      ),
      { x: { a: text('Contoso\\Sales'), b: text('Busy') }, y: { a: text('Contoso'), b: text('Away') } },
    );
    expect(index.rows().map(({ category }) => category)).toEqual(['Contoso\\Away', 'Contoso\\Sales\\Busy']);
  });

  test('a level stands before its parts, and nothing comes between them', () => {
    const index = indexOf("<column itemname='A' sort='ascending' sortnocase='true' categorized='true'/>");
    for (const category of ['B', 'A!', 'A\\Z', 'A b', 'A', 'a\\b', 'A\\b\\c'])
      index.put(category, fieldsOf({ a: text(category) }));
    expect(index.rows().map(({ category }) => category)).toEqual(['A', 'a\\b', 'A\\b\\c', 'A\\Z', 'A b', 'A!', 'B']);
  });

  test('a clicked order has none: a document stands there once', () => {
    const index = filled(
      indexOf("<column itemname='A' sort='ascending' categorized='true'/><column itemname='N' resort='both'/>"),
      { x: { a: text('One', 'Two'), n: text('b') }, y: { a: text('Two'), n: text('a') } },
    );
    expect(ids(index.rows())).toBe('xxy');
    const clicked = index.rows({ column: 1, direction: 'ascending' });
    expect(clicked.map(({ id, category }) => [id, category])).toEqual([
      ['y', ''],
      ['x', ''],
    ]);
    expect(firstTexts(clicked)).toEqual(['Two', 'One, Two']);
  });
});

describe('order of values', () => {
  test.each([
    ['numbers', [number(10), number(9), number(-1)]],
    ['moments', [time(3000), time(2000), time(1000)]],
    ['numbers before texts', [text('1'), number(100), number(5)]],
  ])('%s', (_, descending) => {
    const documents = Object.fromEntries(descending.map((value, index) => [String(index), { n: value }]));
    expect(ids(filled(indexOf("<column itemname='N' sort='ascending'/>"), documents).rows())).toBe('210');
    expect(ids(filled(indexOf("<column itemname='N' sort='descending'/>"), documents).rows())).toBe('012');
  });

  test('hidden columns sort and are not shown', () => {
    const index = filled(indexOf("<column itemname='H' hidden='true' sort='descending'/><column itemname='N'/>"), {
      a: { h: number(1), n: text('x') },
      b: { h: number(2), n: text('y') },
    });
    expect(firstTexts(index.rows())).toEqual(['y', 'x']);
  });

  test('a clicked order keeps up with documents', () => {
    const index = filled(indexOf("<column itemname='N' sort='ascending'/><column itemname='M' resort='descending'/>"), {
      a: { n: text('a'), m: number(1) },
      b: { n: text('b'), m: number(2) },
    });
    const order: ClickedOrder = { column: 1, direction: 'descending' };
    expect(ids(index.rows(order))).toBe('ba');
    index.put('a', fieldsOf({ n: text('a'), m: number(3) }));
    index.put('c', fieldsOf({ n: text('c'), m: number(2) }));
    expect(ids(index.rows(order))).toBe('abc');
    index.remove('b');
    expect(ids(index.rows(order))).toBe('ac');
    expect(index.rows(order)).toBe(index.rows(order));
  });
});

describe('look-ups', () => {
  const columns =
    "<column itemname='N'/><column itemname='K' sort='ascending' separatemultiplevalues='true'/><column itemname='$2'><code event='value'><formula>N + \"!\"</formula></code></column>";
  const index = filled(indexOf(columns, 'SELECT N != "out"'), {
    a: { n: text('one'), k: text('x', 'y'), other: text('more') },
    b: { n: text('two'), k: text('X') },
    c: { n: text('three'), k: text('é') },
    d: { n: text('four'), k: number(7) },
    e: { n: text('out'), k: text('x') },
  });

  test('find rows by the first sorted column, without regard to case, in the order of the view', () => {
    expect([index.find('x'), index.find('Y'), index.find('e'), index.find('É')]).toEqual([
      ['a', 'b'],
      ['a'],
      [],
      ['c'],
    ]);
    expect([index.find(7), index.find('7'), index.find('')]).toEqual([['d'], [], []]);
  });

  test('find by the beginning of a key when asked to', () => {
    const more = filled(indexOf("<column itemname='K' sort='ascending'/>"), {
      a: { k: text('Reyes, Ana') },
      b: { k: text('Zorn') },
    });
    expect([more.find('rey', 'beginning'), more.find('rey'), more.find('', 'beginning')]).toEqual([
      ['a'],
      [],
      ['a', 'b'],
    ]);
  });

  test.each([
    [1, [text('one'), text('two')]],
    [3, [text('one!'), text('two!')]],
    ['$2', [text('one!'), text('two!')]],
    ['n', [text('one'), text('two')]],
    ['Other', [text('more'), text('')]],
    [4, undefined],
    [0, undefined],
  ])('give the values of column %j', (column, wanted) => {
    expect(index.lookUp('x', column)).toEqual(wanted);
  });

  test('give no values where nothing is found', () => {
    expect(index.lookUp('nobody', 1)).toEqual([]);
  });

  test('follow documents', () => {
    const live = filled(indexOf("<column itemname='K' sort='ascending'/>"), { a: { k: text('x') } });
    expect(live.find('x')).toEqual(['a']);
    live.put('b', fieldsOf({ k: text('x') }));
    expect(live.find('x')).toEqual(['a', 'b']);
    live.put('a', fieldsOf({ k: text('y') }));
    expect(live.find('x')).toEqual(['b']);
    live.remove('b');
    expect(live.find('x')).toEqual([]);
  });
});

describe('an index after any puts and removals', () => {
  const word = fc.constantFrom('', 'a', 'A', 'ä', 'b', 'B\\x', 'b\\X', 'B', 'ab', 'a b', 'ß', 'ss');
  const values = fc.oneof(
    fc.array(word, { minLength: 1, maxLength: 3 }).map((list) => text(...list)),
    fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 1, maxLength: 2 }).map((list) => number(...list)),
  );
  const flags = fc.record({
    sort: fc.constantFrom('', " sort='ascending'", " sort='descending'"),
    more: fc.constantFrom('', " separatemultiplevalues='true'", " categorized='true'"),
    fold: fc.constantFrom('', " sortnocase='true'", " sortnocase='true' sortnoaccent='true'"),
    hidden: fc.constantFrom('', " hidden='true'"),
  });
  const design = fc
    .tuple(flags, flags, flags)
    .map((all) =>
      all
        .map(
          ({ sort, more, fold, hidden }, n) => `<column itemname='F${n}' resort='both'${sort}${more}${fold}${hidden}/>`,
        )
        .join(''),
    );
  const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  const change = fc.record({ id, fields: fc.option(fc.record({ f0: values, f1: values, f2: values })) });
  const orders: readonly (ClickedOrder | undefined)[] = [
    undefined,
    { column: 0, direction: 'ascending' },
    { column: 1, direction: 'descending' },
  ];

  test('is that of the same documents sorted anew, in every order', () => {
    fc.assert(
      fc.property(design, fc.array(change, { maxLength: 40 }), fc.boolean(), (columns, changes, early) => {
        const index = indexOf(columns, 'SELECT F0 != "b"');
        const documents = new Map<string, Fields>();
        // Made before or after the documents, an order must come out the same.
        if (early) for (const order of orders) index.rows(order);
        for (const { id: key, fields } of changes) {
          if (fields === null) {
            index.remove(key);
            documents.delete(key);
          } else {
            index.put(key, fieldsOf(fields));
            documents.set(key, fields);
          }
        }
        const anew = filled(indexOf(columns, 'SELECT F0 != "b"'), Object.fromEntries([...documents].toReversed()));
        for (const order of orders) expect(index.rows(order)).toEqual(anew.rows(order));
        for (const key of ['a', 'B', 1]) expect(index.find(key)).toEqual(anew.find(key));
      }),
      { numRuns: 300 },
    );
  });

  test('has every row of a document that separates its values, and stands in the order of its keys', () => {
    const single = fc.array(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1, maxLength: 4 }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(single, fc.constantFrom('ascending', 'descending'), (lists, direction) => {
        const index = indexOf(`<column itemname='K' sort='${direction}' separatemultiplevalues='true'/>`);
        for (const [n, list] of lists.entries()) index.put(String(n), fieldsOf({ k: text(...list) }));
        const sorted = lists.flat().sort();
        expect(firstTexts(index.rows())).toEqual(direction === 'ascending' ? sorted : sorted.reverse());
      }),
    );
  });
});
