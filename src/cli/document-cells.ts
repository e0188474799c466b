import { type ExportedDocument, FORM_ITEMS, type FormName } from '../notes/desk/export.js';
import { momentOf } from '../notes/item-access.js';
import type { Items, ItemValue } from '../notes/item-value.js';
import type { CsvCell } from './csv.js';

/** Values of one item as a reader wants them: a list as its parts, a moment as it is stored. */
export function valuesOf(value: ItemValue | undefined): readonly (string | number)[] {
  if (value === undefined) return [];
  const data = typeof value === 'object' && 'data' in value ? value.data : value;
  return typeof data === 'object' ? data : [data];
}

/** One item as one cell; several values with a semicolon in between, as Notes shows them. */
export function cellOf(items: Items, name: string): CsvCell {
  const values = valuesOf(items[name]);
  return values.length === 1 ? values[0] : values.join('; ');
}

/** A moment as `2026-01-05 07:58:12` in UTC; empty when there is none. */
export function momentCell(items: Items, name: string): string {
  return momentText(momentOf(items, name));
}

export function momentText(time: number | undefined): string {
  return time === undefined ? '' : new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

/** Documents as a table with one column for each item that a form among them has. */
export function asCsvTable(
  documents: readonly ExportedDocument[],
  forms: readonly FormName[],
): { readonly headings: readonly string[]; readonly rows: readonly (readonly CsvCell[])[] } {
  const names = [...new Set(['Form', ...forms.flatMap((form) => FORM_ITEMS[form])])];
  const rows = documents.map(({ unid, created, items }) => [
    unid,
    created === undefined ? undefined : new Date(created).toISOString(),
    ...names.map((name) => cellOf(items, name)),
  ]);
  return { headings: ['Unid', 'Created', ...names], rows };
}
