import { parseIdentity } from '../wire/headers/identity.js';
import { parseNameAddr } from '../wire/headers/name-addr.js';

/** What a signature needs to see of a message, sent or received. Names in any case, values as on the wire. */
export interface SignableMessage {
  /** First header of that name. */
  header(name: string): string | undefined;
  /** All header lines of that name, in order. */
  headerValues(name: string): readonly string[];
  /** Status code; `undefined` for a request. */
  readonly status: number | undefined;
}

/** The parts of a message that a signature covers (MS-SIPAE 3.2.5.2). Absent ones are empty. */
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
  const from = parseNameAddr(message.header('From') ?? '');
  const to = parseNameAddr(message.header('To') ?? '');
  const [cseq = '', method = ''] = (message.header('CSeq') ?? '').trim().split(/\s+/, 2);
  const asserted = message.headerValues('P-Asserted-Identity');
  const identity = parseIdentity(asserted.length > 0 ? asserted : message.headerValues('P-Preferred-Identity'));
  return {
    callId: (message.header('Call-ID') ?? '').trim(),
    cseq,
    method,
    fromUri: from?.uri ?? '',
    fromTag: from?.tag ?? '',
    toUri: to?.uri ?? '',
    toTag: to?.tag ?? '',
    assertedSip: identity.sip ?? '',
    assertedTel: identity.tel ?? '',
    expires: (message.header('Expires') ?? '').trim(),
    status: message.status === undefined ? '' : String(message.status),
  };
}
