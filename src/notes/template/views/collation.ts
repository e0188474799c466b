import type { ColumnDesign, SortDirection, ViewDesign } from '../design/view-design.js';

/** What decides the place of a row: its sort keys from the first to the last. */
export interface Collation {
  readonly keys: readonly { readonly column: number; readonly direction: SortDirection }[];
  /** Columns whose values stand in rows of their own. */
  readonly separated: ReadonlySet<number>;
  /** Whether rows stand under the categories of the design. */
  readonly categorized: boolean;
}

/** One document's place in a view. Equal keys go by `id`, so that the order is always the same. */
export interface Placed {
  readonly keys: readonly SortKey[];
  readonly row: { readonly id: string; readonly category: string };
}

/** Moments are numbers: milliseconds since 1970. */
export type SortKey = string | number;

/** The order in which a view opens: by its sorted columns from left to right. */
export function openingCollation({ columns }: ViewDesign): Collation {
  const sorted = columns.flatMap(({ sort }, column) => (sort === 'none' ? [] : [{ column, direction: sort }]));
  return {
    keys: sorted,
    separated: new Set(sorted.map(({ column }) => column).filter((column) => columns[column]?.separatesValues)),
    categorized: true,
  };
}

/**
 * The order after a click on the title of a column: by it, then as the view opens. Categories are no more, and a document
 * stands there once. `undefined` when the column does not offer it.
 */
export function clickedCollation(design: ViewDesign, clicked: number, direction: SortDirection): Collation | undefined {
  const column = design.columns[clicked];
  if (!column?.resort.includes(direction)) return undefined;
  const rest = openingCollation(design).keys.filter((key) => key.column !== clicked);
  return {
    keys: [{ column: clicked, direction }, ...rest],
    separated: new Set(column.separatesValues && !column.isCategory ? [clicked] : []),
    categorized: false,
  };
}

/** Compares rows of a view. `language` is the one whose rules order texts, for example `de`. */
export function comparisonOf(
  design: ViewDesign,
  collation: Collation,
  language: string,
): (a: Placed, b: Placed) => number {
  const rules = collation.keys.flatMap(({ column, direction }) => {
    const found = design.columns[column];
    if (!found) return [];
    const collator = new Intl.Collator(language, { sensitivity: sensitivityOf(found) });
    return [{ direction: direction === 'descending' ? -1 : 1, collator, isCategory: found.isCategory }];
  });
  return (a, b) => {
    for (const [index, { direction, collator, isCategory }] of rules.entries()) {
      const [left, right] = [a.keys[index] ?? '', b.keys[index] ?? ''];
      const order =
        typeof left === 'string' && typeof right === 'string'
          ? isCategory
            ? byLevels(left, right, collator)
            : collator.compare(left, right)
          : byKind(left, right);
      if (order !== 0) return order * direction;
    }
    return byText(a.row.id, b.row.id) || byText(a.row.category, b.row.category) || byBareKeys(a, b);
  };
}

function sensitivityOf({ ignoresCase, ignoresAccent }: ColumnDesign): 'base' | 'accent' | 'case' | 'variant' {
  if (ignoresCase) return ignoresAccent ? 'base' : 'accent';
  return ignoresAccent ? 'case' : 'variant';
}

/** Categories such as `Contoso\Sales` compare level by level, so that nothing comes between a category and its parts. */
function byLevels(left: string, right: string, collator: Intl.Collator): number {
  if (!left.includes('\\') && !right.includes('\\')) return collator.compare(left, right);
  const [one, other] = [left.split('\\'), right.split('\\')];
  for (let level = 0; level < Math.min(one.length, other.length); level += 1) {
    const order = collator.compare(one[level] ?? '', other[level] ?? '');
    if (order !== 0) return order;
  }
  return one.length - other.length;
}

/** Numbers and moments stand before texts. */
function byKind(left: SortKey, right: SortKey): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return typeof left === 'number' ? -1 : 1;
}

function byText(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/** Rows of one document whose keys differ in nothing that counts, such as `Lab` and `lab`. */
function byBareKeys(a: Placed, b: Placed): number {
  for (const [index, left] of a.keys.entries()) {
    const order = byText(String(left), String(b.keys[index] ?? ''));
    if (order !== 0) return order;
  }
  return 0;
}
