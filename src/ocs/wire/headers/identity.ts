import { endOfQuoted, splitList } from '../scan.js';

/** Who the server says the sender is (RFC 3325 §9). URIs exactly as received, scheme in its case: signatures cover them. */
export interface AssertedIdentity {
  readonly sip: string | undefined;
  readonly tel: string | undefined;
}

/**
 * Reads the lines of a P-Asserted-Identity or P-Preferred-Identity header by the rules of the signature buffer
 * (MS-SIPAE 3.2.4): the first `<sip:...>` and the first `<tel:...>`; a `tel:` without brackets counts too.
 */
export function parseIdentity(lines: readonly string[]): AssertedIdentity {
  let sip: string | undefined;
  let tel: string | undefined;
  for (const entry of lines.flatMap((line) => splitList(line))) {
    const uri = bracketedPart(entry) ?? entry;
    if (sip === undefined && uri !== entry && startsWith(uri, 'sip:')) sip = uri;
    if (tel === undefined && startsWith(uri, 'tel:')) tel = uri;
  }
  return { sip, tel };
}

/** Text between the brackets; a display name before them may hold brackets itself when it is quoted. */
function bracketedPart(entry: string): string | undefined {
  const from = entry.startsWith('"') ? endOfQuoted(entry, 0) : 0;
  const open = from < 0 ? -1 : entry.indexOf('<', from);
  const close = open < 0 ? -1 : entry.indexOf('>', open);
  return close < 0 ? undefined : entry.slice(open + 1, close);
}

function startsWith(text: string, scheme: string): boolean {
  return text.slice(0, scheme.length).toLowerCase() === scheme;
}
