import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type RowsMessage, rowsMessage } from '../../../src/bridge/api/stream/protocol.js';
import type { PlacedRow } from '../../../src/bridge/view-ports.js';
import { boardModule } from '../../support/board-module.js';
import { FakeViewFeed } from '../../support/fake-view-feed.js';

interface Line {
  readonly kind: 'row' | 'heading';
  readonly key: string;
  readonly text?: string;
  readonly count?: number;
  readonly row?: PlacedRow;
}

const { applyRows, changedRows, linesOf } = await boardModule<{
  applyRows(rows: readonly PlacedRow[], message: RowsMessage): { rows: PlacedRow[]; changed: Set<string> };
  changedRows(before: readonly PlacedRow[], after: readonly PlacedRow[]): Set<string>;
  linesOf(rows: readonly PlacedRow[], categorized: boolean): Line[];
}>('rows.js');

const feed = new FakeViewFeed([
  { id: 'a', name: 'Ana Müller', status: 'available' },
  { id: 'b', name: 'Ben', status: 'away' },
  { id: 'c', name: 'Åsa', status: 'away' },
]);
const ids = (rows: readonly PlacedRow[]): string[] => rows.map(({ id }) => id);

describe('applyRows', () => {
  test('follows whatever happens in a view, also when a message comes twice', () => {
    const change = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      name: fc.constantFrom('K', 'L', 'M', undefined),
      status: fc.constantFrom('x', 'y'),
    });
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 4 }), { maxLength: 12 }), (ticks) => {
        const view = new FakeViewFeed();
        let rows: readonly PlacedRow[] = [];
        for (const tick of ticks) {
          for (const { id, name, status } of tick)
            name === undefined ? view.remove(id) : view.put({ id, name, status });
          const message = rowsMessage(view, 'ByStatus', new Set(ids(rows).concat(tick.map(({ id }) => id))));
          if (message) rows = applyRows(applyRows(rows, message).rows, message).rows;
          expect(ids(rows)).toEqual(ids(view.rows('ByStatus')));
        }
      }),
    );
  });

  test('names only rows that look different, so that only they flash', () => {
    const [ana, , ben] = feed.rows('People');
    if (!ana || !ben) throw new Error('two rows were expected');
    const renamed = { ...ben, cells: [{ kind: 'text', text: 'Benno' }] as const };
    const changed = [
      { index: 0, ...ana },
      { index: 1, ...renamed },
    ];
    expect(applyRows([ana, ben], { type: 'rows', view: 'People', changed, removed: [] }).changed).toEqual(
      new Set(['b']),
    );
  });
});

describe('changedRows', () => {
  test('names what looks different in a view that comes anew', () => {
    const [ana, asa, ben] = feed.rows('People');
    if (!ana || !asa || !ben) throw new Error('three rows were expected');
    const renamed = { ...ben, cells: [{ kind: 'text', text: 'Benno' }] as const };
    expect(changedRows([ana, ben], [{ ...ana }, asa, renamed])).toEqual(new Set(['c', 'b']));
  });
});

describe('linesOf', () => {
  test('puts a heading with its count above each group', () => {
    const lines = linesOf(feed.rows('ByStatus'), true);
    expect(lines.map((line) => (line.kind === 'heading' ? `${line.text} ${line.count}` : line.row?.id))).toEqual([
      'available 1',
      'a',
      'away 2',
      'c',
      'b',
    ]);
  });

  test('keeps the rows of one document under several categories apart', () => {
    const [ana] = feed.rows('People');
    if (!ana) throw new Error('a row was expected');
    const lines = linesOf(
      [
        { ...ana, category: 'x' },
        { ...ana, category: 'y' },
      ],
      true,
    );
    expect(new Set(lines.map(({ key }) => key)).size).toBe(4);
  });

  test('has no headings in a view without categories', () => {
    expect(linesOf(feed.rows('People'), false).every(({ kind }) => kind === 'row')).toBe(true);
  });
});
