import { charClass, hasAnyOf, TOKEN } from '../char-class.js';
import { endOfQuoted, isBlank, isVisible, skipBlanks, trimmed, unquoted } from '../scan.js';
import { type Params, parseParams } from './params.js';

/** Value of From, To, Contact, Route, Record-Route and Refer-To (RFC 3261 §20.10, §25.1). */
export interface NameAddr {
  /** Without quotes and escapes; empty when there is none. */
  readonly displayName: string;
  /** Text of the URI exactly as received: what signatures cover (MS-SIPAE). Its own syntax is not checked here. */
  readonly uri: string;
  /** Header parameters, not those of the URI. */
  readonly params: Params;
  readonly tag: string | undefined;
  /** Identifier of the endpoint (MS-SIPRE). */
  readonly epid: string | undefined;
}

/** A URI that holds one of these must stand in brackets (RFC 3261 §20), or is none. */
const NEEDS_BRACKETS = charClass('?,<>"');

/** Reads one address; `undefined` when the text is none. */
export function parseNameAddr(text: string): NameAddr | undefined {
  const start = skipBlanks(text, 0);
  if (text[start] === '"') {
    const end = endOfQuoted(text, start);
    if (end < 0) return undefined;
    const open = skipBlanks(text, end);
    return text[open] === '<' ? bracketed(text, open, unquoted(text, start, end)) : undefined;
  }
  const open = endOfDisplayName(text, start);
  return text[open] === '<' ? bracketed(text, open, trimmed(text, start, open)) : bare(text, start);
}

/** Tokens and blanks; COMPAT(lync): names beyond ASCII arrive without quotes too. */
function endOfDisplayName(text: string, at: number): number {
  let i = at;
  for (; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (TOKEN[code] !== 1 && !isBlank(code) && code < 0x80) break;
  }
  return i;
}

function bracketed(text: string, open: number, displayName: string): NameAddr | undefined {
  const close = text.indexOf('>', open);
  if (close < 0) return undefined;
  const uri = text.slice(open + 1, close);
  if (!isVisible(uri) || uri.includes('<')) return undefined;
  return withParams(displayName, uri, text, close + 1);
}

/**
 * Without brackets the URI ends at the first semicolon.
 * COMPAT(ocs2007): a closing bracket without an opening one is sent (`To: sip:ana@contoso.example>;tag=1`).
 */
function bare(text: string, start: number): NameAddr | undefined {
  const semicolon = text.indexOf(';', start);
  const end = semicolon < 0 ? text.length : semicolon;
  const written = trimmed(text, start, end);
  const uri = written.endsWith('>') ? written.slice(0, -1) : written;
  if (!isVisible(uri) || hasAnyOf(NEEDS_BRACKETS, uri)) return undefined;
  return withParams('', uri, text, end);
}

function withParams(displayName: string, uri: string, text: string, at: number): NameAddr | undefined {
  const params = uri.includes(':') ? parseParams(text, at) : undefined;
  return params && { displayName, uri, params, tag: params.get('tag'), epid: params.get('epid') };
}
