import type { Vocabulary } from '../../presence/vocabularies.js';
import { duration, harmless } from '../output.js';
import { wordCell } from '../query-table.js';
import { activityText, nameOf, type WatchRow } from './watch-rows.js';

export interface WatchColumn {
  readonly heading: string;
  /** Plain text; times by the clock of the bridge. */
  readonly cell: (row: WatchRow, bridgeNow: number) => string;
  /** Cells of a terminal that it takes at most. */
  readonly atMost: number;
  /** Terminals of fewer cells do without it. */
  readonly from: number;
}

/** The first column; it takes what the others leave. */
export const NAME_COLUMN: WatchColumn = {
  heading: 'name',
  cell: (row) => (row.kind === 'person' ? nameOf(row.person) : harmless(row.query)),
  atMost: 60,
  from: 0,
};

const COLUMNS: readonly WatchColumn[] = [
  {
    heading: 'status',
    cell: (row) => (row.kind === 'person' ? row.person.status : row.reason),
    atMost: 14,
    from: 0,
  },
  {
    heading: 'activity',
    cell: (row) => (row.kind === 'person' ? (row.person.reason ?? activityText(row.person)) : ''),
    atMost: 25,
    from: 60,
  },
  { heading: 'since', cell: (row, now) => ago(row, 'since', now), atMost: 7, from: 40 },
  { heading: 'as of', cell: (row, now) => ago(row, 'observedAt', now), atMost: 7, from: 76 },
];

/** Columns beside the name on a terminal of this width; the status is the first of them. */
export function columnsFor(width: number, words: readonly Vocabulary[]): readonly WatchColumn[] {
  return [...COLUMNS, ...words.map(wordColumn)].filter(({ from }) => width >= from);
}

function wordColumn(word: Vocabulary): WatchColumn {
  const cell = (row: WatchRow): string => (row.kind === 'person' ? wordCell(row.person.words ?? {}, word) : '');
  return { heading: word, cell, atMost: 40, from: 100 };
}

function ago(row: WatchRow, which: 'since' | 'observedAt', bridgeNow: number): string {
  const time = row.kind === 'person' ? row.person[which] : undefined;
  return time === undefined ? '' : duration(bridgeNow - time);
}
