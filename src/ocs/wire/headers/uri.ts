import { charClass, hasAnyOf, isEscapedMadeOf, isMadeOf, PASSWORD, PHONE, SCHEME, USER } from '../char-class.js';
import { endOfQuoted, isVisible } from '../scan.js';
import { endOfHost, scanPort } from './host.js';
import type { Params } from './params.js';

/** RFC 3261 §19.1.1. Texts are as received: case kept, `%41`-style escapes not undone. */
export interface SipUriParts {
  readonly scheme: 'sip' | 'sips';
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Name, IPv4 address, or IPv6 address in its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  /** By lower-case name. A value in quotes keeps them: the URI must go back to its owner as it came. */
  readonly params: Params;
  /** What follows the question mark; never to be acted upon when it comes from outside. */
  readonly headers: string | undefined;
}

/** RFC 3966. */
export interface TelUriParts {
  readonly scheme: 'tel';
  readonly number: string;
  readonly params: Params;
}

/** A URI of any other scheme (RFC 3986). */
export interface OtherUriParts {
  readonly scheme: string;
  readonly opaque: string;
}

export type UriParts = SipUriParts | TelUriParts | OtherUriParts;

/** RFC 3986 §2.2 leaves no place for these. */
const DELIMITERS = charClass('<>"');

/** Reads a URI that stands alone: no brackets, no blanks. `undefined` when it is malformed. */
export function parseUri(text: string): UriParts | undefined {
  const colon = text.indexOf(':');
  if (colon < 1 || !isMadeOf(SCHEME, text, 0, colon)) return undefined;
  const scheme = text.slice(0, colon).toLowerCase();
  if (scheme === 'sip' || scheme === 'sips') return parseSip(scheme, text, colon + 1);
  if (scheme === 'tel') return parseTel(text, colon + 1);
  const opaque = text.slice(colon + 1);
  return isVisible(opaque) && !hasAnyOf(DELIMITERS, opaque) ? { scheme, opaque } : undefined;
}

export function isSipUri(uri: UriParts): uri is SipUriParts {
  return 'host' in uri;
}

function parseSip(scheme: 'sip' | 'sips', text: string, at: number): SipUriParts | undefined {
  const sign = text.indexOf('@', at);
  const userInfo = sign < 0 ? undefined : parseUserInfo(text.slice(at, sign));
  if (sign >= 0 && !userInfo) return undefined;
  const hostStart = sign < 0 ? at : sign + 1;
  const hostEnd = endOfHost(text, hostStart);
  if (hostEnd < 0) return undefined;
  const scanned = text[hostEnd] === ':' ? scanPort(text, hostEnd + 1) : { port: undefined, end: hostEnd };
  if (!scanned) return undefined;
  const { port, end } = scanned;
  const question = text.indexOf('?', end);
  const params = parseUriParams(text, end, question < 0 ? text.length : question);
  const headers = question < 0 ? undefined : text.slice(question + 1);
  if (!params || (headers !== undefined && !isEscapedMadeOf(URI_HEADERS, headers))) return undefined;
  return {
    scheme,
    user: userInfo?.user,
    password: userInfo?.password,
    host: text.slice(hostStart, hostEnd),
    port,
    params,
    headers,
  };
}

function parseUserInfo(text: string): { user: string; password: string | undefined } | undefined {
  const colon = text.indexOf(':');
  const user = colon < 0 ? text : text.slice(0, colon);
  const password = colon < 0 ? undefined : text.slice(colon + 1);
  if (user === '' || !isEscapedMadeOf(USER, user)) return undefined;
  return password === undefined || isEscapedMadeOf(PASSWORD, password) ? { user, password } : undefined;
}

function parseTel(text: string, at: number): TelUriParts | undefined {
  const semicolon = text.indexOf(';', at);
  const end = semicolon < 0 ? text.length : semicolon;
  const params = parseUriParams(text, end, text.length);
  return params && isMadeOf(PHONE, text, at, end) ? { scheme: 'tel', number: text.slice(at, end), params } : undefined;
}

const ALPHANUM = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const URI_PARAM_NAME = charClass(`${ALPHANUM}-_.!~*'()[]/:&+$`);
/** COMPAT(ocs2007): padding of base64 stands in values (`ms-route-sig=...==`). */
const URI_PARAM_VALUE = charClass(`${ALPHANUM}-_.!~*'()[]/:&+$=,|@`);
const URI_HEADERS = charClass(`${ALPHANUM}-_.!~*'()[]/?:+$=&;,`);

const NONE: Params = new Map();

function parseUriParams(text: string, at: number, end: number): Params | undefined {
  if (at === end) return NONE;
  const params = new Map<string, string>();
  let i = at;
  while (i < end) {
    if (text[i] !== ';') return undefined;
    const next = endOfParam(text, i + 1, end);
    const param = text.slice(i + 1, next);
    const equals = param.indexOf('=');
    const name = equals < 0 ? param : param.slice(0, equals);
    const value = equals < 0 ? '' : param.slice(equals + 1);
    if (name === '' || !isEscapedMadeOf(URI_PARAM_NAME, name) || !isParamValue(value)) return undefined;
    const key = name.toLowerCase();
    if (!params.has(key)) params.set(key, value);
    i = next;
  }
  return params;
}

function endOfParam(text: string, at: number, end: number): number {
  let i = at;
  while (i < end && text[i] !== ';') {
    const closed = text[i] === '"' ? endOfQuoted(text, i) : i + 1;
    i = closed < 0 ? end : closed;
  }
  return Math.min(i, end);
}

/** COMPAT(ocs2007): the Contact of a pool has values in quotes inside the URI (`;ms-fe="fe1.contoso.example"`). */
function isParamValue(value: string): boolean {
  if (!value.startsWith('"')) return isEscapedMadeOf(URI_PARAM_VALUE, value);
  return endOfQuoted(value, 0) === value.length && isVisible(value);
}
