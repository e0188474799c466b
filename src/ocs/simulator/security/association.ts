import type { Random } from '../../../bridge/ports.js';
import type { Credentials } from '../codec/credentials.js';
import type { SipMessage } from '../codec/message.js';
import { ReplayWindow } from './replay-window.js';
import type { Sealer } from './sealer.js';
import { type SignatureContext, signatureBuffer } from './signature-buffer.js';

export type Verdict = 'valid' | 'bad-signature' | 'replayed';

/** Security association of one endpoint on one connection (MS-SIPAE 3.1.1): signs what leaves, verifies what comes. */
export class Association {
  /** The server's name for it; the client repeats it in every message. */
  readonly opaque: string;
  readonly #context: SignatureContext;
  readonly #sealer: Sealer;
  readonly #random: Random;
  readonly #window = new ReplayWindow();
  #sent = 0;

  constructor(opaque: string, context: SignatureContext, sealer: Sealer, random: Random) {
    this.opaque = opaque;
    this.#context = context;
    this.#sealer = sealer;
    this.#random = random;
  }

  /** The message with its `Authentication-Info`. */
  sign<M extends SipMessage>(message: M): M {
    this.#sent += 1;
    const { scheme, realm, targetName } = this.#context;
    const srand = this.#random.bytes(4).toString('hex').toUpperCase();
    const snum = String(this.#sent);
    const text = signatureBuffer(this.#context, message, srand, snum);
    const rspauth = this.#sealer.sign(text).toString('hex').toUpperCase();
    const value =
      `${scheme} rspauth="${rspauth}", srand="${srand}", snum="${snum}", opaque="${this.opaque}", ` +
      `qop="auth", targetname="${targetName}", realm="${realm}"`;
    return { ...message, headers: [{ name: 'Authentication-Info', value }, ...message.headers] };
  }

  /** Checks a message that the client signed with these credentials. */
  verify(message: SipMessage, credentials: Credentials): Verdict {
    const { params } = credentials;
    const [crand = '', cnum = '', response = ''] = ['crand', 'cnum', 'response'].map((name) => params.get(name));
    if (!/^(?:[0-9a-f]{2}){16,128}$/i.test(response) || !/^\d{1,10}$/.test(cnum)) return 'bad-signature';
    const text = signatureBuffer(this.#context, message, crand, cnum);
    if (!this.#sealer.verify(text, Buffer.from(response, 'hex'))) return 'bad-signature';
    return this.#window.accept(Number(cnum)) ? 'valid' : 'replayed';
  }

  /** Ends it for good. */
  release(): void {
    this.#sealer.release?.();
  }
}
