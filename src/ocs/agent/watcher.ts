import type { WatchCounts } from '../../bridge/ports.js';
import { type SipUri, sipKeyOf } from '../../presence/ids.js';
import type { Observation } from '../../presence/snapshot.js';
import type { SipMessage } from '../wire/message.js';
import type { SubscriptionKind } from './dialects/dialect.js';
import { DueQueue } from './due-queue.js';
import { MoveLimit } from './move-limit.js';
import { POLLER_LIMITS, Poller } from './poller.js';
import { poolTarget } from './pool-target.js';
import type { RequestBudget } from './request-budget.js';
import { RequestGate } from './request-gate.js';
import { planRoster, type Slot } from './roster-plan.js';
import type { Due, Exchange, RunWiring } from './run-wiring.js';
import { ServiceOutages } from './service-outages.js';
import { type RunListener, SubscriptionRun } from './subscription-run.js';
import { OUTAGE_MS, REST_MS } from './subscription-setbacks.js';
import { HANDOVER_MS, type SubscriptionStart } from './subscription-state.js';
import type { RosterEffect } from './subscription-words.js';
import type { WatcherListener, WatcherOptions, WatcherPorts } from './watcher-words.js';
import { wireUri } from './wire-uri.js';

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
  readonly #budget: RequestBudget | undefined;
  readonly #runs = new Set<SubscriptionRun>();
  readonly #moves = new MoveLimit(MAX_MOVES, REST_MS);
  /** Batches that were opened at other pools than our own, by address. */
  readonly #pools = new Map<string, SubscriptionRun[]>();
  readonly #outages = new ServiceOutages(OUTAGE_MS);
  readonly #poller: Poller;
  readonly #account: string;
  #rosterSize = 0;
  #splits = 0;
  #closed = false;

  constructor(options: WatcherOptions, core: Exchange, listener: WatcherListener, ports: WatcherPorts) {
    this.#options = options;
    this.#listener = listener;
    this.#budget = ports.budget;
    this.#account = wireUri(options.account);
    const gate = new RequestGate(options.maxInFlight, ports.budget);
    const due = new DueQueue<Due>(ports.clock, (item) => item.onDue());
    this.#wiring = { terms: options, core, gate, dialogs: new Map(), due, ports };
    const onObservations = (observations: readonly Observation[], authoritative: boolean): void =>
      listener.onObservations(observations, authoritative);
    this.#runListener = {
      onObservations,
      onServed: (run, sign) => this.#onServed(run, sign),
      onEffect: (run, effect) => this.#perform(run, effect),
    };
    this.#poller = new Poller(
      this.#wiring,
      {
        onObservations,
        onLost: (people, reason) => this.#lose(people, reason),
        onGraduated: (people) => this.#addAll(people, this.#handedOver()),
        onSignInNeeded: () => listener.onSignInNeeded(),
        isHeld: () => this.#outages.heldUntil(this.#account, this.#now()) !== undefined,
      },
      { ...POLLER_LIMITS, batchSize: this.#batchSize },
    );
  }

  /** Sets the whole roster; only differences reach the server. */
  watch(wanted: ReadonlySet<SipUri>): void {
    if (this.#closed) return;
    this.#rosterSize = wanted.size;
    const runs = [...this.#runs];
    const slots = runs.map(({ people, isOpen, target }, id): Slot => {
      return { id, people, open: isOpen && target === this.#account };
    });
    const polled = runs.length;
    if (this.#poller.size > 0) slots.push({ id: polled, people: this.#poller.people, open: false });
    const plan = planRoster(slots, wanted, this.#batchSize);
    for (const [id, people] of plan.changed) {
      if (id === polled) this.#poller.keep(people);
      else runs[id]?.cover(people);
    }
    for (const people of plan.fresh) this.#addAll(people);
  }

  counts(): WatchCounts {
    const { dialect } = this.#options;
    let subscribed = 0;
    for (const run of this.#runs) subscribed += run.toldCount;
    return {
      dialogs: this.#wiring.dialogs.size,
      subscribed,
      categorySubscriptions: subscribed * dialect.categoriesPerPerson(this.#options),
      polled: this.#poller.size,
    };
  }

  /** True for notifications in one of our dialogs. */
  owns(message: SipMessage): boolean {
    return this.#wiring.dialogs.get(message.callId)?.owns(message) === true;
  }

  /** A BENOTIFY or NOTIFY that it owns. */
  receive(message: SipMessage): void {
    this.#wiring.dialogs.get(message.callId)?.receive(message);
  }

  /**
   * Ends subscriptions without waiting for answers, as many as may leave at once; the end of the registration ends the
   * others.
   */
  signOff(): void {
    this.#wiring.gate.clear();
    for (const run of this.#runs) {
      if (run.toldCount === 0) continue;
      if (this.#budget?.tryTake() === false) break;
      run.signOff();
    }
    this.close();
  }

  /** Stops all timers; nothing is reported any more. */
  close(): void {
    this.#closed = true;
    this.#wiring.gate.clear();
    this.#poller.close();
    for (const run of this.#runs) run.stop();
    this.#runs.clear();
    this.#wiring.due.clear();
  }

  get #batchSize(): number {
    return this.#options.dialect.kind === 'batch' ? this.#options.batchSize : 1;
  }

  /** Opens one batch for these people, or a subscription for each of them, as the server has it. */
  #addAll(people: readonly SipUri[], start?: SubscriptionStart): void {
    if (this.#options.dialect.kind === 'batch') this.#add('batch', this.#account, people, start);
    else for (const person of people) this.#add('single', wireUri(person), [person], start);
  }

  #add(kind: SubscriptionKind, target: string, people: Iterable<SipUri>, start: SubscriptionStart = {}): void {
    if (this.#closed) return;
    const held = this.#outages.heldUntil(target, this.#now()) ?? 0;
    const waitUntil = Math.max(start.waitUntil ?? 0, held);
    const run = new SubscriptionRun({ kind, target, people }, { ...start, waitUntil }, this.#wiring, this.#runListener);
    this.#runs.add(run);
    if (kind === 'batch' && target !== this.#account) {
      const others = this.#pools.get(target);
      if (others === undefined) this.#pools.set(target, [run]);
      else others.push(run);
    }
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
        this.#move(effect.people, effect.pool);
        return;
      case 'poll':
        this.#poll(effect.people);
        return;
      case 'split':
        this.#split(effect);
        return;
      case 'outage':
        this.#suspend(run, effect);
        return;
      case 'sign-in':
        this.#listener.onSignInNeeded();
        return;
      case 'fail':
        this.#listener.onFailed(effect.error);
        return;
      case 'ended':
        this.#forget(run);
        return;
    }
  }

  #forget(run: SubscriptionRun): void {
    this.#runs.delete(run);
    const others = this.#pools.get(run.target)?.filter((other) => other !== run);
    if (others === undefined) return;
    if (others.length === 0) this.#pools.delete(run.target);
    else this.#pools.set(run.target, others);
  }

  #onServed(run: SubscriptionRun, sign: 'answer' | 'notification'): void {
    if (sign === 'answer') this.#splits = 0;
    if (!this.#outages.end(run.target, sign, this.#now())) return;
    this.#wiring.ports.log.info('ocs.user-services-back', {});
    for (const other of [...this.#runs]) if (other.target === run.target) other.resume();
  }

  #suspend(run: SubscriptionRun, { until, all }: Extract<RosterEffect, { type: 'outage' }>): void {
    this.#outages.begin(run.target, { until, all });
    this.#wiring.ports.log.warn('ocs.user-services-down', { all });
    if (!all) return;
    for (const other of [...this.#runs]) if (other !== run && other.target === run.target) other.suspend(until);
    if (run.target === this.#account && this.#poller.size > 0) {
      this.#lose([...this.#poller.people], 'user services down');
    }
  }

  #lose(people: readonly SipUri[], reason: string): void {
    if (people.length === 0 || this.#closed) return;
    const person = people.length === 1 && people[0] !== undefined ? sipKeyOf(people[0]) : undefined;
    this.#wiring.ports.log.warn('ocs.people-lost', { reason, count: people.length, person });
    this.#listener.onLost(people, reason);
  }

  #poll(people: readonly SipUri[]): void {
    if (people.length === 0 || this.#closed) return;
    this.#wiring.ports.log.warn('ocs.people-polled', { count: people.length });
    this.#poller.add(people);
  }

  #move(people: readonly SipUri[], pool: string | undefined): void {
    const now = this.#now();
    const movable: SipUri[] = [];
    const stuck: SipUri[] = [];
    for (const person of people) (this.#moves.allows(person, now) ? movable : stuck).push(person);
    if (stuck.length > 0) this.#setAside(stuck, 'sent from server to server');
    if (pool === undefined) {
      for (const person of movable) this.#add('single', wireUri(person), [person], this.#handedOver());
      return;
    }
    const target = poolTarget(pool);
    if (target === undefined) this.#setAside(movable, 'sent to a pool without a usable name');
    else this.#moveToPool(movable, target);
  }

  #moveToPool(people: readonly SipUri[], target: string): void {
    let next = 0;
    for (const home of this.#pools.get(target) ?? []) {
      const room = this.#options.batchSize - home.people.size;
      if (room <= 0 || next >= people.length) continue;
      const joining = people.slice(next, next + room);
      next += joining.length;
      home.cover(new Set([...home.people, ...joining]));
    }
    for (; next < people.length; next += this.#options.batchSize) {
      this.#add('batch', target, people.slice(next, next + this.#options.batchSize), this.#handedOver());
    }
  }

  #setAside(people: readonly SipUri[], reason: string): void {
    this.#lose(people, reason);
    for (const person of people) this.#add('single', wireUri(person), [person], this.#restingFor(REST_MS));
  }

  #split({ groups, delay, limit }: Extract<RosterEffect, { type: 'split' }>): void {
    const hopeless = ++this.#splits > this.#mostSplits();
    for (const group of groups) {
      if (hopeless && limit) {
        this.#poll(group);
        continue;
      }
      if (hopeless) this.#lose(group, 'refused');
      const rest = hopeless ? REST_MS : delay;
      this.#addAll(group, rest === 0 ? this.#handedOver() : this.#restingFor(rest));
    }
  }

  #mostSplits(): number {
    return Math.max(MIN_SPLITS, SPLITS_PER_BATCH * Math.ceil(this.#rosterSize / this.#options.batchSize));
  }
}
