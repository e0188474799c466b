import type { SignedFields } from './signed-fields.js';

/** Version of the authentication protocol (MS-SIPAE 2.2): 2 LCS 2005, 3 OCS 2007, 4 OCS 2007 R2 and Lync. */
export type ProtocolVersion = 2 | 3 | 4;

/** What one signature adds to the fields of its message. */
export interface SigningContext {
  /** Scheme name, as in the header. */
  readonly scheme: string;
  /** crand or srand: eight hexadecimal digits. */
  readonly rand: string;
  /** cnum or snum: decimal. */
  readonly num: string;
  readonly realm: string;
  readonly targetName: string;
}

/**
 * The bytes that a signature covers (MS-SIPAE 3.2.5.2): each field between angle brackets, exactly as on the wire.
 * Version 3 added the To address and the asserted identities. A response ends with its status; a request ends without
 * it.
 */
export function signatureBuffer(version: ProtocolVersion, context: SigningContext, fields: SignedFields): Buffer {
  const head = `<${context.scheme}><${context.rand}><${context.num}><${context.realm}><${context.targetName}>`;
  const message = `<${fields.callId}><${fields.cseq}><${fields.method}><${fields.fromUri}><${fields.fromTag}>`;
  const to =
    version === 2
      ? `<${fields.toTag}>`
      : `<${fields.toUri}><${fields.toTag}><${fields.assertedSip}><${fields.assertedTel}>`;
  const status = fields.status === '' ? '' : `<${fields.status}>`;
  return Buffer.from(`${head}${message}${to}<${fields.expires}>${status}`, 'utf8');
}
