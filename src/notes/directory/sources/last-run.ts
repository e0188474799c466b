import { LISTS_DOMAIN } from '../../../bridge/list-ports.js';
import { dqlForm } from '../../dql-text.js';
import type { Driver, FoundDocument } from '../../driver.js';
import { FORMS, PERSON_ITEMS } from '../../fields.js';
import { textOf } from '../../item-access.js';
import { STRETCH, type Steps } from '../../steps.js';
import type { DirectoryEntry } from '../entry.js';
import { keysOf } from '../related.js';
import { cleanTexts, readEach } from './domino-items.js';
import { findOpening } from './find-opening.js';

const ITEM_NAMES = [
  PERSON_ITEMS.address,
  PERSON_ITEMS.name,
  PERSON_ITEMS.otherNames,
  PERSON_ITEMS.mailAddresses,
  PERSON_ITEMS.displayName,
  PERSON_ITEMS.bridge,
];

const MAX_OTHER_NAMES = 64;

/**
 * Who was watched when this bridge ran last, from the documents it wrote, but for those that stand for lists: at these
 * addresses, or without an address of their own. Throws `BridgeError`.
 */
export async function readLastRun(
  driver: Driver,
  bridge: string,
  lists: ReadonlySet<string> = new Set(),
): Promise<readonly DirectoryEntry[]> {
  const found = await findOpening(driver, { query: dqlForm(FORMS.person), itemNames: ITEM_NAMES });
  return (await readEach(found, (document) => entryOf(document, bridge, lists))).entries;
}

/** Entries of people whom no other source names, neither by a name nor by the address. */
export function* missingFrom(
  lastRun: readonly DirectoryEntry[],
  present: readonly DirectoryEntry[],
): Steps<readonly DirectoryEntry[]> {
  const known = new Set<string>();
  for (const [index, entry] of present.entries()) {
    if (index % STRETCH === 0) yield;
    for (const key of keysOf(entry)) known.add(key);
  }
  const missing: DirectoryEntry[] = [];
  for (const [index, entry] of lastRun.entries()) {
    if (index % STRETCH === 0) yield;
    if (!keysOf(entry).some((key) => known.has(key))) missing.push(entry);
  }
  return missing;
}

function entryOf(
  { unid, items }: FoundDocument,
  bridge: string,
  lists: ReadonlySet<string>,
): DirectoryEntry | undefined {
  const address = textOf(items, PERSON_ITEMS.address);
  if (address === '' || textOf(items, PERSON_ITEMS.bridge) !== bridge) return undefined;
  if (lists.has(address) || address.endsWith(`@${LISTS_DOMAIN}`)) return undefined;
  return {
    origin: `Presence document ${unid} of the last run`,
    names: [PERSON_ITEMS.name, PERSON_ITEMS.otherNames].flatMap((item) => cleanTexts(items, item, MAX_OTHER_NAMES)),
    // Explicit like a mapping: it counted under some rule before, and nobody else names this person now.
    addresses: [
      { rule: 'mapping', text: address },
      ...cleanTexts(items, PERSON_ITEMS.mailAddresses, MAX_OTHER_NAMES).map(
        (text) => ({ rule: 'internet-address', text }) as const,
      ),
    ],
    displayName: textOf(items, PERSON_ITEMS.displayName),
  };
}
