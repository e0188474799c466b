import { PERSON_ITEMS as ITEM } from './fields.js';
import { momentOf, numberOf, textsOf } from './item-access.js';
import type { Items, ItemValue } from './item-value.js';
import { personItems, type ReadPerson } from './items.js';

/** Items that a bridge without notes must not leave behind, and does not write. */
const NOTE_ITEMS = [ITEM.note, ITEM.activityText];

/**
 * True when the items that belong to the bridge are just what it would write for what they say. `read` is what
 * `personFromItems` made of `items`. Items of others do not count.
 */
export function isIntact(items: Items, read: ReadPerson, options: { readonly notes: boolean }): boolean {
  const observedAt = momentOf(items, ITEM.observedAt);
  if (observedAt === undefined) return false;
  const { uri, key, name, otherNames, snapshot, bridge, epoch, seq } = read;
  const person = { uri, key, name, otherNames, displayName: '' };
  const expected = personItems({ person, snapshot, observedAt, bridge, epoch, seq, waitingSince: observedAt }, options);
  if (!options.notes && NOTE_ITEMS.some((item) => textsOf(items, item).some((text) => text !== ''))) return false;
  for (const item in expected) if (!isSame(expected[item], items, item)) return false;
  return true;
}

/** Drivers spell a value in several ways, and some leave out what is empty. */
function isSame(expected: ItemValue | undefined, items: Items, item: string): boolean {
  if (expected === items[item]) return true;
  if (typeof expected === 'number') return numberOf(items, item) === expected;
  if (isMoment(expected)) return momentOf(items, item) === Date.parse(expected.data);
  if (momentOf(items, item) !== undefined || numberOf(items, item) !== undefined) return false;
  const [wanted, found] = [textsIn(expected), textsOf(items, item).filter((text) => text !== '')];
  return wanted.length === found.length && wanted.every((text, index) => text === found[index]);
}

function isMoment(value: ItemValue | undefined): value is { readonly type: 'datetime'; readonly data: string } {
  return typeof value === 'object' && 'type' in value && value.type === 'datetime' && typeof value.data === 'string';
}

function textsIn(value: ItemValue | undefined): readonly string[] {
  return textsOf({ value: value ?? '' }, 'value').filter((text) => text !== '');
}
