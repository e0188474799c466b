import { BridgeError } from '../../../presence/errors.js';
import type { Unid } from '../../../presence/ids.js';
import type { FoundDocument } from '../../driver.js';
import { foundDocument, type JsonObject, unidOf } from './answers.js';

export interface PagedQuery {
  readonly itemNames: readonly string[];
  /** At least 2. */
  readonly pageSize: number;
  readonly rereads: number;
  readonly page: (start: number, count: number) => Promise<readonly JsonObject[]>;
}

/** More pages than any database has; whoever goes on beyond that does not advance. */
const MAX_PAGES = 10_000;

/**
 * All documents of a query, each once. Answers tell no total, and the server computes the matches anew for each page.
 * Therefore each page begins with the last document of the one before: when it does not, the matches have shifted, one may
 * have slipped through, and all is read again. The last time it is read to its end in any case: documents of which nobody
 * knows would be made a second time. Throws `NOTES_INTERNAL` when the pages do not advance.
 */
export async function findDocuments(query: PagedQuery): Promise<{
  readonly found: readonly FoundDocument[];
  readonly isStable: boolean;
}> {
  const all = new Map<Unid, FoundDocument>();
  for (let attempt = 0; ; attempt++) {
    const isLast = attempt >= query.rereads;
    const found = new Map<Unid, FoundDocument>();
    const isStable = await readPages(query, found, isLast);
    if (isStable) return { found: [...found.values()], isStable };
    for (const [unid, document] of found) all.set(unid, document);
    if (isLast) return { found: [...all.values()], isStable };
  }
}

async function readPages(
  { itemNames, pageSize, page }: PagedQuery,
  found: Map<Unid, FoundDocument>,
  isLast: boolean,
): Promise<boolean> {
  let last: Unid | undefined;
  let isStable = true;
  let start = 0;
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const elements = await page(start, pageSize);
    const [first] = elements;
    isStable &&= start === 0 || (first !== undefined && unidOf(first) === last);
    const before = found.size;
    for (const element of elements) {
      const document = foundDocument(element, itemNames);
      if (document !== undefined) found.set(document.unid, document);
    }
    if (!isStable && !isLast) return false;
    const end = elements.at(-1);
    if (elements.length < pageSize || end === undefined) return isStable;
    // COMPAT(domino-rest): a proxy or version that takes no notice of `start` would give the first page for ever.
    if (!isStable && found.size === before) break;
    last = unidOf(end);
    start += elements.length - 1;
  }
  throw new BridgeError('NOTES_INTERNAL', 'The pages of a query do not advance.', { details: { operation: 'find' } });
}
