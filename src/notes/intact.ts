import { PERSON_ITEMS as ITEM } from './fields.js';
import { momentOf, textsOf } from './item-access.js';
import type { Items } from './item-value.js';
import { personItems, type ReadPerson } from './items.js';
import { sameItems } from './same-items.js';

/** Items that a bridge without notes must not leave behind, and does not write. */
const NOTE_ITEMS = [ITEM.note, ITEM.activityText];

/**
 * True when the items that belong to the bridge are just what it would write for what they say. `read` is what
 * `personFromItems` made of `items`. Items of others do not count.
 */
export function isIntact(items: Items, read: ReadPerson, options: { readonly notes: boolean }): boolean {
  const observedAt = momentOf(items, ITEM.observedAt);
  if (observedAt === undefined) return false;
  const { uri, key, name, otherNames, mailAddresses, snapshot, bridge, epoch, seq } = read;
  const person = { uri, key, name, otherNames, mailAddresses, displayName: '' };
  const expected = personItems({ person, snapshot, observedAt, bridge, epoch, seq, waitingSince: observedAt }, options);
  if (!options.notes && NOTE_ITEMS.some((item) => textsOf(items, item).some((text) => text !== ''))) return false;
  return sameItems(expected, items);
}
