import type { CSeq } from '../wire/headers/cseq.js';
import { parseIdentity } from '../wire/headers/identity.js';
import type { NameAddr } from '../wire/headers/name-addr.js';

/** What a signature needs to see of a message, sent or received: the part of `SipMessage` that it covers. */
export interface SignableMessage {
  readonly callId: string;
  readonly cseq: CSeq | undefined;
  readonly from: Pick<NameAddr, 'uri' | 'tag'> | undefined;
  readonly to: Pick<NameAddr, 'uri' | 'tag'> | undefined;
  /** 0 for a request. */
  readonly status: number;
  header(name: string): string | undefined;
  headerValues(name: string): readonly string[];
}

/** The parts of a message that a signature covers (MS-SIPAE 3.2.5.2), as on the wire. Absent ones are empty. */
export interface SignedFields {
  readonly callId: string;
  readonly cseq: string;
  readonly method: string;
  readonly fromUri: string;
  readonly fromTag: string;
  readonly toUri: string;
  readonly toTag: string;
  readonly assertedSip: string;
  readonly assertedTel: string;
  readonly expires: string;
  readonly status: string;
}

/** A field that cannot be read counts as empty: the signature then does not fit, and the message is refused. */
export function signedFieldsOf(message: SignableMessage): SignedFields {
  const asserted = message.headerValues('P-Asserted-Identity');
  const identity = parseIdentity(asserted.length > 0 ? asserted : message.headerValues('P-Preferred-Identity'));
  return {
    callId: message.callId,
    cseq: message.cseq?.digits ?? '',
    method: message.cseq?.method ?? '',
    fromUri: message.from?.uri ?? '',
    fromTag: message.from?.tag ?? '',
    toUri: message.to?.uri ?? '',
    toTag: message.to?.tag ?? '',
    assertedSip: identity.sip ?? '',
    assertedTel: identity.tel ?? '',
    expires: message.header('Expires') ?? '',
    status: message.status === 0 ? '' : String(message.status),
  };
}
