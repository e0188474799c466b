import type { SipUri } from '../../presence/ids.js';
import type { Observation } from '../../presence/snapshot.js';
import { PresenceFetch } from './presence-fetch.js';
import type { Due, RunWiring } from './run-wiring.js';
import type { ResourceVerdict } from './subscription-words.js';

export interface PollerListener {
  onObservations(observations: readonly Observation[], authoritative: boolean): void;
  onLost(people: readonly SipUri[], reason: string): void;
  /** These have been asked about for so long that a subscription may be tried again; they are not polled any more. */
  onGraduated(people: readonly SipUri[]): void;
  onSignInNeeded(): void;
  /** True while nobody is to be asked. */
  isHeld(): boolean;
}

export interface PollerLimits {
  /** Time from one round to the next, milliseconds (UCMA's rule for people who cannot be subscribed to). */
  readonly intervalMs: number;
  /** After so long a subscription is tried again, milliseconds. */
  readonly graduateMs: number;
  /** Questions under way at a time. */
  readonly parallel: number;
  /** People per question. */
  readonly batchSize: number;
}

export const POLLER_LIMITS: Omit<PollerLimits, 'batchSize'> = {
  intervalMs: 300_000,
  graduateMs: 3_600_000,
  parallel: 2,
};

/** New people are asked about after this time, so that many of them make one round. */
const GATHER_MS = 1_000;

/**
 * Asks about people who cannot be subscribed to because they have as many watchers as they may: all of them in rounds,
 * each round not before the last one is through. What a round said counts until the next one, so a status is at most
 * one interval and one round old; whoever a round brings no answer for is lost.
 */
export class Poller implements Due {
  readonly #wiring: RunWiring;
  readonly #listener: PollerListener;
  readonly #limits: PollerLimits;
  /** Since when each of them is asked about, monotonic milliseconds. */
  readonly #since = new Map<SipUri, number>();
  readonly #fetches = new Set<PresenceFetch>();
  /** Questions of this round that are still to be asked. */
  #queue: (readonly SipUri[])[] = [];
  #fresh: SipUri[] = [];
  #roundDueAt = Number.POSITIVE_INFINITY;
  #closed = false;

  constructor(wiring: RunWiring, listener: PollerListener, limits: PollerLimits) {
    this.#wiring = wiring;
    this.#listener = listener;
    this.#limits = limits;
  }

  get people(): ReadonlySet<SipUri> {
    return new Set(this.#since.keys());
  }

  get size(): number {
    return this.#since.size;
  }

  add(people: readonly SipUri[]): void {
    const now = this.#now();
    const fresh = people.filter((uri) => !this.#since.has(uri));
    for (const uri of fresh) this.#since.set(uri, now);
    if (this.#closed || fresh.length === 0) return;
    this.#fresh.push(...fresh);
    if (this.#roundDueAt === Number.POSITIVE_INFINITY) this.#roundDueAt = now + this.#limits.intervalMs;
    if (this.#idle) this.#wiring.due.set(this, GATHER_MS);
  }

  /** Keeps only these. */
  keep(people: ReadonlySet<SipUri>): void {
    for (const uri of this.#since.keys()) if (!people.has(uri)) this.#since.delete(uri);
    if (this.#since.size === 0) this.#rest();
  }

  close(): void {
    this.#closed = true;
    this.#rest();
    for (const fetch of this.#fetches) fetch.stop();
    this.#fetches.clear();
  }

  /** Time for another round, or for those who are new. */
  onDue(): void {
    if (this.#closed || this.#since.size === 0) return;
    const now = this.#now();
    if (this.#listener.isHeld()) {
      this.#wiring.due.set(this, this.#limits.intervalMs);
      return;
    }
    if (now >= this.#roundDueAt) {
      this.#graduate(now);
      this.#fresh = [];
      this.#roundDueAt = now + this.#limits.intervalMs;
      this.#queue = chunks([...this.#since.keys()], this.#limits.batchSize);
    } else {
      this.#queue = chunks(this.#fresh, this.#limits.batchSize);
      this.#fresh = [];
    }
    this.#pump();
  }

  get #idle(): boolean {
    return this.#queue.length === 0 && this.#fetches.size === 0;
  }

  #now(): number {
    return this.#wiring.ports.clock.monotonic();
  }

  #rest(): void {
    this.#wiring.due.delete(this);
    this.#roundDueAt = Number.POSITIVE_INFINITY;
    this.#queue = [];
    this.#fresh = [];
  }

  /** At most one batch a round: if they are sent back, that costs a bisection. */
  #graduate(now: number): void {
    const ripe: SipUri[] = [];
    for (const [uri, since] of this.#since) {
      if (since > now - this.#limits.graduateMs || ripe.length >= this.#limits.batchSize) break;
      ripe.push(uri);
    }
    for (const uri of ripe) this.#since.delete(uri);
    if (ripe.length > 0) this.#listener.onGraduated(ripe);
  }

  #pump(): void {
    while (this.#fetches.size < this.#limits.parallel) {
      const people = this.#queue.pop()?.filter((uri) => this.#since.has(uri));
      if (people === undefined) break;
      if (people.length > 0) this.#ask(people);
    }
    if (!this.#idle || this.#since.size === 0 || this.#closed) return;
    const delay = this.#fresh.length > 0 ? GATHER_MS : Math.max(0, this.#roundDueAt - this.#now());
    this.#wiring.due.set(this, delay);
  }

  #ask(people: readonly SipUri[]): void {
    const fetch = new PresenceFetch(people, this.#wiring, {
      isWanted: (uri) => this.#since.has(uri),
      onObservations: (observations) => this.#listener.onObservations(observations, true),
      onVerdicts: (verdicts) => this.#heed(verdicts),
      onSignInNeeded: () => this.#listener.onSignInNeeded(),
      onSplit: (halves) => {
        this.#queue.push(...halves);
      },
      onEnd: (silent, reason) => {
        this.#fetches.delete(fetch);
        const lost = silent.filter((uri) => this.#since.has(uri));
        if (lost.length > 0) this.#listener.onLost(lost, reason);
        this.#pump();
      },
    });
    this.#fetches.add(fetch);
    fetch.start();
  }

  #heed(verdicts: readonly ResourceVerdict[]): void {
    for (const { uri, state, reason } of verdicts) {
      if (this.#since.has(uri)) this.#listener.onLost([uri], reason ?? state);
    }
  }
}

function chunks(people: readonly SipUri[], size: number): (readonly SipUri[])[] {
  const all: (readonly SipUri[])[] = [];
  for (let start = 0; start < people.length; start += size) all.push(people.slice(start, start + size));
  return all;
}
