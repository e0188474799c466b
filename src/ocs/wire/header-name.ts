/** Compact forms (RFC 3261 §7.3.3, RFC 6665 §8.4, and later registrations). */
const COMPACT_FORMS = [
  ['a', 'Accept-Contact'],
  ['b', 'Referred-By'],
  ['c', 'Content-Type'],
  ['d', 'Request-Disposition'],
  ['e', 'Content-Encoding'],
  ['f', 'From'],
  ['i', 'Call-ID'],
  ['j', 'Reject-Contact'],
  ['k', 'Supported'],
  ['l', 'Content-Length'],
  ['m', 'Contact'],
  ['n', 'Identity-Info'],
  ['o', 'Event'],
  ['r', 'Refer-To'],
  ['s', 'Subject'],
  ['t', 'To'],
  ['u', 'Allow-Events'],
  ['v', 'Via'],
  ['x', 'Session-Expires'],
  ['y', 'Identity'],
] as const;

const LONG_FORMS: ReadonlyMap<string, string> = new Map(
  COMPACT_FORMS.map(([compact, long]) => [compact, long.toLowerCase()]),
);

const TO_LOWER = 0x20;

/** A header name made ready for being looked up in many messages. */
export interface HeaderName {
  /** In lower case and in its long form. */
  readonly long: string;
  readonly key: number;
}

/** Names asked for before. Bounded, since some are asked for as a message spells them. */
const known = new Map<string, HeaderName>();
const MAX_KNOWN = 256;

export function headerName(name: string): HeaderName {
  const before = known.get(name);
  if (before !== undefined) return before;
  const made = madeReady(name);
  if (known.size < MAX_KNOWN) known.set(name, made);
  return made;
}

function madeReady(name: string): HeaderName {
  const lower = name.toLowerCase();
  const long = LONG_FORMS.get(lower) ?? lower;
  return { long, key: keyOf(long.length, long.charCodeAt(0)) };
}

/** Small number that tells most names apart; equal for all spellings of a name. */
function keyOf(length: number, first: number): number {
  return length * 256 + (first | TO_LOWER);
}

/** Keys by the code of the compact form's lower-case letter. */
const COMPACT_KEYS = new Uint32Array(256);
for (const [compact, long] of LONG_FORMS) COMPACT_KEYS[compact.charCodeAt(0)] = headerName(long).key;

/** Key of the name between two positions, of its long form when it is a compact one. */
export function headerKey(octets: Uint8Array, start: number, end: number): number {
  const first = octets[start] ?? 0;
  const key = end - start === 1 ? COMPACT_KEYS[first | TO_LOWER] : 0;
  return key || keyOf(end - start, first);
}

/**
 * Whether the name between two positions, the key of which is that of `name`, is this name. One bit makes the difference
 * between a letter and its capital, and between no other two characters of a token.
 */
export function isNamed(octets: Uint8Array, start: number, end: number, name: HeaderName): boolean {
  if (end - start === 1) return isCompactOf(octets[start] ?? 0, name);
  for (let i = start; i < end; i++) {
    if (((octets[i] ?? 0) | TO_LOWER) !== (name.long.charCodeAt(i - start) | TO_LOWER)) return false;
  }
  return true;
}

function isCompactOf(octet: number, name: HeaderName): boolean {
  const letter = String.fromCharCode(octet | TO_LOWER);
  return (LONG_FORMS.get(letter) ?? letter) === name.long;
}
