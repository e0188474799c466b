import { endOf, TOKEN } from '../char-class.js';
import { isBlank, skipBlanks } from '../scan.js';

/** Value of the authentication headers, challenges, credentials and signatures alike (MS-SIPAE 2.2). */
export interface AuthHeader {
  /** As received, for example `NTLM`: signatures cover it. */
  readonly scheme: string;
  /**
   * By lower-case name. Values stand between their quotes as received: MS-SIPAE knows no escapes, and signatures cover
   * the raw text.
   */
  readonly params: ReadonlyMap<string, string>;
}

/** Reads one header line, which holds one scheme. `undefined` when malformed or when a parameter comes twice. */
export function parseAuthHeader(value: string): AuthHeader | undefined {
  const start = skipBlanks(value, 0);
  const end = endOf(TOKEN, value, start);
  if (end === start || (end < value.length && !isBlank(value.charCodeAt(end)))) return undefined;
  const params = parseAuthParams(value, end);
  return params && { scheme: value.slice(start, end), params };
}

function parseAuthParams(text: string, at: number): ReadonlyMap<string, string> | undefined {
  const params = new Map<string, string>();
  let i = skipBlanks(text, at);
  while (i < text.length) {
    const nameEnd = endOf(TOKEN, text, i);
    const equals = skipBlanks(text, nameEnd);
    if (nameEnd === i || text[equals] !== '=') return undefined;
    const name = text.slice(i, nameEnd).toLowerCase();
    const valueStart = skipBlanks(text, equals + 1);
    const valueEnd = endOfValue(text, valueStart);
    if (valueEnd < 0 || params.has(name)) return undefined;
    const quoted = text[valueStart] === '"';
    params.set(name, quoted ? text.slice(valueStart + 1, valueEnd - 1) : text.slice(valueStart, valueEnd));
    i = skipBlanks(text, valueEnd);
    if (i < text.length && text[i] !== ',') return undefined;
    i = skipBlanks(text, i + 1);
  }
  return params;
}

function endOfValue(text: string, at: number): number {
  if (text[at] === '"') return text.indexOf('"', at + 1) + 1 || -1;
  let i = at;
  while (i < text.length && text[i] !== ',' && text[i] !== '"' && !isBlank(text.charCodeAt(i))) i++;
  return i;
}
