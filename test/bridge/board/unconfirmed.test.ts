import { describe, expect, test } from 'vitest';
import type { PlacedRow } from '../../../src/bridge/view-ports.js';
import { boardModule } from '../../support/board-module.js';
import { Office } from '../../support/office.js';

const { asUnknown } = await boardModule<{
  asUnknown(
    rows: readonly PlacedRow[],
    categorized: boolean,
    look: { readonly label: string; readonly image: string | undefined },
  ): PlacedRow[];
}>('unconfirmed.js');

const LOOK = { label: 'Unknown', image: 'presence-unknown.gif' };
const { views } = new Office();
/** As the template itself shows somebody of whom nothing is known. */
const NOBODY_KNOWS = 'Stefan Kowalczyk';

describe('people of whom nothing is known any more', () => {
  test.each(['People', 'ByStatus'])('look as the template shows them in the view %s', (view) => {
    const rows = views.rows(view);
    const named = view === 'ByStatus' ? 2 : 1;
    const model = rows.find(({ cells }) => JSON.stringify(cells).includes(NOBODY_KNOWS));
    const unknown = asUnknown(rows, view === 'ByStatus', LOOK);
    expect(unknown).toHaveLength(rows.length);
    unknown.forEach((row, index) => {
      const cells = model?.cells.with(named, rows[index]?.cells[named] ?? { kind: 'text', text: '' });
      expect(row).toEqual({ ...model, id: rows[index]?.id, cells });
    });
  });

  test('stand once, also where they stood under several headings', () => {
    const [row] = views.rows('ByStatus');
    if (!row) throw new Error('a row was expected');
    expect(asUnknown([row, { ...row, category: 'Other' }], true, LOOK)).toHaveLength(1);
  });
});
