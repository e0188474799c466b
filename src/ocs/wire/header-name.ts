/** Compact forms (RFC 3261 §7.3.3, RFC 6665 §8.4, and later registrations). */
const LONG_FORMS: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  d: 'request-disposition',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  j: 'reject-contact',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  n: 'identity-info',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
  x: 'session-expires',
  y: 'identity',
};

const COMPACT_FORMS = new Map(Object.entries(LONG_FORMS).map(([compact, long]) => [long, compact.charCodeAt(0)]));

/** A header name made ready for looking it up in many messages. */
export interface HeaderName {
  /** In lower case and in its long form. */
  readonly long: string;
  /** Code of the compact form's lower-case letter; 0 when there is none. */
  readonly compact: number;
}

export function headerName(name: string): HeaderName {
  const lower = name.toLowerCase();
  const long = LONG_FORMS[lower] ?? lower;
  return { long, compact: COMPACT_FORMS.get(long) ?? 0 };
}
