import type { BridgeError } from '../../../presence/errors.js';
import { jsonOf, sourceFault } from './source-fault.js';

/** Everything people read in one language, by key. */
export interface Texts {
  readonly path: string;
  readonly entries: ReadonlyMap<string, string>;
}

const KEY = /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$/;
const MAX_LENGTH = 300;

/**
 * Reads a language's texts: a JSON object of key and text. A text stands in formulas and in XML attributes alike, so it
 * has one line and neither quotation marks nor backslashes. Throws `BridgeError` (`TEMPLATE_INVALID`).
 */
export function readTexts(file: { readonly path: string; readonly text: string }): Texts {
  const refuse = (reason: string): BridgeError => sourceFault(file.path, reason);
  const parsed = jsonOf(file);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw refuse('an object was expected');
  const entries = new Map<string, string>();
  for (const [key, value] of Object.entries(parsed)) {
    if (!KEY.test(key)) throw refuse(`"${key}" is no key such as "column.name"`);
    if (typeof value !== 'string' || value.trim() === '') throw refuse(`"${key}" needs a text`);
    if (value.length > MAX_LENGTH) throw refuse(`the text of "${key}" has more than ${MAX_LENGTH} characters`);
    if (/["\\\p{Cc}]/u.test(value))
      throw refuse(`the text of "${key}" holds a quotation mark, a backslash or a line break`);
    entries.set(key, value);
  }
  return { path: file.path, entries };
}
