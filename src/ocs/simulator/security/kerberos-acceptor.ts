import { bad, ok, type Result } from '../../../presence/result.js';
import { type Gssapi, type GssHandle, systemGssapi } from '../../auth/gssapi/binding.js';
import type { Sealer } from './sealer.js';

/** Who signed in, and how that association is signed. */
export interface AcceptedTicket {
  /** `user@REALM`. */
  readonly principal: string;
  readonly sealer: Sealer;
}

const MAX_TOKEN = 64 * 1024;

/** Accepts tickets (RFC 4120 AP-REQ in the frame of RFC 4121) for whatever service has a key in the keytab. */
export class KerberosAcceptor {
  readonly #keytab: string;
  readonly #load: () => Promise<Gssapi>;
  #open: { readonly gss: Gssapi; readonly credential: GssHandle } | undefined;

  constructor(keytab: string, load: () => Promise<Gssapi> = systemGssapi) {
    this.#keytab = keytab;
    this.#load = load;
  }

  /** Throws `OCS_KERBEROS_UNAVAILABLE` without the library, and an error with its words when the keytab is of no use. */
  async open(): Promise<void> {
    if (this.#open !== undefined) return;
    const gss = await this.#load();
    // Replays are the business of cnum; a cache of them would be a file on the machine.
    const credential = gss.acquireAcceptor({ keytab: `FILE:${this.#keytab}`, rcache: 'none:' });
    if (!credential.ok) throw new Error(`the keytab ${this.#keytab} cannot be used: ${credential.failure.text}`);
    this.#open = { gss, credential: credential.value };
  }

  accept(token: Buffer): Result<AcceptedTicket> {
    if (this.#open === undefined) return bad('the server has no Kerberos');
    if (token.length > MAX_TOKEN) return bad('the ticket is too long');
    const { gss, credential } = this.#open;
    const turn = gss.acceptContext(credential, token);
    if (!turn.ok) return bad(turn.failure.text);
    const { context, complete, peer } = turn.value;
    if (!complete) {
      gss.releaseContext(context);
      return bad('the client wants a second round');
    }
    return ok({ principal: peer, sealer: sealerOn(gss, context) });
  }

  /** Associations made so far go on. */
  close(): void {
    if (this.#open !== undefined) this.#open.gss.releaseCredential(this.#open.credential);
    this.#open = undefined;
  }
}

function sealerOn(gss: Gssapi, context: GssHandle): Sealer {
  let held: GssHandle | undefined = context;
  return {
    sign(text) {
      const mic = held === undefined ? undefined : gss.getMic(held, Buffer.from(text, 'utf8'));
      return mic?.ok ? mic.value : Buffer.alloc(0);
    },
    verify: (text, signature) => held !== undefined && gss.verifyMic(held, Buffer.from(text, 'utf8'), signature),
    release() {
      if (held !== undefined) gss.releaseContext(held);
      held = undefined;
    },
  };
}
