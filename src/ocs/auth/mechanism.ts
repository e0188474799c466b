import type { Result } from '../../presence/result.js';

/** Signs and verifies the signature buffers of an established security association. */
export interface MessageSigner {
  /** Signature as hexadecimal digits. */
  sign(buffer: Buffer): string;
  /** True when the other side made `signature` (hexadecimal, either case) for exactly this buffer. Never throws. */
  verify(buffer: Buffer, signature: string): boolean;
}

/**
 * One way to prove who we are (MS-SIPAE 3.2.5.1): a conversation of tokens that ends with a signer. An object serves
 * one conversation. NTLM takes two steps, Kerberos will take one. Without any mechanism nothing is signed: that is how
 * a server that trusts this machine, and therefore never challenges, is spoken to.
 */
export interface AuthMechanism {
  /** Scheme name as in the challenge: `NTLM`. */
  readonly scheme: string;
  /** First token, before the server has said more than the name of the scheme. May be empty. */
  start(): Buffer;
  /** Answers the server's token. A reason instead of a token says why the server's offer cannot be accepted. */
  step(token: Buffer): Result<Buffer>;
  /** Present as soon as the last token is made. */
  readonly signer: MessageSigner | undefined;
}
