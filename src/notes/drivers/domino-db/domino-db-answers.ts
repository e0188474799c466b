import { BridgeError, type ErrorCode } from '../../../presence/errors.js';
import { parseUnid, type Unid } from '../../../presence/ids.js';
import type { DocumentOutcome, FoundDocument } from '../../driver.js';
import type { ItemValue } from '../../item-value.js';
import { documentErrorOf } from './domino-db-errors.js';
import type { BulkResponse, DocumentOutput } from './domino-db-surface.js';

/**
 * A document of a read; `undefined` when it carries an error, or none of the items asked for: documents that readers
 * fields hide from the bridge come as ids alone.
 */
export function foundDocument(document: DocumentOutput, itemNames: readonly string[]): FoundDocument | undefined {
  const unid = unidOf(document);
  if (unid === undefined || document['@error'] !== undefined) return undefined;
  const items: Record<string, ItemValue> = {};
  for (const name of itemNames) {
    const value = itemValue(document[name]);
    if (value !== undefined) items[name] = value;
  }
  if (Object.keys(items).length === 0) return undefined;
  return { unid, created: timeOf(document['@created']), items };
}

/**
 * Documents of a read. Entries with an error that concerns them alone (gone, hidden, damaged) are left out. With any other
 * error nobody knows what is missing, and the call counts as failed: somebody might be created a second time.
 */
export function foundDocuments(
  response: BulkResponse,
  itemNames: readonly string[],
  operation: string,
): readonly FoundDocument[] {
  const errors = response.documents.flatMap(({ '@error': error }) =>
    error === undefined ? [] : [documentErrorOf(error, operation)],
  );
  const serious = errors.find(({ retry }) => retry === 'later');
  if (serious !== undefined) throw serious;
  if (response.errors > 0 && errors.length === 0) {
    throw unclear(operation, `${response.errors} errors were counted, but no document is named`);
  }
  return response.documents.flatMap((document) => foundDocument(document, itemNames) ?? []);
}

/** How far a page of a read brought us; numbers that make no sense count as those of the documents in it. */
export function pageRange(
  { documents, documentRange }: BulkResponse,
  start: number,
): { readonly total: number; readonly next: number } {
  const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
  const { total, count } = documentRange ?? {};
  const next = start + (isCount(count) ? count : documents.length);
  return { total: isCount(total) ? total : next, next };
}

/** Texts that were sent for the document of that number, which its error may repeat. */
export type SecretsOf = (index: number) => readonly string[];

/**
 * Outcomes of a bulk creation, which answers with ids alone: by position, so the numbers must agree. Otherwise nobody
 * knows which documents were created, and the call counts as failed.
 */
export function createdOutcomes(
  response: BulkResponse,
  sent: number,
  secretsOf: SecretsOf = () => [],
): readonly DocumentOutcome[] {
  if (response.documents.length !== sent) {
    throw unclear('create', `${sent} documents were sent, ${response.documents.length} were answered`);
  }
  const outcomes = response.documents.map((document, index): DocumentOutcome => {
    const unid = unidOf(document);
    const error = document['@error'];
    if (error !== undefined) return { ok: false, error: documentErrorOf(error, 'create', secretsOf(index)) };
    if (unid === undefined) throw unclear('create', 'a document was answered without its id');
    return { ok: true, unid };
  });
  return checkCount(outcomes, response, 'create');
}

/** Outcomes of an update or deletion by id. Failed entries may lack their id; then their position counts. */
export function updatedOutcomes(
  response: BulkResponse,
  sent: readonly Unid[],
  operation: string,
  secretsOf: SecretsOf = () => [],
): readonly DocumentOutcome[] {
  const byUnid = new Map<Unid, DocumentOutput>();
  response.documents.forEach((document, index) => {
    const unid = unidOf(document) ?? sent[index];
    if (unid !== undefined) byUnid.set(unid, document);
  });
  const outcomes = sent.map((unid, index): DocumentOutcome => {
    const document = byUnid.get(unid);
    if (document === undefined) throw unclear(operation, 'a document is missing in the answer');
    const error = document['@error'];
    return error === undefined
      ? { ok: true, unid }
      : { ok: false, error: documentErrorOf(error, operation, secretsOf(index)) };
  });
  return checkCount(outcomes, response, operation);
}

/** Reasons that concern no single document: the call counts as failed, and what it wrote is written again. */
const OF_THE_DATABASE: ReadonlySet<ErrorCode> = new Set(['NOTES_FULL', 'NOTES_READ_ONLY', 'NOTES_UNREACHABLE']);

function checkCount(
  outcomes: readonly DocumentOutcome[],
  response: BulkResponse,
  operation: string,
): readonly DocumentOutcome[] {
  if (response.errors > 0 && outcomes.every((outcome) => outcome.ok)) {
    throw unclear(operation, `${response.errors} errors were counted, but no document is named`);
  }
  for (const outcome of outcomes) if (!outcome.ok && OF_THE_DATABASE.has(outcome.error.code)) throw outcome.error;
  return outcomes;
}

function unclear(operation: string, message: string): BridgeError {
  return new BridgeError('NOTES_INTERNAL', message, { details: { operation } });
}

function unidOf(document: DocumentOutput): Unid | undefined {
  const unid = typeof document['@unid'] === 'string' ? parseUnid(document['@unid']) : undefined;
  return unid?.ok ? unid.value : undefined;
}

function timeOf(moment: unknown): number | undefined {
  const data = typeof moment === 'object' && moment !== null ? (moment as Record<string, unknown>)['data'] : undefined;
  const time = typeof data === 'string' ? Date.parse(data) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** An item as read; a value of a kind we never write reads as missing. */
function itemValue(value: unknown): ItemValue | undefined {
  if (isTextOrNumber(value)) return value;
  if (Array.isArray(value)) return isList(value) ? value : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const { type, data, names } = value as Readonly<Record<string, unknown>>;
  if (type === 'number') return isTextOrNumber(data) || (Array.isArray(data) && isList(data)) ? data : undefined;
  if (!isTextData(data)) return undefined;
  if (type === 'datetime') return { type, data };
  return type === 'text' ? { type, data, ...(names === true ? { names } : {}) } : undefined;
}

function isTextOrNumber(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function isList(values: readonly unknown[]): values is readonly string[] | readonly number[] {
  return values.every((value) => typeof value === 'string') || values.every((value) => typeof value === 'number');
}

function isTextData(data: unknown): data is string | readonly string[] {
  return typeof data === 'string' || (Array.isArray(data) && data.every((value) => typeof value === 'string'));
}
