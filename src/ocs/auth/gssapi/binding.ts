import type { LibraryHandle, TypeObject } from 'koffi';
import { BridgeError } from '../../../presence/errors.js';

/** An object of the GSSAPI library. Whoever got it gives it back with the `release` of its kind, once. */
export type GssHandle = bigint;

/** Outcome of a call: its value, or the status that RFC 2744 §3.9 defines. */
export type GssResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: GssFailure };

export interface GssFailure {
  /** Status of GSSAPI, calling errors and supplementary bits included. */
  readonly major: number;
  /** Status of Kerberos as a signed number, as `krb5_err.h` lists them. */
  readonly minor: number;
  /** What the library says to people, both parts. */
  readonly text: string;
}

export interface GssContextTurn {
  readonly context: GssHandle;
  /** For the other side; may be empty. */
  readonly token: Buffer;
  /** False when the other side has to answer first. */
  readonly complete: boolean;
  /** Seconds that the context may be used. */
  readonly lifetime: number;
}

/** Entries of a credential store (gss_acquire_cred_from): `keytab`, `client_keytab`, `ccache`, `rcache`. */
export type GssStore = Readonly<Record<string, string>>;

/**
 * The calls of GSSAPI (RFC 2743, C bindings RFC 2744) that signing in needs, for the Kerberos mechanism only. Those that
 * may ask a KDC run on another thread; all others take microseconds.
 */
export interface Gssapi {
  /** `user@REALM`, or `sip/host@` where the library finds the realm. */
  importPrincipal(principal: string): GssResult<GssHandle>;
  /** For initiating. `password` is copied; the caller wipes it afterwards. */
  acquireWithPassword(name: GssHandle, password: Buffer): Promise<GssResult<GssHandle>>;
  /** For initiating, with keys and caches of `store`. */
  acquireFrom(name: GssHandle, store: GssStore): Promise<GssResult<GssHandle>>;
  /** For accepting under any name that the keytab of `store` has a key for. Reads a file and asks nobody. */
  acquireAcceptor(store: GssStore): GssResult<GssHandle>;
  /** First token, for a context with integrity and nothing else. May ask the KDC for a ticket. */
  initContext(credential: GssHandle, target: GssHandle): Promise<GssResult<GssContextTurn>>;
  /** `peer` is the principal that signed in. */
  acceptContext(credential: GssHandle, token: Buffer): GssResult<GssContextTurn & { readonly peer: string }>;
  /** Seconds that are left; 0 when the context has expired or is not usable. */
  lifetimeOf(context: GssHandle): number;
  getMic(context: GssHandle, message: Buffer): GssResult<Buffer>;
  verifyMic(context: GssHandle, message: Buffer, mic: Buffer): boolean;
  releaseName(name: GssHandle): void;
  releaseCredential(credential: GssHandle): void;
  releaseContext(context: GssHandle): void;
  /** Wipes a credential cache that a store named; releasing the credential leaves it. */
  destroyCache(name: string): void;
}

/** The part of the package koffi that is used. */
export type Koffi = Pick<typeof import('koffi'), 'load' | 'struct' | 'pointer' | 'out' | 'inout' | 'decode'>;

/** File names of GSSAPI and of the Kerberos library below it. */
export interface Libraries {
  readonly gssapi: string;
  readonly krb5: string;
}

/** MIT's libraries; Heimdal and Apple lay their structures out differently. */
const LIBRARIES: Readonly<Partial<Record<NodeJS.Platform, Libraries>>> = {
  linux: { gssapi: 'libgssapi_krb5.so.2', krb5: 'libkrb5.so.3' },
  freebsd: { gssapi: 'libgssapi_krb5.so.2', krb5: 'libkrb5.so.3' },
  darwin: { gssapi: 'libgssapi_krb5.2.2.dylib', krb5: 'libkrb5.3.3.dylib' },
  win32: { gssapi: 'gssapi64.dll', krb5: 'krb5_64.dll' },
};

const FLAG_INTEGRITY = 0x20;
const USAGE = { initiate: 1, accept: 2 } as const;
const STATUS = { gss: 1, mechanism: 2 } as const;
/** RFC 2744 §3.9.1: calling and routine errors, as opposed to supplementary information. */
const ERROR_MASK = 0xffff_0000;
const CONTINUE_NEEDED = 1;
/** GSS_C_INDEFINITE. */
const INDEFINITE = 0xffff_ffff;
/** Far more than any token of Kerberos; what a library could be made to claim. */
const MAX_OUTPUT = 1024 * 1024;
/** Messages that are put together to one text. */
const MAX_MESSAGES = 4;

let loaded: Promise<Gssapi> | undefined;

/**
 * The system's GSSAPI, loaded when it is first wanted. Rejects with `OCS_KERBEROS_UNAVAILABLE` when the optional package
 * koffi or MIT's library is missing; then the next call tries again.
 */
export function systemGssapi(importKoffi: () => Promise<Koffi> = () => import('koffi')): Promise<Gssapi> {
  loaded ??= loadGssapi(importKoffi).catch((thrown: unknown) => {
    loaded = undefined;
    throw thrown;
  });
  return loaded;
}

/** As `systemGssapi`, without remembering it. */
export async function loadGssapi(
  importKoffi: () => Promise<Koffi>,
  libraries: Libraries | undefined = LIBRARIES[process.platform],
): Promise<Gssapi> {
  const unavailable = (what: string, cause?: unknown): BridgeError =>
    new BridgeError('OCS_KERBEROS_UNAVAILABLE', `Kerberos cannot be used: ${what}.`, { cause });
  if (libraries === undefined) throw unavailable(`no GSSAPI library is known for ${process.platform}`);
  let koffi: Koffi;
  try {
    koffi = await importKoffi();
  } catch (cause) {
    throw unavailable('the optional package koffi is not installed', cause);
  }
  try {
    return bind(koffi, koffi.load(libraries.gssapi), koffi.load(libraries.krb5));
  } catch (cause) {
    throw unavailable(`the library ${libraries.gssapi} cannot be loaded`, cause);
  }
}

/** gss_buffer_desc as koffi sees it. */
interface RawBuffer {
  readonly length: number | bigint;
  readonly value: bigint | Buffer | null;
}

type Out<T> = [T];

function bind(koffi: Koffi, library: LibraryHandle, krb5: LibraryHandle): Gssapi {
  const { out, inout, pointer } = koffi;
  const buffer = koffi.struct({ length: 'size_t', value: 'void *' });
  const entry = koffi.struct({ key: 'str', value: 'str' });
  const store = koffi.struct({ count: 'uint32', elements: pointer(entry) });
  const minor = out(pointer('uint32'));
  const handle = out(pointer('void *'));
  const gone = inout(pointer('void *'));
  const number = out(pointer('uint32'));
  const given = pointer(buffer);
  const made = inout(pointer(buffer));
  const object = 'void *';
  const call = (name: string, ...types: (string | TypeObject | ReturnType<Koffi['out']>)[]) =>
    library.func(name, 'uint32', [minor, ...types]);

  const importName = call('gss_import_name', given, object, handle);
  const withPassword = call(
    'gss_acquire_cred_with_password',
    object,
    given,
    'uint32',
    object,
    'int',
    handle,
    object,
    object,
  );
  const from = call('gss_acquire_cred_from', object, 'uint32', object, 'int', pointer(store), handle, object, object);
  const init = call(
    'gss_init_sec_context',
    object,
    gone,
    object,
    object,
    'uint32',
    'uint32',
    object,
    object,
    object,
    made,
    object,
    number,
  );
  const accept = call(
    'gss_accept_sec_context',
    gone,
    object,
    given,
    object,
    handle,
    object,
    made,
    object,
    number,
    object,
  );
  const contextTime = call('gss_context_time', object, number);
  const mic = call('gss_get_mic', object, 'uint32', given, made);
  const verify = call('gss_verify_mic', object, given, given, object);
  const displayName = call('gss_display_name', object, made, object);
  const displayStatus = call('gss_display_status', 'uint32', 'int', object, inout(pointer('uint32')), made);
  const releaseName = call('gss_release_name', gone);
  const releaseCredential = call('gss_release_cred', gone);
  const releaseContext = call('gss_delete_sec_context', gone, object);
  const releaseBuffer = call('gss_release_buffer', made);

  const initLibrary = krb5.func('krb5_init_context', 'int32', [handle]);
  const resolveCache = krb5.func('krb5_cc_resolve', 'int32', [object, 'str', handle]);
  const destroyCache = krb5.func('krb5_cc_destroy', 'int32', [object, object]);
  const freeLibrary = krb5.func('krb5_free_context', 'void', [object]);

  const pointerIn = (symbol: string): bigint => koffi.decode(library.symbol(symbol), 'void *') as bigint;
  const kerberos = pointerIn('gss_mech_krb5');
  const onlyKerberos = pointerIn('gss_mech_set_krb5');
  const principalType = pointerIn('GSS_KRB5_NT_PRINCIPAL_NAME');

  const input = (bytes: Buffer): RawBuffer => ({ length: bytes.length, value: bytes });
  const empty = (): RawBuffer => ({ length: 0, value: null });
  /** Copies what the library made, and gives it back. */
  const take = (raw: RawBuffer): Buffer => {
    const length = Number(raw.length);
    const copy =
      raw.value === null || length === 0 || length > MAX_OUTPUT
        ? Buffer.alloc(0)
        : Buffer.from(koffi.decode(raw.value, 'uint8_t', length) as Uint8Array);
    releaseBuffer([0], raw);
    return copy;
  };
  const messagesOf = (status: number, type: number): readonly string[] => {
    const more: Out<number> = [0];
    const texts: string[] = [];
    do {
      const text = empty();
      if (failed(displayStatus([0], status >>> 0, type, kerberos, more, text) as number)) break;
      texts.push(take(text).toString('utf8'));
    } while (more[0] !== 0 && texts.length < MAX_MESSAGES);
    return texts;
  };
  const failure = (major: number, [code]: Out<number>): { readonly ok: false; readonly failure: GssFailure } => {
    const texts = [...messagesOf(major, STATUS.gss), ...(code === 0 ? [] : messagesOf(code, STATUS.mechanism))];
    return { ok: false, failure: { major: major >>> 0, minor: code | 0, text: texts.join(': ') } };
  };
  /** Runs a call on another thread. `kept` must not be collected meanwhile: the library holds pointers into it. */
  const elsewhere = (fn: typeof init, args: readonly unknown[], kept: readonly unknown[]): Promise<number> =>
    new Promise((resolve, reject) => {
      fn.async(...args, (error: Error | null, major: number) => {
        void kept.length;
        if (error === null) resolve(major);
        else reject(error);
      });
    });
  const acquired = (major: number, code: Out<number>, credential: Out<bigint | null>): GssResult<GssHandle> =>
    failed(major) || credential[0] === null ? failure(major, code) : { ok: true, value: credential[0] };
  const storeOf = (entries: GssStore): { readonly count: number; readonly elements: readonly object[] } => {
    const elements = Object.entries(entries).map(([key, value]) => ({ key, value }));
    return { count: elements.length, elements };
  };
  const release = (fn: typeof init, object: GssHandle, ...rest: readonly unknown[]): void => {
    fn([0], [object], ...rest);
  };

  return {
    importPrincipal(principal) {
      const code: Out<number> = [0];
      const name: Out<bigint | null> = [null];
      const major = importName(code, input(Buffer.from(principal, 'utf8')), principalType, name) as number;
      return acquired(major, code, name);
    },
    async acquireWithPassword(name, password) {
      const code: Out<number> = [0];
      const credential: Out<bigint | null> = [null];
      const secret = input(password);
      const args = [code, name, secret, INDEFINITE, onlyKerberos, USAGE.initiate, credential, null, null];
      return acquired(await elsewhere(withPassword, args, [password, secret]), code, credential);
    },
    async acquireFrom(name, entries) {
      const code: Out<number> = [0];
      const credential: Out<bigint | null> = [null];
      const where = storeOf(entries);
      const args = [code, name, INDEFINITE, onlyKerberos, USAGE.initiate, where, credential, null, null];
      return acquired(await elsewhere(from, args, [where]), code, credential);
    },
    acquireAcceptor(entries) {
      const code: Out<number> = [0];
      const credential: Out<bigint | null> = [null];
      const where = storeOf(entries);
      const major = from(code, null, INDEFINITE, onlyKerberos, USAGE.accept, where, credential, null, null) as number;
      return acquired(major, code, credential);
    },
    async initContext(credential, target) {
      const code: Out<number> = [0];
      const context: Out<bigint | null> = [null];
      const token = empty();
      const lifetime: Out<number> = [0];
      const args = [
        code,
        credential,
        context,
        target,
        kerberos,
        FLAG_INTEGRITY,
        INDEFINITE,
        null,
        null,
        null,
        token,
        null,
        lifetime,
      ];
      const major = await elsewhere(init, args, [token]);
      const bytes = take(token);
      if (failed(major) || context[0] === null) {
        if (context[0] !== null) release(releaseContext, context[0], null);
        return failure(major, code);
      }
      const complete = (major & CONTINUE_NEEDED) === 0;
      return { ok: true, value: { context: context[0], token: bytes, complete, lifetime: lifetime[0] } };
    },
    acceptContext(credential, token) {
      const code: Out<number> = [0];
      const context: Out<bigint | null> = [null];
      const peer: Out<bigint | null> = [null];
      const answer = empty();
      const lifetime: Out<number> = [0];
      const given = input(token);
      const major = accept(code, context, credential, given, null, peer, null, answer, null, lifetime, null) as number;
      const bytes = take(answer);
      const name = peer[0];
      const who = empty();
      if (name !== null) {
        displayName([0], name, who, null);
        release(releaseName, name);
      }
      const principal = take(who).toString('utf8');
      if (failed(major) || context[0] === null) {
        if (context[0] !== null) release(releaseContext, context[0], null);
        return failure(major, code);
      }
      const complete = (major & CONTINUE_NEEDED) === 0;
      const turn = { context: context[0], token: bytes, complete, lifetime: lifetime[0], peer: principal };
      return { ok: true, value: turn };
    },
    lifetimeOf(context) {
      const seconds: Out<number> = [0];
      return failed(contextTime([0], context, seconds) as number) ? 0 : seconds[0];
    },
    getMic(context, message) {
      const code: Out<number> = [0];
      const signature = empty();
      const major = mic(code, context, 0, input(message), signature) as number;
      const bytes = take(signature);
      return failed(major) ? failure(major, code) : { ok: true, value: bytes };
    },
    verifyMic: (context, message, signature) =>
      (verify([0], context, input(message), input(signature), null) as number) === 0,
    releaseName: (name) => release(releaseName, name),
    releaseCredential: (credential) => release(releaseCredential, credential),
    releaseContext: (context) => release(releaseContext, context, null),
    destroyCache(name) {
      const library: Out<bigint | null> = [null];
      if (initLibrary(library) !== 0) return;
      const cache: Out<bigint | null> = [null];
      if (resolveCache(library[0], name, cache) === 0) destroyCache(library[0], cache[0]);
      freeLibrary(library[0]);
    },
  };
}

function failed(major: number): boolean {
  return (major & ERROR_MASK) !== 0;
}
