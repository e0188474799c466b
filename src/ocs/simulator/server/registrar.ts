import type { SipUri } from '../../../presence/ids.js';
import { readAddress, uriParams } from '../codec/address.js';
import { headerOf, type SipRequest } from '../codec/message.js';
import { afterLong } from '../long-delay.js';
import type { ServerSettings } from '../options.js';
import { gruuOpaque } from './gruu.js';
import { KeyIndex } from './key-index.js';
import type { Session } from './session.js';

/** One registered endpoint. */
export interface Binding {
  readonly session: Session;
  /** The client's Contact URI with the connection's number added: the Request-URI of requests to it. */
  readonly contact: string;
  /** UUID of `+sip.instance` in lower case, or empty. */
  readonly instance: string;
  /** Globally routable address of this endpoint, or `undefined` when it gave no instance. */
  readonly gruu: string | undefined;
  /** Seconds that were granted. */
  readonly expires: number;
  readonly callId: string;
  readonly fromTag: string;
}

export type GoneReason = 'unregistered' | 'expired' | 'quota' | 'replaced' | 'disconnected' | 'disabled' | 'moved';

interface StoredBinding extends Binding {
  /** `ms-opaque` of the contact. */
  readonly opaque: string | undefined;
  readonly cancelExpiry: () => void;
}

export interface RegistrarListener {
  /** Called after an endpoint was added or renewed; `isNew` tells which. */
  onRegistered(binding: Binding, isNew: boolean): void;
  onGone(binding: Binding, reason: GoneReason): void;
}

/** Time after the granted one before a registration that was not renewed is dropped, milliseconds. */
const GRACE_MS = 10_000;

/** Who is registered from where (MS-CONMGMT, MS-SIPREGE): several endpoints per user, each on its own connection. */
export class Registrar {
  readonly #settings: ServerSettings;
  readonly #listener: RegistrarListener;
  readonly #byUser = new Map<SipUri, Map<Session, StoredBinding>>();
  /** By the number of the connection, which stored contacts carry. */
  readonly #byConnection = new KeyIndex<number, StoredBinding>();
  /** By the `ms-opaque` of their contact, where it has one. */
  readonly #byOpaque = new KeyIndex<string, StoredBinding>();

  constructor(settings: ServerSettings, listener: RegistrarListener) {
    this.#settings = settings;
    this.#listener = listener;
  }

  /** Endpoints of a user, oldest first. */
  endpointsOf(user: SipUri): readonly Binding[] {
    return [...(this.#byUser.get(user)?.values() ?? [])];
  }

  /** The endpoint that a Request-URI names by GRUU or by the number of its connection. */
  find(user: SipUri, uri: string): Binding | undefined {
    const params = uriParams(uri);
    const opaque = params.get('opaque')?.toLowerCase();
    return this.endpointsOf(user).find(
      ({ gruu, session }) =>
        (opaque !== undefined && gruu?.toLowerCase().includes(`;opaque=${opaque};`)) ||
        params.get('epid') === session.epid,
    );
  }

  /** The endpoint whose registered contact this is: such a URI names no user. */
  findContact(uri: string): Binding | undefined {
    const params = uriParams(uri);
    const connection = Number.parseInt(params.get('ms-received-cid') ?? '', 16);
    const opaque = params.has('ms-received-cid') ? undefined : params.get('ms-opaque');
    return this.#byConnection.first(connection) ?? (opaque === undefined ? undefined : this.#byOpaque.first(opaque));
  }

  register(session: Session, request: SipRequest): Binding {
    const contact = readAddress(headerOf(request, 'contact') ?? '');
    const instance =
      /^<?urn:uuid:([0-9a-f-]{36})>?$/i.exec(contact.params.get('+sip.instance') ?? '')?.[1]?.toLowerCase() ?? '';
    const endpointOpaque = gruuOpaque(instance);
    const user = session.account.uri;
    const expires = this.#granted(request, contact.params.get('expires'));
    this.#replaceSameEndpoint(session, instance);
    const bindings = this.#byUser.get(user) ?? new Map<Session, StoredBinding>();
    this.#byUser.set(user, bindings);
    const known = bindings.get(session);
    if (known) this.#release(known);
    const binding: StoredBinding = {
      session,
      contact: withConnection(contact.uri, session.link.id),
      instance,
      gruu: endpointOpaque && `${user};opaque=${endpointOpaque};gruu`,
      opaque: uriParams(contact.uri).get('ms-opaque'),
      expires,
      callId: headerOf(request, 'call-id') ?? '',
      fromTag: readAddress(headerOf(request, 'from') ?? '').params.get('tag') ?? '',
      cancelExpiry: afterLong(this.#settings.clock, expires * 1000 + GRACE_MS, () => this.remove(session, 'expired')),
    };
    bindings.set(session, binding);
    this.#byConnection.add(session.link.id, binding);
    if (binding.opaque !== undefined) this.#byOpaque.add(binding.opaque, binding);
    session.contact = binding.contact;
    this.#listener.onRegistered(binding, known === undefined);
    this.#enforceQuota(bindings);
    return binding;
  }

  remove(session: Session, reason: GoneReason): void {
    const bindings = this.#byUser.get(session.account.uri);
    const binding = bindings?.get(session);
    if (!bindings || !binding) return;
    this.#release(binding);
    bindings.delete(session);
    if (bindings.size === 0) this.#byUser.delete(session.account.uri);
    session.contact = undefined;
    this.#listener.onGone(binding, reason);
  }

  /** Stops all timers. */
  clear(): void {
    for (const bindings of this.#byUser.values()) for (const { cancelExpiry } of bindings.values()) cancelExpiry();
    this.#byUser.clear();
    this.#byConnection.clear();
    this.#byOpaque.clear();
  }

  #release(binding: StoredBinding): void {
    binding.cancelExpiry();
    this.#byConnection.delete(binding.session.link.id, binding);
    if (binding.opaque !== undefined) this.#byOpaque.delete(binding.opaque, binding);
  }

  /** The server picks the lifetime; a client may ask for a shorter one. */
  #granted(request: SipRequest, contactExpires: string | undefined): number {
    const asked = Number(headerOf(request, 'expires') ?? contactExpires ?? Number.NaN);
    const { registrationSeconds } = this.#settings;
    return Number.isInteger(asked) && asked > 0 ? Math.min(asked, registrationSeconds) : registrationSeconds;
  }

  /** A client that came back over a new connection replaces its own older registration. */
  #replaceSameEndpoint(session: Session, instance: string): void {
    for (const other of this.endpointsOf(session.account.uri)) {
      const same = instance === '' ? other.session.endpoint === session.endpoint : other.instance === instance;
      if (other.session !== session && same) this.remove(other.session, 'replaced');
    }
  }

  #enforceQuota(bindings: ReadonlyMap<Session, StoredBinding>): void {
    const [oldest] = bindings.values();
    if (oldest && bindings.size > this.#settings.limits.endpointsPerUser) this.remove(oldest.session, 'quota');
  }
}

/** `<sip:10.20.0.7:50412;transport=tls>` becomes what OCS stores: with the connection's number. */
function withConnection(uri: string, id: number): string {
  return `${uri.replace(/;ms-received-cid=[^;>]*/i, '')};ms-received-cid=${id.toString(16).toUpperCase()}`;
}
