import {
  type DirectoryReport,
  type DirectoryRow,
  MAPPING_OUTCOMES,
  type MappingOutcome,
  type SourceReport,
} from '../presence/directory.js';
import type { CsvCell } from './csv.js';
import type { CliIo } from './io.js';
import { clip, duration, harmless, paint, table } from './output.js';

export interface DirectorySummary {
  readonly people: number;
  readonly counts: Readonly<Record<MappingOutcome, number>>;
  /** Mapped people who are watched; the others are in none of the groups. */
  readonly watched: number;
  /** Part of those who did not opt out that is mapped; 0 when there is nobody. */
  readonly mappingRate: number;
}

export function summaryOf(rows: readonly DirectoryRow[]): DirectorySummary {
  const counts = Object.fromEntries(MAPPING_OUTCOMES.map((outcome) => [outcome, 0])) as Record<MappingOutcome, number>;
  let watched = 0;
  for (const row of rows) {
    counts[row.outcome]++;
    if (row.watched) watched++;
  }
  const wanting = rows.length - counts['opted-out'];
  return { people: rows.length, counts, watched, mappingRate: wanting === 0 ? 0 : counts.mapped / wanting };
}

const COLOURS = {
  mapped: 'green',
  unmapped: 'yellow',
  ambiguous: 'red',
  double: 'red',
  'opted-out': 'dim',
} as const satisfies Record<MappingOutcome, string>;

/** Most of a terminal's width that a name may take. */
const NAME_PART = 0.4;
const GAPS = 6;

/** The report for people: counts, sources and remarks first, then one line for each of `rows`. */
export function reportText(
  io: Pick<CliIo, 'terminal' | 'columns'>,
  { rows: all, sources, remarks = [] }: DirectoryReport,
  rows: readonly DirectoryRow[],
  now: number,
): string {
  const parts = [
    `${summaryLines(summaryOf(all)).join('\n')}\n`,
    table(
      ['source', 'entries', 'read', ''],
      sources.map((source) => sourceCells(source, now)),
    ),
    ...(remarks.length === 0 ? [] : [remarks.map((remark) => `${harmless(remark)}\n`).join('')]),
    ...(rows.length === 0 ? [] : [rowTable(io, rows)]),
  ];
  return parts.join('\n');
}

export function summaryLines({ people, counts, watched, mappingRate }: DirectorySummary): readonly string[] {
  if (people === 0) return ['Nobody: no source names anybody.'];
  // Rounded down: 100 % is all of them.
  const percent = (Math.floor(mappingRate * 1000) / 10).toFixed(1);
  const others = MAPPING_OUTCOMES.slice(1).map((outcome) => `${counts[outcome]} ${outcome}`);
  return [
    `${people} ${people === 1 ? 'person' : 'people'}: ${counts.mapped} mapped (${percent} %), ${watched} of them watched`,
    others.join(', '),
  ];
}

function sourceCells({ source, entries, readAt, error }: SourceReport, now: number): readonly string[] {
  const read = readAt === undefined ? (error === undefined ? '' : 'never') : `${duration(now - readAt)} ago`;
  return [source, String(entries), read, error === undefined ? '' : `${error.code}: ${harmless(error.message)}`];
}

/** On a terminal each person stays on one line; elsewhere nothing is cut, since somebody may search in it. */
function rowTable(io: Pick<CliIo, 'terminal' | 'columns'>, rows: readonly DirectoryRow[]): string {
  const width = io.terminal ? io.columns : Number.POSITIVE_INFINITY;
  const cells = rows.map((row) => {
    const name = clip(harmless(shownName(row)), Math.max(12, Math.floor(width * NAME_PART)));
    return [row.outcome, name, row.rule ?? '', harmless(said(row))] as const;
  });
  const headings = ['outcome', 'name', 'rule', 'address or reason'] as const;
  const widest = (column: 0 | 1 | 2): number =>
    cells.reduce((most, row) => Math.max(most, [...row[column]].length), headings[column].length);
  const left = Math.max(12, width - widest(0) - widest(1) - widest(2) - GAPS);
  let isCut = false;
  const fitted = cells.map(([outcome, name, rule, text]) => {
    const shown = clip(text, left);
    isCut ||= shown !== text;
    return [paint(io, COLOURS[outcome], outcome), name, rule, shown];
  });
  const [outcome, name, rule, text] = headings;
  return (
    table([outcome, name, rule, clip(text, left)], fitted) +
    (isCut ? '\nLong lines are cut; --csv, --json and --out give them whole.\n' : '')
  );
}

/** Mapped people with their address, others with what is in the way: that is what somebody reads this list for. */
function said({ address, watched, reason }: DirectoryRow): string {
  return address === undefined ? reason : `${address.slice('sip:'.length)}${watched ? '' : ' (not watched)'}`;
}

function shownName({ name, displayName }: DirectoryRow): string {
  return name?.replace(/(^|\/)[A-Z]+=/g, '$1') ?? displayName;
}

export const CSV_HEADINGS = [
  'Outcome',
  'Name',
  'Other names',
  'Display name',
  'Address',
  'Rule',
  'Watched',
  'Reason',
  'Candidates',
] as const;

export function csvCells(row: DirectoryRow): readonly CsvCell[] {
  return [
    row.outcome,
    row.name,
    row.otherNames.join('; '),
    row.displayName,
    row.address,
    row.rule,
    row.watched ? 'yes' : 'no',
    row.reason,
    // Who does not want to be shown is in no list of addresses that goes around; the JSON is for finding out why.
    row.outcome === 'opted-out'
      ? undefined
      : row.candidates.map(({ address, rule, origin }) => `${address} (${rule}: ${origin})`).join('; '),
  ];
}
