import { parseSipUri } from '../../../presence/ids.js';
import { abbreviated } from '../../../presence/name-keys.js';
import { dqlIn } from '../../dql-text.js';
import type { Driver } from '../../driver.js';
import type { DirectoryEntry } from '../entry.js';
import { readName } from '../names.js';
import { PERSON_DOCUMENT as ITEM } from './domino-items.js';
import { readPersonDocuments } from './person-documents.js';

export interface SinglePersonOptions {
  /** Items that hold SIP addresses. */
  readonly sipItems: readonly string[];
  /** More documents than these do not answer a question about one person. */
  readonly maxDocuments: number;
}

/** Longest text that is asked for. */
const MAX_LENGTH = 1024;

/**
 * Person documents that may mean this name or address. DQL takes no notice of case and accents, so others may be among
 * them: the caller has to compare. Throws `BridgeError`.
 */
export async function findPerson(
  driver: Driver,
  text: string,
  options: SinglePersonOptions,
): Promise<readonly DirectoryEntry[]> {
  const condition = personCondition(text, options.sipItems);
  return condition === undefined ? [] : (await readPersonDocuments(driver, options, condition)).entries;
}

/** A DQL condition for a name or an address; `undefined` for a text that is neither. */
export function personCondition(text: string, sipItems: readonly string[]): string | undefined {
  const plain = text.trim().replace(/\s+/g, ' ');
  if (plain === '' || plain.length > MAX_LENGTH || /\p{Cc}/u.test(plain)) return undefined;
  const terms: string[] = [];
  const name = readName(plain);
  const names = name === undefined ? [plain] : [...new Set([plain, name.name, abbreviated(name.name)])];
  for (const item of [ITEM.fullName, ITEM.altFullName, ITEM.shortName]) terms.push(dqlIn(item, names));
  const address = plain.includes('@') ? parseSipUri(plain) : undefined;
  if (address?.ok) {
    const uri = address.value;
    const bare = uri.slice('sip:'.length);
    for (const item of [ITEM.internetAddress, ...sipItems]) terms.push(dqlIn(item, [bare, uri]));
  }
  return `(${terms.join(' or ')})`;
}
