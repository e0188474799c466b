import type { BridgeError } from '../../presence/errors.js';
import type { Result } from '../../presence/result.js';

/** Signs and verifies the signature buffers of an established security association. */
export interface MessageSigner {
  /** Milliseconds that it may be used, counted from its making; without a bound of its own when absent. */
  readonly lifetimeMs?: number;
  /** Signature as hexadecimal digits. Throws `OCS_KERBEROS` when the library refuses. */
  sign(buffer: Buffer): string;
  /** True when the other side made `signature` (hexadecimal, either case) for exactly this buffer. Never throws. */
  verify(buffer: Buffer, signature: string): boolean;
  /** Gives back what lies outside of JavaScript. From then on it neither signs nor verifies. */
  release?(): void;
}

/**
 * How a conversation begins: with a token, which may be empty; or not, because user or password are wrong (`refused`,
 * which counts), or because there is no ticket (`failed`, which another scheme may help out of).
 */
export type MechanismStart =
  | { readonly kind: 'token'; readonly token: Buffer }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: BridgeError };

/**
 * One way to prove who we are (MS-SIPAE 3.2.5.1): a conversation of tokens that ends with a signer. An object serves
 * one conversation. NTLM takes two steps and answers at once; Kerberos takes one, for which it may have to ask a KDC.
 * Without any mechanism nothing is signed: that is how a server that trusts this machine, and therefore never
 * challenges, is spoken to.
 */
export interface AuthMechanism {
  /** Scheme name as in the challenge: `NTLM`, `Kerberos`. */
  readonly scheme: string;
  /** First token, for the server that its challenge calls `targetName`. Never rejects. */
  start(targetName: string): MechanismStart | Promise<MechanismStart>;
  /** Answers the server's token. A reason instead of a token says why the server's offer cannot be accepted. */
  step(token: Buffer): Result<Buffer>;
  /** Present as soon as the last token is made. */
  readonly signer: MessageSigner | undefined;
}
