import type { Items, ItemValue } from './item-value.js';

/**
 * True when all items of `wanted` stand in `there` with the same values, however a driver spells them. An empty text is as
 * good as no item; items that only `there` has do not count.
 */
export function sameItems(wanted: Items, there: Items): boolean {
  for (const name in wanted) {
    const [value, found] = [wanted[name], there[name]];
    // Most values are plain and equal; with fifty thousand documents their lists would be dear.
    if (value !== found && !sameValues(valuesOf(value), valuesOf(found))) return false;
  }
  return true;
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
