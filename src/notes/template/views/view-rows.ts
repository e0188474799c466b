import type { IconImage, PlacedRow, ViewCell } from '../../../bridge/view-ports.js';
import { STATUSES, type Status } from '../../../presence/availability.js';
import { PERSON_ITEMS } from '../../fields.js';
import type { ImageDesign } from '../design/design.js';
import type { ColumnDesign, ViewDesign } from '../design/view-design.js';
import { conditionOf } from '../formula/operators.js';
import { formatTime, type TimeStyle } from '../formula/time-text.js';
import { type Value, withList } from '../formula/values.js';
import type { Collation, Placed, SortKey } from './collation.js';
import type { DocumentValues } from './document-values.js';

export interface ViewEntry extends Placed {
  readonly row: PlacedRow;
}

export interface RowStyle {
  readonly images: ReadonlyMap<string, ImageDesign>;
  readonly timeStyle: TimeStyle;
}

/** How the rows of a view are made, worked out once. */
export interface RowPlan {
  readonly design: ViewDesign;
  readonly collation: Collation;
  readonly style: RowStyle;
  readonly visible: readonly number[];
  readonly categories: readonly number[];
}

/** Rows that several values of one document may give; Notes has its own, higher bound. */
const MAX_ROWS_OF_DOCUMENT = 100;

/** Icons that Notes draws in one cell. */
const MAX_ICONS = 10;

export function rowPlan(design: ViewDesign, collation: Collation, style: RowStyle): RowPlan {
  const those = (wanted: (column: ColumnDesign) => boolean): number[] =>
    design.columns.flatMap((column, index) => (wanted(column) ? [index] : []));
  return {
    design,
    collation,
    style,
    visible: those(({ isHidden }) => !isHidden),
    categories: collation.categorized ? those(({ isCategory }) => isCategory) : [],
  };
}

/** A document's rows: none when the selection leaves it out, several when a column separates its values. */
export function rowsOf(plan: RowPlan, id: string, document: DocumentValues): readonly ViewEntry[] {
  const { design, collation } = plan;
  if (conditionOf(document.valueOf(design.selection)) !== true) return [];
  const whole = design.columns.map((column) => columnValue(column, document));
  const status = statusOf(document);
  const identity = status === undefined ? { id } : { id, status };
  return separated(whole, collation).map((values) => entryOf(plan, identity, values));
}

const STATUS_ITEM = PERSON_ITEMS.status.toLowerCase();

function statusOf(document: DocumentValues): Status | undefined {
  const value = document.item(STATUS_ITEM);
  return value.type === 'text' ? STATUSES.find((status) => status === value.list[0]) : undefined;
}

/** What a column holds for a document. */
export function columnValue({ value }: ColumnDesign, document: DocumentValues): Value {
  return 'formula' in value ? document.valueOf(value.formula) : document.item(value.item);
}

/** One list of values for each row. */
function separated(values: readonly Value[], { separated: columns }: Collation): readonly (readonly Value[])[] {
  let rows: (readonly Value[])[] = [values];
  for (const column of columns) {
    const value = values[column];
    if (!value || value.type === 'error' || value.list.length < 2) continue;
    const choices = value.list.map((entry) => withList(value, [entry]));
    rows = rows.flatMap((row) => choices.map((choice) => row.with(column, choice))).slice(0, MAX_ROWS_OF_DOCUMENT);
  }
  return rows;
}

function entryOf(plan: RowPlan, identity: Pick<PlacedRow, 'id' | 'status'>, values: readonly Value[]): ViewEntry {
  const { design, collation, style, visible, categories } = plan;
  const textAt = (index: number): string => textOf(design.columns[index], values[index], style.timeStyle);
  return {
    keys: collation.keys.map(({ column }) => sortKey(values[column])),
    row: {
      ...identity,
      category: categories.map(textAt).join('\\'),
      cells: visible.map((index): ViewCell => {
        // A category is written once above its rows, so the cell in the row itself stays empty, as in Notes.
        if (categories.includes(index)) return { kind: 'text', text: '' };
        const icon = design.columns[index]?.kind === 'icon' ? iconCell(values[index], style) : undefined;
        return icon ?? { kind: 'text', text: textAt(index) };
      }),
    },
  };
}

function sortKey(value: Value | undefined): SortKey {
  return value === undefined || value.type === 'error' ? '' : (value.list[0] ?? '');
}

/** Pictures that the value names. Names of none are passed over; 0 leaves the cell empty. */
function iconCell(value: Value | undefined, { images }: RowStyle): ViewCell | undefined {
  if (value?.type === 'number' && value.list.every((entry) => entry === 0)) return { kind: 'text', text: '' };
  if (value?.type !== 'text') return undefined;
  const icons = value.list.slice(0, MAX_ICONS).flatMap((name): IconImage[] => {
    const found = images.get(name);
    return found ? [{ image: name, label: found.label }] : [];
  });
  const [first, ...more] = icons;
  if (!first) return undefined;
  return more.length > 0 ? { kind: 'icon', ...first, more } : { kind: 'icon', ...first };
}

function textOf(column: ColumnDesign | undefined, value: Value | undefined, timeStyle: TimeStyle): string {
  if (!column || !value) return '';
  if (value.type === 'error') return `ERROR: ${value.reason}`;
  if (value.list.length === 1 && value.type === 'text') return value.list[0] ?? '';
  const texts =
    value.type === 'time'
      ? value.list.map((moment) => formatTime(moment, timeStyle, column.timeParts))
      : value.list.map(String);
  return texts.join(column.listSeparator);
}

/** Whether two rows look and stand the same. The label of an icon follows from its image. */
export function sameEntry(a: ViewEntry, b: ViewEntry | undefined): boolean {
  return (
    b !== undefined &&
    a.row.category === b.row.category &&
    a.row.status === b.row.status &&
    a.keys.every((key, index) => key === b.keys[index]) &&
    a.row.cells.every((cell, index) => sameCell(cell, b.row.cells[index]))
  );
}

function sameCell(a: ViewCell, b: ViewCell | undefined): boolean {
  if (a.kind === 'text') return b?.kind === 'text' && a.text === b.text;
  if (b?.kind !== 'icon' || a.image !== b.image || a.more?.length !== b.more?.length) return false;
  return a.more?.every(({ image }, index) => image === b.more?.[index]?.image) ?? true;
}
