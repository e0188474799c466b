import { parseSipUri, sipKeyOf } from '../../presence/ids.js';

const ADDRESS = /\b(?:sips?|pres|im|mailto):([^\s"'<>,;(){}[\]|\\^`]+@[^\s"'<>,;(){}[\]|\\^`?&/]+)/gi;

/**
 * The text with every person's address (`sip:`, `sips:`, `pres:`, `im:`, `mailto:`) replaced by its `SipKey`, so that
 * lines about one person can still be found together. An address that cannot be read becomes `(address)`.
 */
export function pseudonym(text: string): string {
  return text.replace(ADDRESS, (_whole, address: string) => {
    const uri = parseSipUri(`sip:${address}`);
    return uri.ok ? sipKeyOf(uri.value) : '(address)';
  });
}
