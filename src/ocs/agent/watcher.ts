import type { BridgeError } from '../../presence/errors.js';
import { type SipUri, sipKeyOf } from '../../presence/ids.js';
import type { Observation } from '../../presence/snapshot.js';
import type { SipMessage } from '../wire/message.js';
import { MoveLimit } from './move-limit.js';
import { poolTarget } from './pool-target.js';
import { RequestGate } from './request-gate.js';
import { planRoster } from './roster-plan.js';
import type { SubscribeTerms } from './subscribe-request.js';
import { REST_MS } from './subscription.js';
import { type Exchange, type RunListener, type RunPorts, type RunWiring, SubscriptionRun } from './subscription-run.js';
import { HANDOVER_MS, type SubscriptionStart } from './subscription-state.js';
import type { RosterEffect } from './subscription-words.js';

export interface WatcherOptions extends SubscribeTerms {
  /** People per SUBSCRIBE. */
  readonly batchSize: number;
  /** SUBSCRIBE requests under way at a time. */
  readonly maxInFlight: number;
}

export interface WatcherListener {
  onObservations(observations: readonly Observation[], authoritative: boolean): void;
  onLost(uris: readonly SipUri[], reason: string): void;
  /** The server has forgotten our sign-in. */
  onSignInNeeded(): void;
  /** The connection is of no use any more. */
  onFailed(error: BridgeError): void;
}

/** How often a person may be sent from one subscription to another within an hour. */
const MAX_MOVES = 3;
/** How often groups are halved in a row without any being accepted; then it is not the addresses. */
const MIN_SPLITS = 32;
/** The same for each batch that the roster fills: all of them may hold a bad address. */
const SPLITS_PER_BATCH = 8;

/** Keeps subscriptions for the whole roster over one signed-in connection. */
export class Watcher {
  readonly #options: WatcherOptions;
  readonly #listener: WatcherListener;
  readonly #wiring: RunWiring;
  readonly #runListener: RunListener;
  readonly #runs = new Set<SubscriptionRun>();
  readonly #moves = new MoveLimit(MAX_MOVES, REST_MS);
  #splits = 0;
  #closed = false;

  constructor(options: WatcherOptions, core: Exchange, listener: WatcherListener, ports: RunPorts) {
    this.#options = options;
    this.#listener = listener;
    this.#wiring = { terms: options, core, gate: new RequestGate(options.maxInFlight), dialogs: new Map(), ports };
    this.#runListener = {
      onObservations: (observations, authoritative) => listener.onObservations(observations, authoritative),
      onAccepted: () => {
        this.#splits = 0;
      },
      onEffect: (run, effect) => this.#perform(run, effect),
    };
  }

  /** Sets the whole roster; only differences reach the server. */
  watch(wanted: ReadonlySet<SipUri>): void {
    if (this.#closed) return;
    const { account, batchSize } = this.#options;
    const runs = [...this.#runs];
    const slots = runs.map(({ people, isOpen, target }, id) => ({ id, people, open: isOpen && target === account }));
    const plan = planRoster(slots, wanted, batchSize);
    for (const [id, people] of plan.changed) runs[id]?.cover(people);
    for (const people of plan.fresh) this.#add('batch', account, people);
  }

  /** True for notifications in one of our dialogs. */
  owns(message: SipMessage): boolean {
    return this.#wiring.dialogs.get(message.callId)?.owns(message) === true;
  }

  /** A BENOTIFY or NOTIFY that it owns. */
  receive(message: SipMessage): void {
    this.#wiring.dialogs.get(message.callId)?.receive(message);
  }

  /** Ends all subscriptions without waiting for answers. */
  signOff(): void {
    for (const run of this.#runs) run.signOff();
    this.close();
  }

  /** Stops all timers; nothing is reported any more. */
  close(): void {
    this.#closed = true;
    for (const run of this.#runs) run.stop();
    this.#runs.clear();
  }

  #add(kind: 'batch' | 'single', target: string, people: Iterable<SipUri>, start: SubscriptionStart = {}): void {
    if (this.#closed) return;
    const run = new SubscriptionRun({ kind, target, people }, start, this.#wiring, this.#runListener);
    this.#runs.add(run);
    run.start();
  }

  /** How people begin who come from another subscription. */
  #handedOver(): SubscriptionStart {
    return { confirmedUntil: this.#now() + HANDOVER_MS };
  }

  /** How people begin who are not asked for again soon. */
  #restingFor(delay: number): SubscriptionStart {
    return { waitUntil: this.#now() + delay };
  }

  #now(): number {
    return this.#wiring.ports.clock.monotonic();
  }

  #perform(run: SubscriptionRun, effect: RosterEffect): void {
    switch (effect.type) {
      case 'lost':
        this.#lose(effect.people, effect.reason);
        return;
      case 'move':
        this.#move(effect.person, effect.pool);
        return;
      case 'split':
        this.#split(effect.groups, effect.delay);
        return;
      case 'sign-in':
        this.#listener.onSignInNeeded();
        return;
      case 'fail':
        this.#listener.onFailed(effect.error);
        return;
      case 'ended':
        this.#runs.delete(run);
        return;
    }
  }

  #lose(people: readonly SipUri[], reason: string): void {
    if (people.length === 0 || this.#closed) return;
    const person = people.length === 1 && people[0] !== undefined ? sipKeyOf(people[0]) : undefined;
    this.#wiring.ports.log.warn('ocs.people-lost', { reason, count: people.length, person });
    this.#listener.onLost(people, reason);
  }

  #move(person: SipUri, pool: string | undefined): void {
    if (!this.#moves.allows(person, this.#now())) {
      this.#setAside(person, 'sent from server to server');
      return;
    }
    if (pool === undefined) {
      this.#add('single', person, [person], this.#handedOver());
      return;
    }
    const target = poolTarget(pool);
    if (target === undefined) {
      this.#setAside(person, 'sent to a pool without a usable name');
      return;
    }
    const home = [...this.#runs].find((run) => run.target === target && run.people.size < this.#options.batchSize);
    if (home === undefined) this.#add('batch', target, [person], this.#handedOver());
    else home.cover(new Set([...home.people, person]));
  }

  #setAside(person: SipUri, reason: string): void {
    this.#lose([person], reason);
    this.#add('single', person, [person], this.#restingFor(REST_MS));
  }

  #split(groups: readonly (readonly SipUri[])[], delay: number): void {
    const hopeless = ++this.#splits > this.#mostSplits();
    for (const group of groups) {
      if (hopeless) this.#lose(group, 'refused');
      const rest = hopeless ? REST_MS : delay;
      this.#add('batch', this.#options.account, group, rest === 0 ? this.#handedOver() : this.#restingFor(rest));
    }
  }

  #mostSplits(): number {
    let people = 0;
    for (const run of this.#runs) people += run.people.size;
    return Math.max(MIN_SPLITS, SPLITS_PER_BATCH * Math.ceil(people / this.#options.batchSize));
  }
}
