import type { BulkResponse, DocumentOutput, ReadOptions } from '../domino-db/domino-db-surface.js';
import { badRequest } from './domino-db-error.js';
import type { Edit, EditOutcome } from './engine.js';
import { isFlagged, type StoredDocument, type StoredItems, typeOf } from './stored-document.js';

/** A document as read: metadata, and those of the items asked for that it has, in the caller's spelling. */
export function readAnswer(document: StoredDocument, options: ReadOptions): DocumentOutput {
  const items: [string, unknown][] = [];
  for (const name of options.itemNames ?? []) {
    const key = name.toLowerCase();
    const value = Object.hasOwn(document.items, key) ? document.items[key] : undefined;
    if (value === undefined) continue;
    const spelledOut = options.canonicalFormat === true && !isFlagged(value);
    items.push([name, spelledOut ? { type: typeOf(value), data: value } : value]);
  }
  return {
    ...Object.fromEntries(items),
    '@unid': document.unid,
    '@created': { type: 'datetime', data: hundredths(document.created) },
    '@modified': { type: 'datetime', data: hundredths(document.modified) },
  };
}

function hundredths(time: number): string {
  return new Date(time).toISOString().replace(/\dZ$/, 'Z');
}

/** Outcomes of a bulk write: ids alone, and `@error` where one failed. */
export function writeAnswer(outcomes: readonly EditOutcome[]): BulkResponse {
  const documents = outcomes.map((one) => (one.error === undefined ? { '@unid': one.unid } : failedEntry(one)));
  return { documents, errors: outcomes.filter((one) => one.error !== undefined).length };
}

export function failedEntry({ unid, error }: EditOutcome): DocumentOutput {
  const { message, code } = error as Error & { readonly code?: unknown };
  return { '@unid': unid, '@error': { message, code } };
}

/** The edit that removes items. */
export function withoutItems(itemNames: readonly string[]): Edit['next'] {
  const names = new Set(required(itemNames, 'itemNames').map((name) => name.toLowerCase()));
  return (before): StoredItems => Object.fromEntries(Object.entries(before).filter(([name]) => !names.has(name)));
}

/** The module checks its options before any traffic. */
export function required<T>(value: T | undefined | null, name: string): T {
  if (value === undefined || value === null || value === '') throw badRequest(`${name} is missing`);
  return value;
}
