import { STATUSES } from '../../presence/availability.js';
import type { Vocabulary } from '../../presence/vocabularies.js';
import type { CliIo } from '../io.js';
import { harmless, paint } from '../output.js';
import { signOf } from './status-sign.js';
import { fitted, textWidth } from './text-width.js';
import { columnsFor, NAME_COLUMN } from './watch-columns.js';
import { stateLine } from './watch-line.js';
import { type WatchRow, watchRows } from './watch-rows.js';
import type { WatchView } from './watch-view.js';

/** What the table is drawn on. */
export interface TablePaper extends Pick<CliIo, 'terminal' | 'columns' | 'rows'> {
  readonly words: readonly Vocabulary[];
}

const GAP = '  ';
/** Names keep so many cells; what is beside them is cut first. */
const MIN_NAME = 14;
/** The line of state, an empty one, the headings. */
const HEAD_LINES = 3;
const ENDS = 'Ctrl+C ends';

/** The whole screen as lines, none wider and not more of them than the terminal has. `now` by the local clock. */
export function watchTable(view: WatchView, paper: TablePaper, now: number): readonly string[] {
  const rows = watchRows(view);
  const foot = [...messageLines(view, paper), '', countLine(rows, paper)];
  const room = Math.max(1, paper.rows - HEAD_LINES - foot.length);
  const shown = rows.length <= room ? rows : rows.slice(0, Math.max(1, room - 1));
  const more = rows.length - shown.length;
  const moreLine = fitted(`... and ${more} more; a higher terminal shows them`, paper.columns).trimEnd();
  const table = tableLines(shown, paper, now + view.ahead);
  return [stateLine(view, paper, now), '', ...table, ...(more > 0 ? [moreLine] : []), ...foot].slice(0, paper.rows);
}

function messageLines({ messages }: WatchView, { columns }: TablePaper): readonly string[] {
  const lines = messages.map(({ from, name, text }) => `${harmless(name ?? from)}: ${harmless(text)}`);
  return lines.length === 0 ? [] : ['', ...lines.map((line) => fitted(line, columns).trimEnd())];
}

function tableLines(rows: readonly WatchRow[], paper: TablePaper, bridgeNow: number): readonly string[] {
  const columns = [NAME_COLUMN, ...columnsFor(paper.columns, paper.words)];
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row, bridgeNow)));
  const widths = columns.map(({ heading, atMost }, at) =>
    Math.min(
      atMost,
      cells.reduce((width, line) => Math.max(width, textWidth(line[at] ?? '')), heading.length),
    ),
  );
  const [name = 0, ...others] = widths;
  const taken = others.reduce((sum, width) => sum + width + GAP.length, 0);
  const room = paper.columns - 2;
  widths[0] = Math.min(name, Math.max(Math.min(MIN_NAME, room), room - taken));
  const lines = [columns.map(({ heading }) => heading), ...cells].map((line) => cutCells(line, widths, room));
  return lines.map((line, at) => (at === 0 ? headingLine(line, paper) : rowLine(line, rows[at - 1], paper)));
}

/** Cells as wide as their columns, the last ones cut or left out where the line ends. */
function cutCells(cells: readonly string[], widths: readonly number[], room: number): readonly string[] {
  let left = room;
  return cells.map((cell, at) => {
    const text = fitted(cell, Math.max(0, Math.min(widths[at] ?? 0, left)));
    left -= textWidth(text) + GAP.length;
    return text;
  });
}

function headingLine(cells: readonly string[], paper: TablePaper): string {
  return paint(paper, 'dim', `${GAP}${cells.join(GAP)}`.trimEnd());
}

function rowLine([name = '', status = '', ...rest]: readonly string[], row: WatchRow | undefined, paper: TablePaper) {
  const [sign, colour] = row?.kind === 'person' ? signOf(row.person.status, row.person.activity) : NOBODY;
  const coloured = (text: string): string => paint(paper, colour, text);
  return `${coloured(sign)} ${[name, coloured(status), ...rest].join(GAP)}`.trimEnd();
}

const NOBODY = ['-', 'gray'] as const;

/** How many have which status. */
function countLine(rows: readonly WatchRow[], paper: TablePaper): string {
  const words = rows.map((row) => (row.kind === 'person' ? row.person.status : 'not found'));
  const counts = [...STATUSES, 'not found' as const]
    .map((word) => ({ word, count: words.filter((one) => one === word).length }))
    .filter(({ count }) => count > 0);
  const text = counts.map(({ word, count }) => `${count} ${word}`).join(', ');
  const room = paper.columns - ENDS.length - GAP.length;
  if (textWidth(text) > room) return fitted(text, paper.columns).trimEnd();
  return `${fitted(text, room)}${GAP}${paint(paper, 'dim', ENDS)}`;
}
