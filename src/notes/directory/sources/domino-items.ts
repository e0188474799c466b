import { setImmediate } from 'node:timers/promises';
import { textsOf } from '../../item-access.js';
import type { Items } from '../../item-value.js';

/** Forms and items of the Domino Directory, as its template names them (HCL Domino Designer help, "NotesDirectory"). */
export const DIRECTORY_FORMS = { person: 'Person', group: 'Group' } as const;

export const PERSON_DOCUMENT = {
  /** Names item; the present hierarchical name first, then the common name and, after a renaming, previous names. */
  fullName: 'FullName',
  altFullName: 'AltFullName',
  firstName: 'FirstName',
  lastName: 'LastName',
  shortName: 'ShortName',
  internetAddress: 'InternetAddress',
} as const;

export const GROUP_DOCUMENT = { listName: 'ListName', members: 'Members' } as const;

/** Longest text that can be a name or an address. */
const MAX_TEXT = 1024;

/** Texts of an item, trimmed; those that no name or address can be are left out. */
export function cleanTexts(items: Items, name: string, maxCount: number): readonly string[] {
  const texts: string[] = [];
  for (const text of textsOf(items, name)) {
    if (texts.length >= maxCount) break;
    const trimmed = text.length <= 4 * MAX_TEXT ? text.trim() : '';
    if (trimmed !== '' && trimmed.length <= MAX_TEXT) texts.push(trimmed);
  }
  return texts;
}

/** Documents of one kind that were read, and how many could not be used. */
export interface Read<Entry> {
  readonly entries: readonly Entry[];
  readonly skipped: number;
}

/** Documents that are read before everything else in the process has its turn. */
const SLICE = 256;

/** Entries of all documents that give one. */
export async function readEach<Document, Entry>(
  documents: readonly Document[],
  entryOf: (document: Document) => Entry | undefined,
): Promise<Read<Entry>> {
  const entries: Entry[] = [];
  for (const [index, document] of documents.entries()) {
    if (index > 0 && index % SLICE === 0) await setImmediate();
    const entry = entryOf(document);
    if (entry !== undefined) entries.push(entry);
  }
  return { entries, skipped: documents.length - entries.length };
}
