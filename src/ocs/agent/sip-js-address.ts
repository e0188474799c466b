import { NameAddrHeader, URI } from 'sip.js';
import { type NameAddr, parseNameAddr } from '../wire/headers/name-addr.js';
import { parseUri, type UriParts } from '../wire/headers/uri.js';

/** Stands for a URI nobody can read; RFC 2606 keeps the name from ever meaning a host. */
const UNREADABLE = 'unreadable.invalid';

/**
 * A URI as sip.js has it: without user, `user` is `undefined`. Use it for our own Contact as well, because sip.js
 * compares users by identity. What stands behind a question mark is left out: header fields in a URI of the other side
 * must not find their way into our requests (RFC 3261 §19.1.5).
 */
export function toSipJsUri(text: string): URI {
  const parts = parseUri(text);
  return parts ? uriOf(parts) : new URI('sip', '', UNREADABLE);
}

function uriOf(parts: UriParts): URI {
  if ('opaque' in parts) return new URI(parts.scheme, '', parts.opaque);
  if ('number' in parts) return withParams(new URI(parts.scheme, '', parts.number), parts.params);
  const uri = new URI(parts.scheme, '', parts.host, parts.port);
  uri.user = parts.user && userOf(parts.password === undefined ? parts.user : `${parts.user}:${parts.password}`);
  return withParams(uri, parts.params);
}

/**
 * The user in the spelling from which sip.js can write the URI again: it undoes escapes once more then, and throws on
 * what is no UTF-8.
 */
function userOf(escaped: string): string {
  if (!escaped.includes('%')) return escaped;
  try {
    const plain = decodeURIComponent(escaped);
    return plain.includes('%') ? escaped : plain;
  } catch {
    return encodeURIComponent(escaped);
  }
}

/** An address of a header as sip.js has it. */
export function toSipJsAddress(address: NameAddr | undefined): NameAddrHeader {
  const uri = address ? toSipJsUri(address.uri) : new URI('sip', '', UNREADABLE);
  const displayName = (address?.displayName ?? '').replace(/["\\]/g, '\\$&');
  return withParams(new NameAddrHeader(uri, displayName, {}), address?.params ?? new Map());
}

/** As `toSipJsAddress`, from the text of one header value; `undefined` when it is malformed. */
export function readSipJsAddress(value: string): NameAddrHeader | undefined {
  const address = parseNameAddr(value);
  return address && toSipJsAddress(address);
}

function withParams<T extends { setParam(name: string, value: string | null): void }>(
  target: T,
  params: ReadonlyMap<string, string>,
): T {
  for (const [name, value] of params) target.setParam(name, value === '' ? null : value);
  return target;
}
