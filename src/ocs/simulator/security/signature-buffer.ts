import { readAddress, splitOutsideQuotes } from '../codec/address.js';
import { cseqOf, headerOf, type SipMessage } from '../codec/message.js';

/** Version of the authentication protocol (MS-SIPAE 2.2): 2 is spoken when a challenge names none. */
export type AuthVersion = 2 | 3 | 4;

export interface SignatureContext {
  readonly version: AuthVersion;
  readonly scheme: string;
  readonly realm: string;
  readonly targetName: string;
}

/**
 * The text that a signature covers (MS-SIPAE 3.2.4.1): fields in angle brackets, as on the wire, absent ones empty.
 * `rand` and `number` are crand and cnum of a client, srand and snum of a server.
 */
export function signatureBuffer(context: SignatureContext, message: SipMessage, rand: string, number: string): string {
  const cseq = cseqOf(message);
  const from = readAddress(headerOf(message, 'from') ?? '');
  const to = readAddress(headerOf(message, 'to') ?? '');
  const identities = context.version >= 3 ? [to.uri] : [];
  const asserted = context.version >= 3 ? assertedIdentities(message) : [];
  const fields = [
    context.scheme,
    rand,
    number,
    context.realm,
    context.targetName,
    headerOf(message, 'call-id') ?? '',
    cseq ? String(cseq.number) : '',
    cseq?.method ?? '',
    from.uri,
    from.params.get('tag') ?? '',
    ...identities,
    to.params.get('tag') ?? '',
    ...asserted,
    headerOf(message, 'expires') ?? '',
    ...(message.kind === 'response' ? [String(message.status)] : []),
  ];
  return fields.map((field) => `<${field}>`).join('');
}

/** First sip and first tel URI that the message asserts or prefers; scheme compared without regard to case. */
function assertedIdentities(message: SipMessage): readonly [sip: string, tel: string] {
  const value = headerOf(message, 'p-asserted-identity') ?? headerOf(message, 'p-preferred-identity') ?? '';
  const uris = splitOutsideQuotes(value, ',').map((part) => readAddress(part).uri);
  return [uris.find((uri) => /^sip:/i.test(uri)) ?? '', uris.find((uri) => /^tel:/i.test(uri)) ?? ''];
}
