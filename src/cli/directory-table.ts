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

/** The report for people: counts, sources and remarks first, then one line for each of `rows`. */
export function reportText(
  io: Pick<CliIo, 'terminal' | 'columns'>,
  { rows: all, sources, remarks = [] }: DirectoryReport,
  rows: readonly DirectoryRow[],
  now: number,
): string {
  const width = io.terminal ? io.columns : Number.POSITIVE_INFINITY;
  const parts = [
    `${summaryLine(summaryOf(all))}\n`,
    table(
      ['source', 'entries', 'read', ''],
      sources.map((source) => sourceCells(source, now)),
    ),
    ...(remarks.length === 0 ? [] : [remarks.map((remark) => `${harmless(remark)}\n`).join('')]),
    ...(rows.length === 0
      ? []
      : [
          table(
            ['outcome', 'name', 'rule', ''],
            rows.map((row) => cellsOf(io, row, width)),
          ),
        ]),
  ];
  const text = parts.join('\n');
  return text
    .split('\n')
    .map((line) => clip(line, width))
    .join('\n');
}

export function summaryLine({ people, counts, watched, mappingRate }: DirectorySummary): string {
  if (people === 0) return 'Nobody: no source names anybody.';
  const percent = (Math.floor(mappingRate * 1000) / 10).toFixed(1);
  const others = MAPPING_OUTCOMES.slice(1).map((outcome) => `${counts[outcome]} ${outcome}`);
  const mapped = `${counts.mapped} mapped (${percent} %), ${watched} of them watched`;
  return `${people} ${people === 1 ? 'person' : 'people'}: ${mapped}; ${others.join(', ')}`;
}

function sourceCells({ source, entries, readAt, error }: SourceReport, now: number): readonly string[] {
  const read = readAt === undefined ? (error === undefined ? '' : 'never') : `${duration(now - readAt)} ago`;
  return [source, String(entries), read, error === undefined ? '' : `${error.code}: ${harmless(error.message)}`];
}

/** Mapped people with their address, others with what is in the way: that is what somebody reads this list for. */
function cellsOf(io: Pick<CliIo, 'terminal'>, row: DirectoryRow, width: number): readonly string[] {
  const { outcome, address, rule = '', watched, reason } = row;
  const said = address === undefined ? reason : `${address.slice('sip:'.length)}${watched ? '' : ' (not watched)'}`;
  return [
    paint(io, COLOURS[outcome], outcome),
    clip(harmless(shownName(row)), Math.floor(width * NAME_PART)),
    rule,
    harmless(said),
  ];
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
    row.candidates.map(({ address, rule, origin }) => `${address} (${rule}: ${origin})`).join('; '),
  ];
}
