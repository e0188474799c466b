import { BridgeError } from '../../../presence/errors.js';
import type { MessageSigner } from '../mechanism.js';
import type { Gssapi, GssHandle } from './binding.js';
import { kerberosError } from './failure.js';

/** The longest tokens, those of RC4, have 37 bytes. */
const SIGNATURE = /^(?:[0-9a-f]{2}){1,128}$/i;

/** Signs with the session key of a ticket: GSS_GetMIC over the signature buffer (MS-SIPAE 3.2.5.2, RFC 4121 §4.2.4). */
export class KerberosSigner implements MessageSigner {
  readonly lifetimeMs: number;
  readonly #gss: Gssapi;
  #context: GssHandle | undefined;

  /** Takes over the context. `lifetime` in seconds. */
  constructor(gss: Gssapi, context: GssHandle, lifetime: number) {
    this.#gss = gss;
    this.#context = context;
    this.lifetimeMs = lifetime * 1000;
  }

  sign(buffer: Buffer): string {
    if (this.#context === undefined) throw new BridgeError('OCS_CONNECTION_LOST', 'The association has ended.');
    const mic = this.#gss.getMic(this.#context, buffer);
    if (!mic.ok) throw kerberosError(mic.failure.text, mic.failure.minor);
    return mic.value.toString('hex');
  }

  verify(buffer: Buffer, signature: string): boolean {
    if (this.#context === undefined || !SIGNATURE.test(signature)) return false;
    return this.#gss.verifyMic(this.#context, buffer, Buffer.from(signature, 'hex'));
  }

  release(): void {
    if (this.#context !== undefined) this.#gss.releaseContext(this.#context);
    this.#context = undefined;
  }
}
