import { charClass, endOf, TOKEN } from '../char-class.js';
import { endOfQuoted, skipBlanks, unquoted } from '../scan.js';

/** Parameters by lower-case name; values without quotes and escapes, a parameter without value is an empty text. */
export type Params = ReadonlyMap<string, string>;

const NONE: Params = new Map();

/** Whatever ends an unquoted value. Wider than RFC 3261 `gen-value`: `received=2001:db8::1` is sent without brackets. */
const VALUE_END = charClass('\t ;,"<>');

/**
 * Reads `;name=value;name` from `at` to the end of the text (RFC 3261 §25.1, `generic-param`). Blanks are allowed
 * around every sign. `undefined` when something else stands there, or an empty parameter. Of two parameters with the
 * same name the first counts.
 */
export function parseParams(text: string, at: number): Params | undefined {
  let i = skipBlanks(text, at);
  if (i === text.length) return NONE;
  const params = new Map<string, string>();
  while (i < text.length) {
    if (text[i] !== ';') return undefined;
    const nameStart = skipBlanks(text, i + 1);
    const nameEnd = endOf(TOKEN, text, nameStart);
    if (nameEnd === nameStart) return undefined;
    const name = text.slice(nameStart, nameEnd).toLowerCase();
    let value = '';
    i = skipBlanks(text, nameEnd);
    if (text[i] === '=') {
      const valueStart = skipBlanks(text, i + 1);
      const valueEnd = endOfValue(text, valueStart);
      if (valueEnd < 0) return undefined;
      value = text[valueStart] === '"' ? unquoted(text, valueStart, valueEnd) : text.slice(valueStart, valueEnd);
      i = skipBlanks(text, valueEnd);
    }
    if (!params.has(name)) params.set(name, value);
  }
  return params;
}

function endOfValue(text: string, at: number): number {
  if (text[at] === '"') return endOfQuoted(text, at);
  let i = at;
  while (i < text.length && VALUE_END[text.charCodeAt(i)] !== 1) i++;
  return i;
}
