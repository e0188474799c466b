import { parseNotesName, parseSipUri, type SipUri } from './ids.js';
import { abbreviated, foldName } from './name-keys.js';
import { bad, ok, type Result } from './result.js';

/** What a text says of people by their address or their Notes name. `text` is its one spelling. */
export type PersonPattern =
  | { readonly kind: 'address'; readonly address: SipUri; readonly text: string }
  | { readonly kind: 'domain'; readonly domain: string; readonly text: string }
  /** Folded, without labels. */
  | { readonly kind: 'name'; readonly name: string; readonly text: string }
  /** Folded, with its slash in front. */
  | { readonly kind: 'ending'; readonly ending: string; readonly text: string };

/**
 * | text | means |
 * |---|---|
 * | `sip:ana@contoso.example` | this SIP address |
 * | `*@contoso.example` | SIP addresses of this domain, not of domains below it |
 * | `Ana Reyes/Sales/Contoso` | this Notes name, canonical or abbreviated |
 * | `*` + `/Sales/Contoso` | Notes names that end so |
 */
export function parsePersonPattern(text: string): Result<PersonPattern> {
  if (text.startsWith('*/')) return readEnding(text.slice(1));
  if (text.startsWith('*@')) return readDomain(text.slice(2));
  if (text.includes('*')) return bad('"*" stands at the beginning only, before "/" or "@"');
  if (/^sips?:/i.test(text) || !text.includes('/')) {
    const address = parseSipUri(text);
    if (!address.ok) return bad(`neither a Notes name nor a SIP address: ${address.reason}`);
    return ok({ kind: 'address', address: address.value, text: address.value });
  }
  const name = parseNotesName(text);
  if (!name.ok) return name;
  return ok({ kind: 'name', name: foldName(abbreviated(name.value)), text: abbreviated(name.value) });
}

/** `text` is what follows the asterisk: `/OU=Sales/O=Contoso` or `/Sales/Contoso`. */
function readEnding(text: string): Result<PersonPattern> {
  if (text.includes('*')) return bad('one "*" at the beginning is all there can be');
  const name = parseNotesName(`${text.includes('=') ? 'CN=x' : 'x'}${text}`);
  if (!name.ok) return name;
  const ending = abbreviated(name.value).slice(1);
  return ok({ kind: 'ending', ending: foldName(ending), text: `*${ending}` });
}

function readDomain(text: string): Result<PersonPattern> {
  const domain = text.toLowerCase();
  const address = parseSipUri(`sip:x@${text}`);
  if (!address.ok || address.value !== `sip:x@${domain}`) return bad('a domain was expected after "*@"');
  return ok({ kind: 'domain', domain, text: `*@${domain}` });
}
