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

/**
 * All documents of a query, each once. Answers tell no total, and the server computes the matches anew for each page.
 * Therefore each page begins with the last document of the one before: when it does not, the matches have shifted, one may
 * have slipped through, and all is read again.
 */
export async function findDocuments(query: PagedQuery): Promise<{
  readonly found: readonly FoundDocument[];
  readonly isStable: boolean;
}> {
  const all = new Map<Unid, FoundDocument>();
  for (let attempt = 0; attempt <= query.rereads; attempt++) {
    const found = new Map<Unid, FoundDocument>();
    const isStable = await readPages(query, found);
    if (isStable) return { found: [...found.values()], isStable };
    for (const [unid, document] of found) all.set(unid, document);
  }
  return { found: [...all.values()], isStable: false };
}

async function readPages({ itemNames, pageSize, page }: PagedQuery, found: Map<Unid, FoundDocument>): Promise<boolean> {
  let last: Unid | undefined;
  for (let start = 0; ; ) {
    const elements = await page(start, pageSize);
    const [first] = elements;
    const joins = start === 0 || (first !== undefined && unidOf(first) === last);
    for (const element of elements) {
      const document = foundDocument(element, itemNames);
      if (document !== undefined) found.set(document.unid, document);
    }
    if (!joins) return false;
    const end = elements.at(-1);
    if (elements.length < pageSize || end === undefined) return true;
    last = unidOf(end);
    start += elements.length - 1;
  }
}
