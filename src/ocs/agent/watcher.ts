import type { Clock, Log, Random } from '../../bridge/ports.js';
import type { BridgeError } from '../../presence/errors.js';
import { type SipUri, sipKeyOf } from '../../presence/ids.js';
import type { Observation } from '../../presence/snapshot.js';
import type { SipMessage } from '../wire/message.js';
import type { Answer, OcsCore } from './core.js';
import { afterSuccess, type Dialog, newDialog, nextRequest } from './dialog.js';
import { MoveLimit } from './move-limit.js';
import { presenceIn } from './notified-presence.js';
import { poolTarget } from './pool-target.js';
import { rejectionOf } from './registration-facts.js';
import { RequestGate } from './request-gate.js';
import { planRoster } from './roster-plan.js';
import { type SubscribeTerms, subscribeRequest } from './subscribe-request.js';
import { REST_MS, stepSubscription } from './subscription.js';
import { HANDOVER_MS, newSubscription, type SubscriptionStart, type SubscriptionState } from './subscription-state.js';
import type { ResourceVerdict, SubscribeRequest, SubscriptionEffect, SubscriptionEvent } from './subscription-words.js';

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

export interface WatcherPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Counts a document that was refused, by reason. */
  count(what: 'document', reason: string): void;
}

/** What the watcher needs of the core. */
export type Exchange = Pick<OcsCore, 'exchange'>;

/** One subscription with what its shell needs. */
interface Entry {
  readonly id: number;
  /** Where its dialogs are opened: our own address, a person's, or a pool's. */
  readonly target: string;
  state: SubscriptionState;
  dialog: Dialog | undefined;
  /** Nothing has been heard in this dialog yet: what comes first is the whole truth. */
  awaitingFirst: boolean;
  cancelTimer: () => void;
}

/** How often a person may be sent from one subscription to another within an hour. */
const MAX_MOVES = 3;
/** How often groups are halved in a row without any being accepted; then it is not the addresses. */
const MIN_SPLITS = 32;
/** The same for each batch that the roster fills: all of them may hold a bad address. */
const SPLITS_PER_BATCH = 8;

/** Keeps subscriptions for the whole roster over one signed-in connection, and reads what comes back. */
export class Watcher {
  readonly #options: WatcherOptions;
  readonly #core: Exchange;
  readonly #listener: WatcherListener;
  readonly #ports: WatcherPorts;
  readonly #gate: RequestGate;
  readonly #entries = new Map<number, Entry>();
  readonly #byCallId = new Map<string, Entry>();
  readonly #moves = new MoveLimit(MAX_MOVES, REST_MS);
  #lastId = 0;
  #splits = 0;
  #closed = false;

  constructor(options: WatcherOptions, core: Exchange, listener: WatcherListener, ports: WatcherPorts) {
    this.#options = options;
    this.#core = core;
    this.#listener = listener;
    this.#ports = ports;
    this.#gate = new RequestGate(options.maxInFlight);
  }

  /** Sets the whole roster; only differences reach the server. */
  watch(wanted: ReadonlySet<SipUri>): void {
    const slots = [...this.#entries.values()].map((entry) => ({
      id: entry.id,
      people: entry.state.people,
      open: this.#isOpen(entry),
    }));
    const plan = planRoster(slots, wanted, this.#options.batchSize);
    for (const [id, people] of plan.changed) this.#feed(id, { type: 'people', people });
    for (const people of plan.fresh) this.#add('batch', this.#options.account, people);
  }

  /** True for notifications in one of our dialogs; also before the answer that establishes it (RFC 6665 §4.4.1). */
  owns(message: SipMessage): boolean {
    return this.#entryOf(message) !== undefined;
  }

  /** A BENOTIFY or NOTIFY. */
  receive(message: SipMessage): void {
    const entry = this.#entryOf(message);
    if (entry === undefined) return;
    const resources = this.#read(entry, message, entry.awaitingFirst);
    entry.awaitingFirst = false;
    if (resources.length > 0) this.#feed(entry.id, { type: 'resources', resources });
    const state = message.subscriptionState;
    if (state?.state === 'terminated') {
      this.#feed(entry.id, { type: 'terminated', reason: state.reason, retryAfter: state.retryAfter });
    } else if (state?.expires !== undefined) {
      this.#feed(entry.id, { type: 'shortened', expires: state.expires });
    }
  }

  #entryOf(message: SipMessage): Entry | undefined {
    const entry = this.#byCallId.get(message.callId);
    return message.to?.tag === entry?.dialog?.localTag ? entry : undefined;
  }

  /** Ends all subscriptions without waiting for answers. */
  signOff(): void {
    for (const { state, dialog } of this.#entries.values()) {
      if (dialog?.remoteTag === undefined) continue;
      const request: SubscribeRequest = { action: 'close', people: [], benotify: state.benotify };
      this.#core.exchange(subscribeRequest(state.kind, request, nextRequest(dialog), this.#options), () => {});
    }
    this.close();
  }

  /** Stops all timers; nothing is reported any more. */
  close(): void {
    this.#closed = true;
    for (const entry of this.#entries.values()) entry.cancelTimer();
    this.#entries.clear();
    this.#byCallId.clear();
  }

  #isOpen({ state, target }: Entry): boolean {
    return state.kind === 'batch' && target === this.#options.account && state.waitUntil <= this.#now();
  }

  #now(): number {
    return this.#ports.clock.monotonic();
  }

  #add(kind: 'batch' | 'single', target: string, people: Iterable<SipUri>, start: SubscriptionStart = {}): void {
    const id = ++this.#lastId;
    const everybody = new Set(people);
    const state = newSubscription(kind, everybody, start);
    const entry: Entry = { id, target, state, dialog: undefined, awaitingFirst: false, cancelTimer: () => {} };
    this.#entries.set(id, entry);
    this.#feed(id, { type: 'people', people: everybody });
  }

  /** How people begin who come from another subscription. */
  #handedOver(): SubscriptionStart {
    return { confirmedUntil: this.#now() + HANDOVER_MS };
  }

  /** How people begin who are not asked for again soon. */
  #restingFor(delay: number): SubscriptionStart {
    return { waitUntil: this.#now() + delay };
  }

  #feed(id: number, event: SubscriptionEvent): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    const { state, effects } = stepSubscription(entry.state, event, {
      now: this.#now(),
      unit: this.#ports.random.unit(),
    });
    entry.state = state;
    for (const effect of effects) this.#perform(entry, effect);
  }

  #perform(entry: Entry, effect: SubscriptionEffect): void {
    // An effect before this one may have ended everything.
    if (this.#closed) return;
    switch (effect.type) {
      case 'send':
        this.#gate.enter((done) => this.#send(entry, effect.request, done));
        return;
      case 'arm':
        entry.cancelTimer();
        entry.cancelTimer = this.#ports.clock.after(effect.delay, () => this.#feed(entry.id, { type: 'timer' }));
        return;
      case 'disarm':
        entry.cancelTimer();
        return;
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
        this.#entries.delete(entry.id);
        this.#forgetDialog(entry);
        return;
    }
  }

  #send(entry: Entry, request: SubscribeRequest, done: () => void): void {
    if (this.#closed || entry.state.inFlight !== request) {
      done();
      return;
    }
    if (request.action === 'open') this.#openDialog(entry);
    const dialog = entry.dialog === undefined ? undefined : nextRequest(entry.dialog);
    if (dialog === undefined) {
      done();
      return;
    }
    entry.dialog = dialog;
    const draft = subscribeRequest(entry.state.kind, request, dialog, this.#options);
    this.#core.exchange(draft, (answer) => {
      // A dialog that ended meanwhile has already asked for another request.
      if (!this.#closed && entry.state.inFlight === request) this.#onAnswer(entry, answer);
      done();
    });
  }

  #openDialog(entry: Entry): void {
    this.#forgetDialog(entry);
    const { random } = this.#ports;
    entry.dialog = newDialog(random.bytes(16).toString('hex'), random.bytes(5).toString('hex'), entry.target);
    entry.awaitingFirst = true;
    this.#byCallId.set(entry.dialog.callId, entry);
  }

  #forgetDialog(entry: Entry): void {
    if (entry.dialog !== undefined) this.#byCallId.delete(entry.dialog.callId);
    entry.dialog = undefined;
  }

  #onAnswer(entry: Entry, answer: Answer): void {
    if (answer === 'timeout' || answer === 'unsent') {
      this.#feed(entry.id, { type: 'unanswered' });
    } else if (answer.status >= 300) {
      const rejection = rejectionOf(answer);
      this.#ports.log.warn('ocs.subscribe-refused', { ...rejection, people: entry.state.inFlight?.people.length });
      this.#feed(entry.id, { type: 'rejected', ...rejection });
    } else {
      this.#onAccepted(entry, answer);
    }
  }

  #onAccepted(entry: Entry, answer: SipMessage): void {
    this.#splits = 0;
    if (entry.dialog !== undefined) entry.dialog = afterSuccess(entry.dialog, answer);
    const piggybacked = answer.body.length > 0;
    const resources = this.#read(entry, answer, true);
    entry.awaitingFirst = !piggybacked && entry.state.inFlight?.action !== 'remove';
    const expires = answer.expires ?? answer.subscriptionState?.expires ?? DEFAULT_EXPIRES;
    this.#feed(entry.id, { type: 'accepted', expires, resources });
  }

  /** Reports the presence in a body; gives back what must be acted upon. */
  #read({ state }: Entry, message: SipMessage, authoritative: boolean): readonly ResourceVerdict[] {
    const { observations, refused, verdicts } = presenceIn(
      message,
      (uri) => state.people.has(uri) || state.told?.has(uri) === true,
    );
    for (const error of refused) {
      this.#ports.count('document', String(error.details['reason'] ?? 'other'));
      this.#ports.log.warn('ocs.document-refused', { error: error.message, ...error.details });
    }
    if (observations.length > 0) this.#listener.onObservations(observations, authoritative);
    return verdicts;
  }

  #lose(people: readonly SipUri[], reason: string): void {
    if (people.length === 0 || this.#closed) return;
    const person = people.length === 1 && people[0] !== undefined ? sipKeyOf(people[0]) : undefined;
    this.#ports.log.warn('ocs.people-lost', { reason, count: people.length, person });
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
    const home = [...this.#entries.values()].find(
      (entry) => entry.target === target && entry.state.people.size < this.#options.batchSize,
    );
    if (home === undefined) this.#add('batch', target, [person], this.#handedOver());
    else this.#feed(home.id, { type: 'people', people: new Set([...home.state.people, person]) });
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
    for (const { state } of this.#entries.values()) people += state.people.size;
    return Math.max(MIN_SPLITS, SPLITS_PER_BATCH * Math.ceil(people / this.#options.batchSize));
  }
}

/** Seconds, for servers that do not say how long a subscription lasts (RFC 3856 §6.4). */
const DEFAULT_EXPIRES = 3600;
