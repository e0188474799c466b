import type { Clock, Random } from '../../../bridge/ports.js';
import { BridgeError } from '../../../presence/errors.js';
import { bad, type Result } from '../../../presence/result.js';
import type { AuthMechanism, MechanismStart, MessageSigner } from '../mechanism.js';
import type { KerberosOptions } from '../scheme.js';
import type { Gssapi, GssContextTurn, GssHandle, GssResult } from './binding.js';
import { kerberosError, startFailure } from './failure.js';
import { KdcGate } from './kdc-gate.js';
import { KerberosSigner } from './signer.js';

export interface KerberosIdentity extends KerberosOptions {
  /** Used where there is no keytab. */
  readonly password: string;
}

export interface KerberosPorts {
  readonly clock: Clock;
  readonly random: Random;
  /** The system's library. Rejects with `OCS_KERBEROS_UNAVAILABLE`. */
  readonly gssapi: () => Promise<Gssapi>;
}

/** Milliseconds for everything that a KDC is asked in one sign-in. */
const KDC_TIMEOUT_MS = 15_000;
/** Of the four threads that Node has for such things. */
const CALLS_AT_A_TIME = 2;

const sharedGate = new KdcGate(CALLS_AT_A_TIME);

/**
 * Kerberos as MS-SIPAE uses it: the first token is an AP-REQ for `sip/<fqdn>` and the last one too (3.2.5.1). Each
 * conversation gets a ticket of its own, kept in memory only, so that nothing outlives a change of password.
 */
export class KerberosMechanism implements AuthMechanism {
  readonly scheme = 'Kerberos';
  readonly #identity: KerberosIdentity;
  readonly #ports: KerberosPorts;
  readonly #limitMs: number;
  readonly #gate: KdcGate;
  #signer: MessageSigner | undefined;

  constructor(
    identity: KerberosIdentity,
    ports: KerberosPorts,
    { limitMs = KDC_TIMEOUT_MS, gate = sharedGate }: { readonly limitMs?: number; readonly gate?: KdcGate } = {},
  ) {
    this.#identity = identity;
    this.#ports = ports;
    this.#limitMs = limitMs;
    this.#gate = gate;
  }

  get signer(): MessageSigner | undefined {
    return this.#signer;
  }

  async start(targetName: string): Promise<MechanismStart> {
    try {
      const gss = await this.#ports.gssapi();
      const call = (): Promise<GssResult<GssContextTurn>> => this.#ask(gss, targetName);
      const turn = await this.#gate.run(this.#ports.clock, this.#limitMs, call, (late) => {
        if (late.ok) gss.releaseContext(late.value.context);
      });
      if (!turn.done) return { kind: 'failed', error: kerberosError('no KDC answered in time') };
      if (!turn.value.ok) return startFailure(turn.value.failure, this.#identity.principal);
      const { context, token, complete, lifetime } = turn.value.value;
      if (!complete) {
        gss.releaseContext(context);
        return { kind: 'failed', error: kerberosError('the library wants a second round, which MS-SIPAE has not') };
      }
      this.#signer = new KerberosSigner(gss, context, lifetime);
      return { kind: 'token', token };
    } catch (thrown) {
      return { kind: 'failed', error: BridgeError.from(thrown) };
    }
  }

  step(): Result<Buffer> {
    return bad('the server answered the Kerberos ticket with a token of its own');
  }

  /** Asks for tickets; everything but the context is given back. */
  async #ask(gss: Gssapi, targetName: string): Promise<GssResult<GssContextTurn>> {
    const owned: (() => void)[] = [];
    const keep = (result: GssResult<GssHandle>, release: (object: GssHandle) => void): GssResult<GssHandle> => {
      if (result.ok) owned.unshift(() => release(result.value));
      return result;
    };
    try {
      const name = keep(gss.importPrincipal(this.#identity.principal), gss.releaseName);
      if (!name.ok) return name;
      // Without a realm after the "@" the library follows the referrals of the own realm, and asks no DNS.
      const target = keep(gss.importPrincipal(`${targetName}@`), gss.releaseName);
      if (!target.ok) return target;
      const cache = `MEMORY:presence-bridge-${this.#ports.random.bytes(8).toString('hex')}`;
      if (this.#identity.keytab !== undefined) owned.unshift(() => gss.destroyCache(cache));
      const credential = keep(await this.#acquire(gss, name.value, cache), gss.releaseCredential);
      return credential.ok ? await gss.initContext(credential.value, target.value) : credential;
    } finally {
      for (const release of owned) release();
    }
  }

  async #acquire(gss: Gssapi, name: GssHandle, cache: string): Promise<GssResult<GssHandle>> {
    const { keytab, password } = this.#identity;
    if (keytab !== undefined) return gss.acquireFrom(name, { client_keytab: `FILE:${keytab}`, ccache: cache });
    const secret = Buffer.from(password, 'utf8');
    try {
      return await gss.acquireWithPassword(name, secret);
    } finally {
      secret.fill(0);
    }
  }
}
