import { createHmac } from 'node:crypto';
import type { Gssapi, GssFailure, GssHandle, GssResult } from '../../src/ocs/auth/gssapi/binding.js';

/** Turns that a test takes for the library. */
export interface FakeTurns {
  readonly acquire?: () => Promise<GssFailure | undefined>;
  readonly init?: () => Promise<GssFailure | undefined>;
  readonly principal?: GssFailure;
  readonly complete?: boolean;
  readonly lifetime?: number;
}

/** A GSSAPI that asks nobody and keeps a list of what was not given back. */
export class FakeGssapi implements Gssapi {
  readonly calls: string[] = [];
  /** Objects that somebody still owns. */
  readonly owned = new Map<GssHandle, string>();
  /** Passwords as they were when the call was made, and the very octets. */
  readonly passwords: { readonly text: string; readonly bytes: Buffer }[] = [];
  readonly #turns: FakeTurns;
  #next = 1n;

  constructor(turns: FakeTurns = {}) {
    this.#turns = turns;
  }

  importPrincipal = (principal: string): GssResult<GssHandle> => {
    this.calls.push(`import ${principal}`);
    return this.#turns.principal ? { ok: false, failure: this.#turns.principal } : this.#make('name');
  };

  acquireWithPassword = async (_: GssHandle, password: Buffer): Promise<GssResult<GssHandle>> => {
    this.passwords.push({ text: password.toString('utf8'), bytes: password });
    return this.#acquire('acquire with password');
  };

  acquireFrom = async (_: GssHandle, store: Readonly<Record<string, string>>): Promise<GssResult<GssHandle>> =>
    this.#acquire(`acquire from ${store['client_keytab']} into ${store['ccache']?.replace(/-[0-9a-f]+$/, '-*')}`);

  acquireAcceptor = (): GssResult<GssHandle> => this.#make('credential');

  initContext: Gssapi['initContext'] = async () => {
    this.calls.push('init');
    const failure = await this.#turns.init?.();
    if (failure) return { ok: false, failure };
    const context = this.#make('context');
    if (!context.ok) return context;
    const { complete = true, lifetime = 36_000 } = this.#turns;
    return { ok: true, value: { context: context.value, token: Buffer.from('ticket'), complete, lifetime } };
  };

  acceptContext: Gssapi['acceptContext'] = () => ({ ok: false, failure: { major: 1, minor: 0, text: 'not here' } });
  lifetimeOf = (): number => this.#turns.lifetime ?? 36_000;

  getMic = (context: GssHandle, message: Buffer): GssResult<Buffer> =>
    this.owned.has(context)
      ? { ok: true, value: this.#mic(message) }
      : { ok: false, failure: { major: 0x80000, minor: 0, text: 'No context has been established' } };

  verifyMic = (context: GssHandle, message: Buffer, mic: Buffer): boolean =>
    this.owned.has(context) && this.#mic(message).equals(mic);

  releaseName = (name: GssHandle): void => this.#release(name, 'name');
  releaseCredential = (credential: GssHandle): void => this.#release(credential, 'credential');
  releaseContext = (context: GssHandle): void => this.#release(context, 'context');

  destroyCache = (name: string): void => {
    this.calls.push(`destroy ${name.replace(/-[0-9a-f]+$/, '-*')}`);
  };

  async #acquire(call: string): Promise<GssResult<GssHandle>> {
    this.calls.push(call);
    const failure = await this.#turns.acquire?.();
    return failure ? { ok: false, failure } : this.#make('credential');
  }

  #mic(message: Buffer): Buffer {
    return createHmac('sha1', 'session key').update(message).digest();
  }

  #make(kind: string): GssResult<GssHandle> {
    const handle = this.#next++;
    this.owned.set(handle, kind);
    return { ok: true, value: handle };
  }

  #release(handle: GssHandle, kind: string): void {
    if (this.owned.get(handle) !== kind) throw new Error(`${kind} ${handle} is not there to be released`);
    this.owned.delete(handle);
  }
}
