import { BridgeError } from '../../../presence/errors.js';
import type { DocumentOutcome } from '../../driver.js';
import type { Items } from '../../item-value.js';
import { textsOf } from '../sent-texts.js';
import { elementError, failureStatus, type JsonObject, unidOf } from './answers.js';
import { itemsOf } from './document-json.js';

const OPERATION = 'create';

/**
 * Which document became of which input. The API promises one element per document but no order, so that each is compared
 * with what was sent. Throws `NOTES_INTERNAL` when that leaves a doubt: nobody may take another person's document for
 * the one it has made, and whoever called searches by key.
 */
export function createdOutcomes(elements: readonly JsonObject[], sent: readonly Items[]): readonly DocumentOutcome[] {
  if (elements.length !== sent.length) {
    throw unclear(`${sent.length} documents were sent, ${elements.length} were answered`);
  }
  const ordered = inOrder(elements, sent) ? elements : matched(elements, sent);
  return ordered.map((element, index): DocumentOutcome => {
    const unid = failureStatus(element) === undefined ? unidOf(element) : undefined;
    if (unid !== undefined) return { ok: true, unid };
    return { ok: false, error: elementError(element, OPERATION, textsOf(sent[index] ?? {})) };
  });
}

function inOrder(elements: readonly JsonObject[], sent: readonly Items[]): boolean {
  return elements.every((element, index) => isFailure(element) || agrees(element, sent[index] ?? {}));
}

/** Each created document at the place of the only input that it agrees with; failures at the places that are left. */
function matched(elements: readonly JsonObject[], sent: readonly Items[]): readonly JsonObject[] {
  const places = new Map<number, JsonObject>();
  for (const element of elements) {
    if (isFailure(element)) continue;
    const fitting = sent.flatMap((items, index) => (agrees(element, items) ? [index] : []));
    const [place] = fitting;
    if (fitting.length !== 1 || place === undefined || places.has(place)) {
      throw unclear('a created document cannot be told from the others');
    }
    places.set(place, element);
  }
  const failures = elements.filter(isFailure);
  return sent.map((_, index) => {
    const element = places.get(index) ?? failures.shift();
    if (element === undefined) throw unclear('a document is missing in the answer');
    return element;
  });
}

function isFailure(element: JsonObject): boolean {
  return failureStatus(element) !== undefined;
}

/** Whether no text or number of the answer differs from what was sent; items that are not answered say nothing. */
function agrees(element: JsonObject, items: Items): boolean {
  const answered = itemsOf(element, Object.keys(items));
  return Object.entries(items).every(([name, value]) => {
    const other = answered[name];
    if (name === 'Form' || typeof value === 'object' || typeof other === 'object') return true;
    return other === undefined || other === value;
  });
}

function unclear(message: string): BridgeError {
  return new BridgeError('NOTES_INTERNAL', `It is not clear what was created: ${message}.`, {
    details: { operation: OPERATION },
  });
}
