import type { PlacedRow, ViewCell } from '../../bridge/view-ports.js';
import type { ImageDesign } from './design.js';
import { contextOf, type FormulaContext } from './formula/context.js';
import { evaluate } from './formula/evaluate.js';
import { conditionOf } from './formula/operators.js';
import { formatTime, type TimeStyle } from './formula/time-text.js';
import { EMPTY, type Value, withList } from './formula/values.js';
import type { ColumnDesign, ViewDesign } from './view-design.js';

/** The rows of one view over some documents, always in order. */
export interface ViewIndex {
  /** Takes a document's fields, or its new ones; true when a row changed by it. */
  put(id: string, fields: ReadonlyMap<string, Value>): boolean;
  /** True when there was a row. */
  remove(id: string): boolean;
  /** The same array until something changes. */
  rows(): readonly PlacedRow[];
}

export interface ViewIndexOptions {
  readonly images: ReadonlyMap<string, ImageDesign>;
  readonly timeStyle: TimeStyle;
  /** Language whose rules order texts, for example `de`. */
  readonly language: string;
}

interface Entry {
  readonly keys: readonly (string | number)[];
  readonly row: PlacedRow;
}

/** Rows that several values of one document may give; Notes has its own, higher bound. */
const MAX_ROWS_OF_DOCUMENT = 100;

/** An index kept as documents come and go: one insertion each, never a whole sort. */
export function createViewIndex(design: ViewDesign, options: ViewIndexOptions): ViewIndex {
  const sorted: Entry[] = [];
  const byId = new Map<string, readonly Entry[]>();
  const compare = comparison(design, options.language);
  let snapshot: readonly PlacedRow[] | undefined;

  const remove = (id: string): void => {
    for (const entry of byId.get(id) ?? []) sorted.splice(placeOf(sorted, entry, compare), 1);
    byId.delete(id);
    snapshot = undefined;
  };

  return {
    put: (id, fields) => {
      const entries = entriesOf(design, id, fields, options);
      const before = byId.get(id) ?? [];
      if (sameEntries(before, entries)) return false;
      const [old, fresh] = [before[0], entries[0]];
      if (old && fresh && before.length === 1 && entries.length === 1 && compare(old, fresh) === 0) {
        // Only cells changed: the row stays where it is.
        sorted[placeOf(sorted, old, compare)] = fresh;
        snapshot = undefined;
      } else {
        remove(id);
        for (const entry of entries) sorted.splice(placeOf(sorted, entry, compare), 0, entry);
      }
      if (entries.length > 0) byId.set(id, entries);
      return true;
    },
    remove: (id) => {
      if (!byId.has(id)) return false;
      remove(id);
      return true;
    },
    rows: () => {
      snapshot ??= sorted.map((entry) => entry.row);
      return snapshot;
    },
  };
}

/** Index of the first entry that does not stand before this one. */
function placeOf(sorted: readonly Entry[], entry: Entry, compare: (a: Entry, b: Entry) => number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = sorted[middle];
    if (other && compare(other, entry) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sameEntries(a: readonly Entry[], b: readonly Entry[]): boolean {
  return a.length === b.length && a.every((entry, index) => sameEntry(entry, b[index]));
}

function sameEntry(a: Entry, b: Entry | undefined): boolean {
  return (
    b !== undefined &&
    a.row.category === b.row.category &&
    a.keys.every((key, index) => key === b.keys[index]) &&
    a.row.cells.every((cell, index) => sameCell(cell, b.row.cells[index]))
  );
}

/** The label of an icon follows from its image. */
function sameCell(a: ViewCell, b: ViewCell | undefined): boolean {
  if (a.kind === 'text') return b?.kind === 'text' && a.text === b.text;
  return b?.kind === 'icon' && a.image === b.image;
}

/** Compares by the sorted columns from left to right; ties go by id, so that the order is always the same. */
function comparison(design: ViewDesign, language: string): (a: Entry, b: Entry) => number {
  const rules = design.columns
    .filter((column) => column.sort !== 'none')
    .map((column) => ({
      direction: column.sort === 'descending' ? -1 : 1,
      collator: new Intl.Collator(language, { sensitivity: sensitivityOf(column) }),
    }));
  return (a, b) => {
    for (const [index, { direction, collator }] of rules.entries()) {
      const [left, right] = [a.keys[index] ?? '', b.keys[index] ?? ''];
      const order =
        typeof left === 'string' && typeof right === 'string' ? collator.compare(left, right) : byKind(left, right);
      if (order !== 0) return order * direction;
    }
    const [left, right] = [a.row, b.row];
    if (left.id !== right.id) return left.id < right.id ? -1 : 1;
    return left.category === right.category ? 0 : left.category < right.category ? -1 : 1;
  };
}

function sensitivityOf({ ignoresCase, ignoresAccent }: ColumnDesign): 'base' | 'accent' | 'case' | 'variant' {
  if (ignoresCase) return ignoresAccent ? 'base' : 'accent';
  return ignoresAccent ? 'case' : 'variant';
}

/** Numbers stand before texts. */
function byKind(left: string | number, right: string | number): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return typeof left === 'number' ? -1 : 1;
}

/** A document's rows: none when the selection leaves it out, several when a column separates its values. */
function entriesOf(
  design: ViewDesign,
  id: string,
  fields: ReadonlyMap<string, Value>,
  options: ViewIndexOptions,
): readonly Entry[] {
  // No clock: the index of a view must not depend on the moment it was made.
  const context = contextOf(fields, { timeStyle: options.timeStyle });
  if (conditionOf(evaluate(design.selection, context)) !== true) return [];
  const values = design.columns.map((column) => ({ column, value: columnValue(column, context) }));
  return combinations(values).map((combination) => entryOf(id, combination, options));
}

interface ColumnValue {
  readonly column: ColumnDesign;
  readonly value: Value;
}

function columnValue({ value }: ColumnDesign, context: FormulaContext): Value {
  return 'formula' in value ? evaluate(value.formula, context) : (context.field(value.item) ?? EMPTY);
}

/** One list of single values for each row. */
function combinations(values: readonly ColumnValue[]): readonly ColumnValue[][] {
  return values.reduce<ColumnValue[][]>(
    (rows, { column, value }) => {
      const separate =
        column.separatesValues && column.sort !== 'none' && value.type !== 'error' && value.list.length > 1;
      const choices = separate ? value.list.map((entry) => withList(value, [entry])) : [value];
      return rows
        .flatMap((row) => choices.map((choice) => [...row, { column, value: choice }]))
        .slice(0, MAX_ROWS_OF_DOCUMENT);
    },
    [[]],
  );
}

function entryOf(id: string, values: readonly ColumnValue[], options: ViewIndexOptions): Entry {
  const category = values.find(({ column }) => column.isCategory);
  return {
    keys: values.filter(({ column }) => column.sort !== 'none').map(({ value }) => sortKey(value)),
    row: {
      id,
      category: category ? textOf(category, options.timeStyle) : '',
      cells: values.filter(({ column }) => !column.isHidden).map((cell) => cellOf(cell, options)),
    },
  };
}

function sortKey(value: Value): string | number {
  return value.type === 'error' ? '' : (value.list[0] ?? '');
}

/** A category is written once above its rows, so the cell in the row itself stays empty, as in Notes. */
function cellOf(cell: ColumnValue, { images, timeStyle }: ViewIndexOptions): ViewCell {
  if (cell.column.isCategory) return { kind: 'text', text: '' };
  const text = textOf(cell, timeStyle);
  if (cell.column.kind === 'text') return { kind: 'text', text };
  const [name = ''] = cell.value.type === 'text' ? cell.value.list : [];
  const image = images.get(name);
  return image ? { kind: 'icon', image: name, label: image.label } : { kind: 'text', text };
}

function textOf({ column, value }: ColumnValue, timeStyle: TimeStyle): string {
  if (value.type === 'error') return `ERROR: ${value.reason}`;
  const texts =
    value.type === 'time'
      ? value.list.map((moment) => formatTime(moment, timeStyle, column.timeParts))
      : value.list.map(String);
  return texts.join(column.listSeparator);
}
