import type { Items, ItemValue } from './item-value.js';

/** True when all items of `wanted` stand in `there` with the same values. An empty text is as good as no item. */
export function sameItems(wanted: Items, there: Items): boolean {
  return Object.entries(wanted).every(([name, value]) => sameValues(valuesOf(value), valuesOf(there[name])));
}

function sameValues(a: readonly (string | number)[], b: readonly (string | number)[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

function valuesOf(value: ItemValue | undefined): readonly (string | number)[] {
  if (value === undefined) return [];
  const isFlagged = typeof value === 'object' && 'type' in value;
  const data = isFlagged ? value.data : value;
  const values: readonly (string | number)[] = typeof data === 'object' ? data : [data];
  if (values.length === 1 && values[0] === '') return [];
  // Drivers give a moment with or without hundredths of a second.
  return isFlagged && value.type === 'datetime' ? values.map((moment) => Date.parse(String(moment))) : values;
}
