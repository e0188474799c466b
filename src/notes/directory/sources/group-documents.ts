import { BridgeError } from '../../../presence/errors.js';
import type { Unid } from '../../../presence/ids.js';
import { dqlForm, dqlIn } from '../../dql-text.js';
import type { Driver, FoundDocument } from '../../driver.js';
import { CONFLICT_ITEM } from '../../fields.js';
import { isConflict } from '../../item-access.js';
import type { GroupEntry } from '../entry.js';
import { cleanTexts, DIRECTORY_FORMS, GROUP_DOCUMENT as ITEM, type Read, readEach } from './domino-items.js';
import { findOpening, opening } from './find-opening.js';

/** A group with the id of its document, by which it is read again without a search. */
export interface StoredGroup extends GroupEntry {
  readonly unid: Unid;
}

const ITEM_NAMES = [ITEM.listName, ITEM.members, CONFLICT_ITEM];

/** A group's list of members may hold 32 KB, or more in newer databases. */
const MAX_MEMBERS = 50_000;
const MAX_LIST_NAMES = 16;

/** Names in one search. */
const NAMES_PER_SEARCH = 50;

/** All groups of a Domino Directory. Throws `BridgeError` with a `NOTES_…` code, or `DIRECTORY_SOURCE`. */
export async function readGroupDocuments(driver: Driver, maxDocuments: number): Promise<Read<StoredGroup>> {
  const found = await findOpening(driver, { query: dqlForm(DIRECTORY_FORMS.group), itemNames: ITEM_NAMES });
  if (found.length > maxDocuments) {
    throw new BridgeError('DIRECTORY_SOURCE', `The Domino Directory holds more than ${maxDocuments} groups.`, {
      details: { found: found.length, limit: maxDocuments },
    });
  }
  return readEach(found, groupEntry);
}

/** Groups by their names; DQL may find more than were asked for. Throws `BridgeError`. */
export async function findGroups(driver: Driver, names: readonly string[]): Promise<readonly StoredGroup[]> {
  const groups: StoredGroup[] = [];
  const askable = names.filter((name) => !/\p{Cc}/u.test(name));
  for (let start = 0; start < askable.length; start += NAMES_PER_SEARCH) {
    const some = askable.slice(start, start + NAMES_PER_SEARCH);
    const query = dqlForm(DIRECTORY_FORMS.group, dqlIn(ITEM.listName, some));
    const found = await findOpening(driver, { query, itemNames: ITEM_NAMES });
    groups.push(...(await readEach(found, groupEntry)).entries);
  }
  return groups;
}

/** Groups by the ids of their documents; one that is gone is left out. Throws `BridgeError`. */
export async function rereadGroups(driver: Driver, unids: readonly Unid[]): Promise<readonly StoredGroup[]> {
  const groups: StoredGroup[] = [];
  for (let start = 0; start < unids.length; start += driver.maxBatch) {
    const some = unids.slice(start, start + driver.maxBatch);
    const found = await opening(driver, () => driver.read(some, ITEM_NAMES));
    const there = found.filter((one) => one !== undefined);
    groups.push(...(await readEach(there, groupEntry)).entries);
  }
  return groups;
}

function groupEntry({ unid, items }: FoundDocument): StoredGroup | undefined {
  if (isConflict(items)) return undefined;
  const names = cleanTexts(items, ITEM.listName, MAX_LIST_NAMES);
  if (names.length === 0) return undefined;
  return { unid, origin: `Group document ${unid}`, names, members: cleanTexts(items, ITEM.members, MAX_MEMBERS) };
}
