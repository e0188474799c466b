import { describe, expect, test } from 'vitest';
import type { PlacedRow } from '../../../../src/bridge/view-ports.js';
import { readDesign } from '../../../../src/notes/template/design/design.js';
import { previewPaths } from '../../../../src/notes/template/preview/preview-paths.js';
import { previewWords } from '../../../../src/notes/template/preview/preview-words.js';
import { gridHtml, linesHtml } from '../../../../src/notes/template/preview/view-html.js';
import { ALL_OPEN, viewLines } from '../../../../src/notes/template/preview/view-lines.js';
import { readViewLook } from '../../../../src/notes/template/preview/view-look.js';
import { viewModelOf } from '../../../../src/notes/template/preview/view-model.js';
import { viewStyle } from '../../../../src/notes/template/preview/view-style.js';
import { elementOf, treeOf } from '../../../support/template.js';

const DXL = `<database xmlns='http://www.lotus.com/dxl' title='T'>
<view name='By team' alias='ByTeam' onrefresh='displayindicator' headers='flat' altrowcolor='#f6f8fa' rowspacing='1.5' extendlastcolumn='true'>
<column itemname='Team' width='2' sort='ascending' categorized='true' twisties='true'><columnheader title='Team'/></column>
<column itemname='Icon' width='3' align='center' showasicons='true'><columnheader title=''/></column>
<column itemname='Name' width='20' sort='ascending' resort='both'><font style='bold' color='#112233'/><columnheader title='Name &amp; more'/></column>
</view></database>`;

const [design] = readDesign(DXL).views;
if (!design) throw new Error('there is no view');
const look = readViewLook(elementOf(treeOf(DXL), 'view', { alias: 'ByTeam' }));
const model = viewModelOf(design, look);
const input = { model, words: previewWords('en'), paths: previewPaths('en') };
const rows: readonly PlacedRow[] = [
  {
    id: 'ONE',
    category: '<Sales>',
    cells: [
      { kind: 'text', text: '' },
      { kind: 'icon', image: 'a.gif', label: 'Busy', more: [{ image: 'b.gif', label: 'Out of office' }] },
      { kind: 'text', text: '<script>' },
    ],
  },
];
const lines = viewLines(rows, true, ALL_OPEN);
const drawn = linesHtml(input, { lines, from: 0, count: 10 }).text;

describe('HTML of a view', () => {
  test('a categorized view is a tree grid that tells how many rows it has and what an open view does', () => {
    const grid = gridHtml(input, linesHtml(input, { lines, from: 0, count: 10 }), lines.length).text;
    expect(grid).toContain('role="treegrid"');
    expect(grid).toContain('aria-rowcount="3"');
    expect(grid).toContain('data-refresh="arrow"');
    expect(grid).toContain('Name &amp; more');
  });

  test('a column that can be sorted by a click has a button, the icon column words for a screen reader', () => {
    const grid = gridHtml(input, linesHtml(input, { lines: [], from: 0, count: 0 }), 0).text;
    expect(grid).toContain('data-directions="ascending descending"');
    expect(grid).toContain('aria-label="Icon"');
  });

  test('a heading says whether it is open and how many documents it has', () => {
    expect(drawn).toContain('aria-expanded="true"');
    expect(drawn).toContain('&lt;Sales&gt;</span><span class="spoken"> (1)</span>');
  });

  test('all icons of a cell stand there with their words, and texts stay texts', () => {
    expect(drawn).toContain('src="/en/image/a.gif" alt="Busy"');
    expect(drawn).toContain('src="/en/image/b.gif" alt="Out of office"');
    expect(drawn).toContain('&lt;script&gt;');
  });

  test('every second line has the other colour, wherever the window begins', () => {
    const line = (index: number): string =>
      linesHtml(input, {
        lines: Array.from({ length: 4 }, () => lines[1] ?? lines[0]).flatMap((one) => one ?? []),
        from: index,
        count: 1,
      }).text;
    expect([0, 1, 2, 3].map((index) => line(index).includes('alternate'))).toEqual([false, true, false, true]);
  });

  test('widths, colours and fonts of the design are in the style sheet', () => {
    const css = viewStyle(look);
    expect(css).toContain('--alternate: #f6f8fa');
    expect(css).toContain('grid-template-columns: 14px 20px minmax(max(138px, 8em), 1fr)');
    expect(css).toContain('color: #112233; font-weight: 700;');
    expect(css).toContain('.line .c1 { justify-content: center; }');
  });

  test('what is no colour and no number does not get into the style sheet', () => {
    const odd = DXL.replace("'#f6f8fa'", "'red;} body{display:none'").replace("width='20'", "width='1e999'");
    const css = viewStyle(readViewLook(elementOf(treeOf(odd), 'view', { alias: 'ByTeam' })));
    expect(css).not.toContain('display:none');
    expect(css).not.toContain('Infinity');
  });
});
