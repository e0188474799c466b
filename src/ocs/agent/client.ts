import type { Clock, Log, Random, WatchCounts } from '../../bridge/ports.js';
import { BridgeError } from '../../presence/errors.js';
import type { SipUri } from '../../presence/ids.js';
import type { Observation } from '../../presence/snapshot.js';
import type { AttemptStore } from '../auth/attempts.js';
import { type SignInIdentity, secretOf } from '../auth/identity.js';
import { digestIdentity, newHandshake } from '../auth/new-handshake.js';
import type { WatchedCategory } from '../documents/batch-subscribe.js';
import type { Connection } from '../link/connection.js';
import type { LivenessLimits } from '../link/liveness.js';
import { OcsTransport } from '../link/ocs-transport.js';
import type { PeerFacts } from '../link/peer-facts.js';
import type { ServerAddress } from '../link/server-address.js';
import { DEFAULT_SIP_LIMITS, type SipLimits } from '../wire/limits.js';
import type { SipMessage } from '../wire/message.js';
import { validateMessage } from '../wire/validate.js';
import { OcsCore } from './core.js';
import { chooseDialect } from './dialects/choose.js';
import { type Epid, instanceOf } from './endpoint.js';
import { LivenessCheck } from './liveness-check.js';
import { optionsRequest } from './options-request.js';
import type { OwnLink, OwnSide } from './own-side.js';
import { readAhead } from './read-ahead.js';
import { type RegisterTerms, registeredContact } from './register-request.js';
import { Registration } from './registration.js';
import type { RegistrationFacts } from './registration-facts.js';
import type { RequestBudget } from './request-budget.js';
import { Watcher } from './watcher.js';

export interface ClientOptions {
  readonly account: SipUri;
  readonly identity: SignInIdentity;
  readonly server: ServerAddress;
  readonly userAgent: string;
  readonly epid: Epid;
  /** `sip`: a server that knows RFC 3856 and nothing of Microsoft's. Default `ocs`. */
  readonly dialect?: 'ocs' | 'sip';
  readonly batchSize: number;
  /** SUBSCRIBE requests under way at a time. */
  readonly maxInFlight: number;
  readonly categories: readonly WatchedCategory[];
  readonly allowNtlmWithoutTls: boolean;
  readonly allowDigestWithoutTls?: boolean;
  readonly limits?: SipLimits;
  readonly liveness?: LivenessLimits;
}

export interface ClientPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly attempts: AttemptStore;
  /** Refused passwords after which no further try is made. */
  readonly maxPasswordFailures?: number;
  /** Shared with all other clients of the same servers. Without it only `maxInFlight` holds. */
  readonly budget?: RequestBudget;
  /** Speaks for the account itself; absent for accounts that only watch. */
  readonly own?: OwnSide;
  /** Counts messages and documents that were dropped, by reason. */
  count(what: 'message' | 'document', reason: string): void;
}

export interface ClientListener {
  onConnected(peer: PeerFacts | undefined): void;
  onSignedIn(facts: RegistrationFacts): void;
  onObservations(observations: readonly Observation[], authoritative: boolean): void;
  onLost(uris: readonly SipUri[], reason: string): void;
  /** The end, unless `stop` was called. Comes once, last. */
  onEnd(error: BridgeError, retryAfterMs: number | undefined): void;
}

/** Time for a sign-off to be answered, milliseconds. */
const SIGN_OFF_MS = 3_000;

/** One connection's life: connect, sign in, watch, until it ends. For another connection make another client. */
export class OcsClient {
  readonly #options: ClientOptions;
  readonly #ports: ClientPorts;
  readonly #listener: ClientListener;
  readonly #transport: OcsTransport;
  #wanted: ReadonlySet<SipUri> = new Set();
  #core: OcsCore | undefined;
  #registration: Registration | undefined;
  #watcher: Watcher | undefined;
  #own: OwnLink | undefined;
  #ended = false;
  readonly #liveness: LivenessCheck;
  #onStopped: () => void = () => {};

  constructor(options: ClientOptions, listener: ClientListener, ports: ClientPorts) {
    this.#options = options;
    this.#listener = listener;
    this.#ports = ports;
    this.#transport = new OcsTransport(
      options.server,
      {
        onRequest: (message) => this.#onRequest(message),
        onResponse: (message) => this.#core?.acceptResponse(message),
        onClose: (error) => this.#onClosed(error),
        prepare: (message) => readAhead(message, ports.clock.now()),
      },
      ports,
      options.limits ?? DEFAULT_SIP_LIMITS,
    );
    this.#liveness = new LivenessCheck(
      {
        clock: ports.clock,
        lastReceivedAt: () => this.#transport.lastReceivedAt,
        ask: (count) => this.#ask(count),
        onDead: () => this.#end(new BridgeError('OCS_TIMEOUT', 'The OCS server has fallen silent.')),
      },
      options.liveness,
    );
  }

  start(): void {
    this.#transport
      .connect()
      .then((connection) => {
        if (!this.#ended) this.#onConnected(connection);
      })
      .catch((thrown: unknown) => this.#end(BridgeError.from(thrown)));
  }

  /** Sets the whole roster. */
  watch(wanted: ReadonlySet<SipUri>): void {
    this.#wanted = wanted;
    this.#watcher?.watch(wanted);
  }

  /** What it holds at the server; `undefined` before it is signed in. */
  counts(): WatchCounts | undefined {
    return this.#watcher?.counts();
  }

  /** Signs off and closes; takes a few seconds at most and resolves always. */
  async stop(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#own?.signOff();
    if (this.#registration !== undefined) await this.#signOff(this.#registration);
    this.#tearDown();
  }

  #signOff(registration: Registration): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#ports.clock.after(SIGN_OFF_MS, resolve);
      this.#onStopped = () => {
        cancel();
        resolve();
      };
      this.#watcher?.signOff();
      registration.signOff();
    });
  }

  #onConnected(connection: Connection): void {
    const { account, server, epid, userAgent, identity, allowNtlmWithoutTls, dialect = 'ocs' } = this.#options;
    const { random, log } = this.#ports;
    this.#listener.onConnected(connection.peer);
    const { localAddress } = connection;
    const endpoint = dialect === 'ocs' ? { epid } : {};
    const terms: RegisterTerms = {
      account,
      dialect,
      localAddress,
      transport: server.transport,
      instance: instanceOf(epid),
      contactId: random.bytes(5).toString('hex'),
      callId: random.bytes(16).toString('hex'),
      fromTag: random.bytes(5).toString('hex'),
    };
    const policy = {
      identity,
      serverName: server.serverName ?? server.host,
      certificateNames: connection.peer?.names,
      allowNtlmWithoutTls,
      allowDigestWithoutTls: this.#options.allowDigestWithoutTls,
    };
    const digest = digestIdentity(policy);
    const core = new OcsCore({ account, ...endpoint, userAgent, localAddress, log, digest }, this.#transport);
    const wiring = {
      core,
      transport: this.#transport,
      newHandshake: () => newHandshake(policy, this.#ports),
      secret: secretOf(identity),
    };
    this.#core = core;
    this.#registration = new Registration(
      terms,
      wiring,
      {
        onSignedIn: (facts) => this.#onSignedIn(facts, core, terms),
        onFailed: (error, retryAfterMs) => this.#end(error, retryAfterMs),
        onSignedOff: () => this.#onStopped(),
      },
      this.#ports,
    );
    this.#registration.start();
  }

  #onSignedIn(facts: RegistrationFacts, core: OcsCore, terms: RegisterTerms): void {
    const { account, epid, categories, batchSize, maxInFlight, dialect: asked = 'ocs' } = this.#options;
    this.#transport.keepAliveSeconds = facts.keepAlive;
    const dialect = chooseDialect(asked, facts.missing);
    if (asked === 'ocs' && facts.missing.length > 0)
      this.#ports.log.warn('ocs.server-lacks', { missing: facts.missing });
    const contact = facts.gruu === undefined ? registeredContact(terms) : `<${facts.gruu}>`;
    this.#watcher = new Watcher(
      { account, contact, categories, batchSize, maxInFlight, dialect },
      core,
      {
        onObservations: (observations, authoritative) => this.#listener.onObservations(observations, authoritative),
        onLost: (uris, reason) => this.#listener.onLost(uris, reason),
        onSignInNeeded: () => this.#registration?.renew(),
        onFailed: (error) => this.#end(error),
      },
      this.#ports,
    );
    this.#own = this.#ports.own?.attach({
      core,
      account,
      epid,
      contact,
      localAddress: terms.localAddress,
      dialect: asked === 'sip' ? 'sip' : facts.missing.includes('msrtc-event-categories') ? 'lcs2005' : 'categories',
      ports: this.#ports,
      onSignInNeeded: () => this.#registration?.renew(),
    });
    this.#listener.onSignedIn(facts);
    this.#watcher.watch(this.#wanted);
    this.#liveness.start();
  }

  /** Makes the server answer something; one that does not know OPTIONS knows REGISTER. */
  #ask(count: number): void {
    const { random, log } = this.#ports;
    if (count > 1) {
      log.warn('ocs.server-silent', { questions: count });
      this.#registration?.refresh();
      return;
    }
    const callId = random.bytes(16).toString('hex');
    const draft = optionsRequest(this.#options.account, callId, random.bytes(5).toString('hex'));
    this.#ports.budget?.spend();
    this.#core?.exchange(draft, () => {});
  }

  #onRequest(message: SipMessage): void {
    if (message.method !== 'BENOTIFY' && message.method !== 'NOTIFY') {
      this.#onOtherRequest(message);
      return;
    }
    const owner = [this.#watcher, this.#registration, this.#own].find((one) => one?.owns(message));
    // A BENOTIFY is never answered, whatever is wrong with it (MS-SIP 3.1.5).
    if (message.method === 'NOTIFY') this.#core?.reply(message, owner === undefined ? 481 : 200);
    if (owner === undefined) this.#ports.count('message', 'unknown-dialog');
    else owner.receive(message);
  }

  #onOtherRequest(message: SipMessage): void {
    const refusal = validateMessage(message);
    if (refusal === undefined) {
      this.#core?.acceptRequest(message);
      return;
    }
    if (message.method !== 'ACK') this.#core?.reply(message, refusal.respondWith);
    this.#ports.count('message', 'malformed');
    this.#ports.log.warn('ocs.message-dropped', { reason: 'malformed', error: refusal.error.message });
  }

  #onClosed(error: BridgeError | undefined): void {
    this.#onStopped();
    if (error !== undefined) this.#end(error);
  }

  #end(error: BridgeError, retryAfterMs: number | undefined = undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#tearDown();
    this.#listener.onEnd(error, retryAfterMs);
  }

  #tearDown(): void {
    this.#liveness.stop();
    this.#own?.close();
    this.#watcher?.close();
    this.#registration?.close();
    this.#core?.dispose();
    this.#transport.close();
  }
}
