import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlacedRow } from '../../../../src/bridge/view-ports.js';
import { ALL_OPEN, type ViewLine, viewLines } from '../../../../src/notes/template/preview/view-lines.js';

const row = (id: string, category = ''): PlacedRow => ({ id, category, cells: [{ kind: 'text', text: id }] });
const shape = (lines: readonly ViewLine[]): string[] =>
  lines.map((line) => `${' '.repeat(line.level)}${line.kind === 'category' ? line.text : `- ${line.row.id}`}`);
const keyOf = (lines: readonly ViewLine[], text: string): string =>
  lines.find((line) => line.kind === 'category' && line.text === text)?.key ?? '';

describe('lines of a view', () => {
  const rows = [row('a', 'Contoso\\Sales'), row('b', 'Contoso\\Sales'), row('c', 'Contoso\\IT'), row('d', 'Fabrikam')];

  test('a view without categories has a line for each row', () => {
    expect(shape(viewLines([row('a'), row('b')], false, ALL_OPEN))).toEqual(['- a', '- b']);
  });

  test('rows stand below the headings of their category, one for each level', () => {
    expect(shape(viewLines(rows, true, ALL_OPEN))).toEqual([
      'Contoso',
      ' Sales',
      '  - a',
      '  - b',
      ' IT',
      '  - c',
      'Fabrikam',
      ' - d',
    ]);
  });

  test('a closed heading hides all below it and still counts it', () => {
    const key = keyOf(viewLines(rows, true, ALL_OPEN), 'Contoso');
    const lines = viewLines(rows, true, { rest: 'open', except: new Set([key]) });
    expect(shape(lines)).toEqual(['Contoso', 'Fabrikam', ' - d']);
    expect(lines[0]).toMatchObject({ isOpen: false, documents: 3 });
  });

  test('with all closed an open one shows its own level only', () => {
    const key = keyOf(viewLines(rows, true, ALL_OPEN), 'Contoso');
    const lines = viewLines(rows, true, { rest: 'closed', except: new Set([key]) });
    expect(shape(lines)).toEqual(['Contoso', ' Sales', ' IT', 'Fabrikam']);
  });

  test('a document that stands there twice has two keys', () => {
    const lines = viewLines([row('a', 'IT'), row('a', 'Sales')], true, ALL_OPEN);
    const keys = lines.map(({ key }) => key);
    expect(new Set(keys).size).toBe(4);
  });

  test('whatever is open, no document is lost or shown twice, and every key is unique', () => {
    const category = fc
      .array(fc.constantFrom('A', 'B', ''), { minLength: 1, maxLength: 3 })
      .map((path) => path.join('\\'));
    fc.assert(
      fc.property(fc.array(category, { maxLength: 20 }), fc.boolean(), (categories, closesFirst) => {
        const sorted = categories.toSorted().map((text, index) => row(`d${index}`, text));
        const all = viewLines(sorted, true, ALL_OPEN);
        expect(all.filter(({ kind }) => kind === 'document')).toHaveLength(sorted.length);
        const [first] = all;
        const except = new Set(closesFirst && first ? [first.key] : []);
        const lines = viewLines(sorted, true, { rest: 'open', except });
        const hidden = closesFirst && first?.kind === 'category' ? first.documents : 0;
        expect(lines.filter(({ kind }) => kind === 'document')).toHaveLength(sorted.length - hidden);
        expect(new Set(all.map(({ key }) => key)).size).toBe(all.length);
      }),
    );
  });
});
