import { BridgeError } from '../../../presence/errors.js';
import { dqlForm } from '../../dql-text.js';
import type { Driver, FoundDocument } from '../../driver.js';
import { CONFLICT_ITEM } from '../../fields.js';
import { isConflict, textOf } from '../../item-access.js';
import type { DirectoryEntry } from '../entry.js';
import { cleanTexts, DIRECTORY_FORMS, PERSON_DOCUMENT as ITEM, type Read, readEach } from './domino-items.js';
import { findOpening } from './find-opening.js';

export interface PersonDocumentOptions {
  /** Items that hold SIP addresses, best first. */
  readonly sipItems: readonly string[];
  /** Documents at most; a directory with more is not read, since nobody could say who is missing then. */
  readonly maxDocuments: number;
}

export const DEFAULT_MAX_DOCUMENTS = 200_000;

/** Values of one item that are looked at: renaming adds one each time. */
const MAX_VALUES = 64;

/**
 * Person documents of a Domino Directory. Those that hold neither name nor address, and replication conflicts, are skipped and counted.
 * `and` is a further DQL condition. Throws `BridgeError` with a `NOTES_…` code, or `DIRECTORY_SOURCE`.
 */
export async function readPersonDocuments(
  driver: Driver,
  { sipItems, maxDocuments }: PersonDocumentOptions,
  and?: string,
): Promise<Read<DirectoryEntry>> {
  const documents = await findOpening(driver, {
    query: dqlForm(DIRECTORY_FORMS.person, and),
    itemNames: [...new Set([...Object.values(ITEM), ...sipItems, CONFLICT_ITEM])],
  });
  if (documents.length > maxDocuments) {
    throw new BridgeError(
      'DIRECTORY_SOURCE',
      `The Domino Directory holds more than ${maxDocuments} Person documents.`,
      {
        details: { found: documents.length, limit: maxDocuments },
      },
    );
  }
  return readEach(documents, (document) => personEntry(document, sipItems));
}

/** What a Person document says; `undefined` when it is about nobody. */
export function personEntry({ unid, items }: FoundDocument, sipItems: readonly string[]): DirectoryEntry | undefined {
  if (isConflict(items)) return undefined;
  const names = [ITEM.fullName, ITEM.altFullName, ITEM.shortName].flatMap((item) =>
    cleanTexts(items, item, MAX_VALUES),
  );
  const sip = sipItems.flatMap((item) => cleanTexts(items, item, MAX_VALUES));
  const internet = cleanTexts(items, ITEM.internetAddress, MAX_VALUES);
  if (names.length + sip.length + internet.length === 0) return undefined;
  return {
    origin: `Person document ${unid}`,
    names,
    addresses: [
      ...sip.map((text) => ({ rule: 'sip-item', text }) as const),
      ...internet.map((text) => ({ rule: 'internet-address', text }) as const),
    ],
    displayName: [ITEM.firstName, ITEM.lastName]
      .map((item) => textOf(items, item).slice(0, 200).trim())
      .filter((part) => part !== '')
      .join(' '),
  };
}
