import { createHash } from 'node:crypto';
import { bad, ok, type Result } from './result.js';

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Canonical SIP address of a person: `sip:user@host`, lower case, no parameters, at most 450 characters. */
export type SipUri = Brand<string, 'SipUri'>;
/** Canonical hierarchical Notes name, for example `CN=Ana Reyes/OU=Sales/O=Contoso`. */
export type NotesName = Brand<string, 'NotesName'>;
/** Universal id of a Domino document: 32 upper-case hexadecimal digits. */
export type Unid = Brand<string, 'Unid'>;
/** Key of a person's document: the first 32 hexadecimal digits of the SHA-256 of the canonical SIP address. */
export type SipKey = Brand<string, 'SipKey'>;

const MAX_URI_LENGTH = 450;
const USER = /^[a-z0-9\-_.!~*'()&=+$,;?/%\u0080-\u{10ffff}]{1,200}$/u;
/** An address that is canonical as it stands, in the plain form nearly all have; others may be canonical too. */
const PLAINLY_CANONICAL =
  /^sip:[a-z0-9._-]{1,100}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const HOST_LABEL = /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/;

/**
 * Reads a SIP address in any spelling (`SIP:Ana@Contoso.example`, `ana@contoso.example`, `<sip:...>;tag=1`).
 * The user part is compared without regard to case: COMPAT(lcs2005): its server changes the case of addresses.
 */
export function parseSipUri(text: string): Result<SipUri> {
  // A server names people in this form in every document, and taking it apart would cost a fifth of reading one.
  if (text.length <= 250 && PLAINLY_CANONICAL.test(text)) return ok(text as SipUri);
  if (text.length > MAX_URI_LENGTH * 4) return bad(`a SIP address has at most ${MAX_URI_LENGTH} characters`);
  let rest = text.trim();
  const open = rest.indexOf('<');
  if (open >= 0) {
    const close = rest.indexOf('>', open);
    if (close < 0) return bad('">" is missing');
    rest = rest.slice(open + 1, close);
  }
  const scheme = /^(sips?):/i.exec(rest);
  if (scheme) rest = rest.slice(scheme[0].length);
  else if (/^[a-z][a-z0-9+.-]*:/i.test(rest)) return bad('it must be a sip: address');
  const at = rest.lastIndexOf('@');
  if (at <= 0) return bad('"user@host" was expected');
  const user = unescapeUser(rest.slice(0, at)).normalize('NFC').toLowerCase();
  const host = (/^[^;?:>]*/.exec(rest.slice(at + 1))?.[0] ?? '').toLowerCase();
  if (!USER.test(user)) return bad('the part before "@" holds a character that is not allowed');
  if (host.length > 253 || !host.split('.').every((label) => HOST_LABEL.test(label))) {
    return bad('the part after "@" is not a host name');
  }
  const uri = `sip:${user}@${host}`;
  if (uri.length > MAX_URI_LENGTH) return bad(`a SIP address has at most ${MAX_URI_LENGTH} characters`);
  return ok(uri as SipUri);
}

/** Undoes `%41`-style escapes of characters that need none; others stay, so the address stays usable on the wire. */
function unescapeUser(user: string): string {
  return user.replace(/%([0-9a-f]{2})/gi, (escaped, hex: string) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16));
    return /[A-Za-z0-9\-_.!~*'()]/.test(char) ? char : escaped.toLowerCase();
  });
}

/** Key of the person's document (see `SipKey`). Hex on purpose: DQL text comparison ignores case and accents. */
export function sipKeyOf(uri: SipUri): SipKey {
  return createHash('sha256').update(uri, 'utf8').digest('hex').slice(0, 32) as SipKey;
}

export function parseSipKey(text: string): Result<SipKey> {
  return /^[0-9a-f]{32}$/.test(text) ? ok(text as SipKey) : bad('32 hexadecimal digits were expected');
}

export function parseUnid(text: string): Result<Unid> {
  return /^[0-9A-Fa-f]{32}$/.test(text) ? ok(text.toUpperCase() as Unid) : bad('32 hexadecimal digits were expected');
}

const NAME_PART = /^(CN|OU|O|C|G|I|S|Q|P|A)=(.{1,128})$/i;

/**
 * Reads a Notes name, canonical (`CN=Ana Reyes/O=Contoso`) or abbreviated (`Ana Reyes/Sales/Contoso`), and gives the
 * canonical form: component labels in capitals, blanks around and inside a component folded to one.
 * A Notes domain behind the name (`Ana Reyes/Sales/Contoso@Contoso`) is dropped: it says by which way mail goes.
 * An abbreviated name has no labels, so its last component reads as the organisation even where it is a country.
 * A common name alone is refused: two people may share it.
 */
export function parseNotesName(text: string): Result<NotesName> {
  if (text.length > 1024) return bad('a Notes name has at most 1024 characters');
  const parts = withoutDomain(text)
    .split('/')
    .map((part) => part.trim().replace(/\s+/g, ' '));
  if (parts.length < 2) return bad('a hierarchical name such as "CN=Ana Reyes/O=Contoso" was expected');
  if (parts.some((part) => part === '')) return bad('a component of the name is empty');
  const labelled = parts.every((part) => NAME_PART.test(part));
  if (!labelled && parts.some((part) => part.includes('='))) return bad('either all components have a label or none');
  const canonical = labelled
    ? parts.map((part) => part.replace(/^[^=]+/, (label) => label.toUpperCase()))
    : parts.map((part, index) => `${index === 0 ? 'CN' : index === parts.length - 1 ? 'O' : 'OU'}=${part}`);
  if (!canonical[0]?.startsWith('CN=')) return bad('the first component must be the common name (CN=)');
  return ok(canonical.join('/') as NotesName);
}

/** A name ends where `@` follows its last component. A common name may hold `@`, as some directories have it. */
function withoutDomain(text: string): string {
  const last = text.lastIndexOf('/');
  const at = text.indexOf('@', last + 1);
  return last < 0 || at < 0 ? text : text.slice(0, at);
}
