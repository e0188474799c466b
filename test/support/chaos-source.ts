import type { LinkState, PresenceSource, PresenceSourceListener } from '../../src/bridge/ports.js';
import { availabilityOf, type Status } from '../../src/presence/availability.js';
import { BridgeError } from '../../src/presence/errors.js';
import type { SipUri } from '../../src/presence/ids.js';
import type { Observation } from '../../src/presence/snapshot.js';
import type { ProcessClock } from './chaos-clock.js';

export type ShownStatus = Exclude<Status, 'unknown'>;

/** What must never be found in documents or logs: personal notes, while notes are off. */
export const CANARY = 'canary-3f9d1c';

/** How a server treats a person's subscription. */
type Access = 'open' | 'rejected' | 'interrupted';

const SIGN_IN_MS = 200;
const RETRY_MS = 3_000;
const TRAVEL_MS = 20;

/** The presence server of a simulated world: what is true of people, and whether it can be asked. */
export class PresenceTruth {
  /** False: no connection stands, none can be made. */
  isUp = true;
  /** How long it takes to answer a new subscription, milliseconds. */
  answerMs = 300;
  readonly #statuses = new Map<SipUri, { readonly status: ShownStatus; readonly at: number }>();
  readonly #access = new Map<SipUri, Access>();
  readonly #sources = new Set<ChaosSource>();

  become(uri: SipUri, status: ShownStatus, now: number): void {
    this.#statuses.set(uri, { status, at: now });
    for (const source of this.#sources) source.changed(uri);
  }

  /** What a reader should see of this person: nobody can say anything while the server cannot be asked. */
  shown(uri: SipUri): Status {
    if (!this.isUp || this.access(uri) !== 'open') return 'unknown';
    return this.#statuses.get(uri)?.status ?? 'unknown';
  }

  access(uri: SipUri): Access {
    return this.#access.get(uri) ?? 'open';
  }

  goDown(): void {
    this.isUp = false;
    for (const source of this.#sources) source.cut();
  }

  goUp(): void {
    this.isUp = true;
  }

  deny(uri: SipUri, access: 'rejected' | 'interrupted'): void {
    this.#access.set(uri, access);
    for (const source of this.#sources) source.denied(uri, access === 'interrupted');
  }

  allow(uri: SipUri): void {
    if (!this.#access.delete(uri)) return;
    for (const source of this.#sources) source.allowed(uri);
  }

  join(source: ChaosSource): void {
    this.#sources.add(source);
  }

  leave(source: ChaosSource): void {
    this.#sources.delete(source);
  }

  observation(uri: SipUri): Observation {
    const known = this.#statuses.get(uri);
    if (known === undefined) return { uri, state: null };
    const activity = known.status === 'busy' ? 'on-the-phone' : '';
    return {
      uri,
      state: {
        availability: availabilityOf(known.status) ?? 0,
        activity,
        activityText: CANARY,
        publishedAt: known.at,
      },
      note: { text: CANARY, outOfOffice: false, publishedAt: known.at },
    };
  }
}

/**
 * A bridge's client of that server: signs in and again, asks for people and is told of their changes after a while, in
 * order.
 */
export class ChaosSource implements PresenceSource {
  /** Calls of `watch`. */
  watchCalls = 0;
  readonly #truth: PresenceTruth;
  readonly #clock: ProcessClock;
  #listener: PresenceSourceListener | undefined;
  #watched: ReadonlySet<SipUri> = new Set();
  readonly #subscribed = new Set<SipUri>();
  #state: LinkState = 'starting';
  /** Grows with each connection: what was under way on an earlier one is lost. */
  #connection = 0;
  #lastDelivery = 0;

  constructor(truth: PresenceTruth, clock: ProcessClock) {
    this.#truth = truth;
    this.#clock = clock;
  }

  start(listener: PresenceSourceListener): void {
    this.#listener = listener;
    this.#truth.join(this);
    this.#report('connecting');
    this.#connectAfter(SIGN_IN_MS);
  }

  watch(uris: readonly SipUri[]): void {
    this.watchCalls++;
    this.#watched = new Set(uris);
    for (const uri of this.#subscribed) if (!this.#watched.has(uri)) this.#subscribed.delete(uri);
    if (this.#state === 'connected') this.#subscribe();
  }

  stop(): Promise<void> {
    this.#leave();
    this.#state = 'stopped';
    return new Promise((resolve) => this.#clock.after(TRAVEL_MS, resolve));
  }

  /** The process is gone. */
  die(): void {
    this.#leave();
    this.#listener = undefined;
  }

  cut(): void {
    if (this.#state !== 'connected') return;
    this.#connection++;
    this.#subscribed.clear();
    // The end of a connection is noticed when the process runs.
    this.#clock.after(0, () => {
      this.#report('transient-disconnect');
      this.#connectAfter(RETRY_MS);
    });
    this.#state = 'transient-disconnect';
  }

  changed(uri: SipUri): void {
    if (this.#state === 'connected' && this.#subscribed.has(uri))
      this.#deliver(TRAVEL_MS, () => this.#tell(uri, false));
  }

  denied(uri: SipUri, passing: boolean): void {
    if (!this.#subscribed.delete(uri)) return;
    this.#deliver(TRAVEL_MS, () => this.#listener?.onLost([uri], 'rejected', passing));
  }

  allowed(uri: SipUri): void {
    if (this.#state === 'connected' && this.#watched.has(uri)) this.#subscribe();
  }

  #leave(): void {
    this.#truth.leave(this);
    this.#connection++;
    this.#subscribed.clear();
  }

  #report(state: LinkState): void {
    this.#state = state;
    const bad = state === 'transient-disconnect';
    this.#listener?.onLink({
      state,
      since: this.#clock.now(),
      ...(bad ? { error: new BridgeError('OCS_CONNECTION_LOST', 'the server went away') } : {}),
    });
  }

  #connectAfter(delay: number): void {
    this.#clock.after(delay, () => {
      if (this.#state === 'stopped') return;
      if (!this.#truth.isUp) return this.#connectAfter(RETRY_MS);
      this.#report('connected');
      this.#subscribe();
    });
  }

  #subscribe(): void {
    for (const uri of this.#watched) {
      if (this.#subscribed.has(uri)) continue;
      if (this.#truth.access(uri) === 'open') {
        this.#subscribed.add(uri);
        this.#deliver(this.#truth.answerMs, () => this.#tell(uri, true));
      } else this.#deliver(this.#truth.answerMs, () => this.#refuse(uri));
    }
  }

  #refuse(uri: SipUri): void {
    if (this.#watched.has(uri) && !this.#subscribed.has(uri)) this.#listener?.onLost([uri], 'rejected', false);
  }

  #tell(uri: SipUri, first: boolean): void {
    if (this.#subscribed.has(uri)) this.#listener?.onObservations([this.#truth.observation(uri)], first);
  }

  /** In order, whatever takes longer. */
  #deliver(delay: number, deliver: () => void): void {
    const connection = this.#connection;
    this.#lastDelivery = Math.max(this.#lastDelivery, this.#clock.monotonic() + delay);
    this.#clock.after(this.#lastDelivery - this.#clock.monotonic(), () => {
      if (connection === this.#connection) deliver();
    });
  }
}
