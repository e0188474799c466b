import { BridgeError } from '../../../presence/errors.js';
import { parseUnid, type Unid } from '../../../presence/ids.js';
import type { DocumentOutcome, FoundDocument } from '../../driver.js';
import { itemsOf } from './document-json.js';
import type { RestAnswer } from './http.js';
import { refusalOf } from './refusal.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The elements of a bulk answer. Throws when it is no list: then nobody knows what became of the call. */
export function elementsOf({ json, status }: RestAnswer, operation: string): readonly JsonObject[] {
  if (Array.isArray(json) && json.every(isObject)) return json;
  throw new BridgeError('NOTES_INTERNAL', 'The answer is not a list of documents.', { details: { operation, status } });
}

/** A document of an answer; `undefined` for the report of a failure, and for one without any item asked for. */
export function foundDocument(element: JsonObject, itemNames: readonly string[]): FoundDocument | undefined {
  const unid = unidOf(element);
  if (unid === undefined || failureStatus(element) !== undefined) return undefined;
  const items = itemsOf(element, itemNames);
  if (Object.keys(items).length === 0) return undefined;
  const created = Date.parse(String(metaOf(element, 'created')));
  const revision = metaOf(element, 'revision');
  return {
    unid,
    created: Number.isNaN(created) ? undefined : created,
    ...(typeof revision === 'string' && revision !== '' ? { revision } : {}),
    items,
  };
}

/** COMPAT(domino-rest): `@meta.unid`, and in older answers `@unid` or `unid` beside the items. */
export function unidOf(element: JsonObject): Unid | undefined {
  const text = metaOf(element, 'unid') ?? element['unid'];
  const unid = typeof text === 'string' ? parseUnid(text) : undefined;
  return unid?.ok ? unid.value : undefined;
}

/** Status of an element that reports a failure; an element that names no document at all is one too. */
export function failureStatus(element: JsonObject): number | undefined {
  for (const name of ['statusCode', 'status'] as const) {
    // A document may have an item of that name: reports have no items.
    const status = Number(element[name] === '' || '@meta' in element ? Number.NaN : element[name]);
    if (Number.isInteger(status) && status >= 400 && status < 600) return status;
  }
  return unidOf(element) === undefined ? 400 : undefined;
}

/** The error that an element reports. `secrets`: values of the document, which the server may repeat. */
export function elementError(element: JsonObject, operation: string, secrets: readonly string[]): BridgeError {
  const status = failureStatus(element) ?? 400;
  const message = element['message'] ?? element['statusText'];
  const answer = { status, json: { ...element, message }, text: '', retryAfter: undefined, location: undefined };
  return refusalOf(answer, { operation, about: 'document', secrets });
}

/** Outcomes of a deletion, by id; an element without one counts by its position. */
export function deletedOutcomes(elements: readonly JsonObject[], sent: readonly Unid[]): readonly DocumentOutcome[] {
  const operation = 'delete';
  const byUnid = new Map<Unid, JsonObject>();
  elements.forEach((element, index) => {
    const unid = unidOf(element) ?? (elements.length === sent.length ? sent[index] : undefined);
    if (unid !== undefined) byUnid.set(unid, element);
  });
  return sent.map((unid): DocumentOutcome => {
    const element = byUnid.get(unid);
    if (element === undefined) {
      const message = 'A document is missing in the answer.';
      throw new BridgeError('NOTES_INTERNAL', message, { details: { operation } });
    }
    const isDone = unidOf(element) !== undefined && failureStatus(element) === undefined;
    return isDone ? { ok: true, unid } : { ok: false, error: elementError(element, operation, []) };
  });
}

function metaOf(element: JsonObject, name: string): unknown {
  const meta = element['@meta'];
  return (isObject(meta) ? meta[name] : undefined) ?? element[`@${name}`];
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
