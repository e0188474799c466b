import { parseSipUri, type SipUri } from '../../presence/ids.js';

/** An address that can stand in a header as it is; nearly all are of this kind. */
const PLAIN = /^[a-z0-9:@._~!*'()&=+$,;?/-]+$/;

/**
 * A person's address as it may stand in a header or a list of addresses: what RFC 3261 does not allow unescaped in a
 * user part is escaped (§19.1.2, §25.1), escapes that are there stay.
 */
export function wireUri(uri: SipUri): string {
  if (PLAIN.test(uri)) return uri;
  const at = uri.lastIndexOf('@');
  const user = uri.slice('sip:'.length, at).replace(/%(?![0-9a-f]{2})/gi, '%25');
  return `sip:${user.replace(/[^a-z0-9%_.!~*'()&=+$,;?/-]/giu, escaped)}${uri.slice(at)}`;
}

/** Half of a surrogate pair cannot be written in UTF-8. */
function escaped(char: string): string {
  return [...Buffer.from(char, 'utf8')]
    .map((octet) => `%${octet.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}

/** The address that `wireUri` wrote, from the spelling in which it came back; `undefined` when it is not of ours. */
export function unescapedUri(uri: SipUri): SipUri | undefined {
  if (!uri.includes('%')) return undefined;
  try {
    const parsed = parseSipUri(decodeURIComponent(uri));
    return parsed.ok ? parsed.value : undefined;
  } catch {
    return undefined;
  }
}
