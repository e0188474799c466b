import type { Clock, Log, Random } from '../../bridge/ports.js';
import type { SipUri } from '../../presence/ids.js';
import type { Observation } from '../../presence/snapshot.js';
import type { SipMessage } from '../wire/message.js';
import type { Answer, OcsCore } from './core.js';
import { afterSuccess, type Dialog, newDialog, nextRequest } from './dialog.js';
import { presenceIn } from './notified-presence.js';
import { rejectionOf } from './registration-facts.js';
import type { RequestGate } from './request-gate.js';
import { type SubscribeTerms, subscribeRequest } from './subscribe-request.js';
import { stepSubscription } from './subscription.js';
import { newSubscription, type SubscriptionStart, type SubscriptionState } from './subscription-state.js';
import type {
  ResourceVerdict,
  RosterEffect,
  SubscribeRequest,
  SubscriptionEffect,
  SubscriptionEvent,
} from './subscription-words.js';

export interface RunPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Counts a document that was refused, by reason. */
  count(what: 'document', reason: string): void;
}

/** What a subscription needs of the core. */
export type Exchange = Pick<OcsCore, 'exchange'>;

/** What all subscriptions over one connection share. */
export interface RunWiring {
  readonly terms: SubscribeTerms;
  readonly core: Exchange;
  readonly gate: RequestGate;
  /** Who has which dialog, by Call-ID; the subscriptions themselves keep it. */
  readonly dialogs: Map<string, SubscriptionRun>;
  readonly ports: RunPorts;
}

export interface RunListener {
  onObservations(observations: readonly Observation[], authoritative: boolean): void;
  /** The server has accepted a request. */
  onAccepted(): void;
  onEffect(run: SubscriptionRun, effect: RosterEffect): void;
}

/** Whom a subscription is about, and where its dialogs are opened: our own address, a person's, or a pool's. */
export interface RunScope {
  readonly kind: SubscriptionState['kind'];
  readonly target: string;
  readonly people: Iterable<SipUri>;
}

/** Runs the decisions about one subscription: its requests, its dialogs one after the other, its timer. */
export class SubscriptionRun {
  readonly target: string;
  readonly #wiring: RunWiring;
  readonly #listener: RunListener;
  #state: SubscriptionState;
  #dialog: Dialog | undefined;
  /** Nothing has been heard in this dialog yet: what comes first is the whole truth. */
  #awaitingFirst = false;
  #cancelTimer: () => void = () => {};
  #stopped = false;

  constructor({ kind, target, people }: RunScope, start: SubscriptionStart, wiring: RunWiring, listener: RunListener) {
    this.target = target;
    this.#wiring = wiring;
    this.#listener = listener;
    this.#state = newSubscription(kind, people, start);
  }

  get people(): ReadonlySet<SipUri> {
    return this.#state.people;
  }

  /** True for a batch that is not in trouble: others may join it. */
  get isOpen(): boolean {
    return this.#state.kind === 'batch' && this.#state.waitUntil <= this.#wiring.ports.clock.monotonic();
  }

  /** Opens the subscription as soon as it may. */
  start(): void {
    this.cover(this.#state.people);
  }

  /** Changes whom it is about; nobody ends it. */
  cover(people: ReadonlySet<SipUri>): void {
    this.#feed({ type: 'people', people });
  }

  /** True for notifications in its dialog; also before the answer that establishes it (RFC 6665 §4.4.1). */
  owns(message: SipMessage): boolean {
    return this.#dialog !== undefined && message.to?.tag === this.#dialog.localTag;
  }

  /** A BENOTIFY or NOTIFY. */
  receive(message: SipMessage): void {
    const resources = this.#read(message, this.#awaitingFirst);
    this.#awaitingFirst = false;
    if (resources.length > 0) this.#feed({ type: 'resources', resources });
    const state = message.subscriptionState;
    if (state?.state === 'terminated') {
      this.#feed({ type: 'terminated', reason: state.reason, retryAfter: state.retryAfter });
    } else if (state?.expires !== undefined) {
      this.#feed({ type: 'shortened', expires: state.expires });
    }
  }

  /** Tells the server that it is over, without waiting for the answer. */
  signOff(): void {
    if (this.#dialog?.remoteTag === undefined) return;
    const { core, terms } = this.#wiring;
    const request: SubscribeRequest = { action: 'close', people: [], benotify: this.#state.benotify };
    core.exchange(subscribeRequest(this.#state.kind, request, nextRequest(this.#dialog), terms), () => {});
  }

  /** Stops the timer; nothing is sent or reported any more. */
  stop(): void {
    this.#stopped = true;
    this.#cancelTimer();
    this.#forgetDialog();
  }

  #feed(event: SubscriptionEvent): void {
    if (this.#stopped) return;
    const { clock, random } = this.#wiring.ports;
    const { state, effects } = stepSubscription(this.#state, event, { now: clock.monotonic(), unit: random.unit() });
    this.#state = state;
    for (const effect of effects) {
      // An effect before this one may have ended everything.
      if (this.#stopped) return;
      this.#perform(effect);
    }
  }

  #perform(effect: SubscriptionEffect): void {
    switch (effect.type) {
      case 'send':
        this.#wiring.gate.enter((done) => this.#send(effect.request, done));
        return;
      case 'arm':
        this.#cancelTimer();
        this.#cancelTimer = this.#wiring.ports.clock.after(effect.delay, () => this.#feed({ type: 'timer' }));
        return;
      case 'disarm':
        this.#cancelTimer();
        return;
      case 'ended':
        this.stop();
        this.#listener.onEffect(this, effect);
        return;
      default:
        this.#listener.onEffect(this, effect);
    }
  }

  #send(request: SubscribeRequest, done: () => void): void {
    if (this.#stopped || this.#state.inFlight !== request) {
      done();
      return;
    }
    if (request.action === 'open') this.#openDialog();
    if (this.#dialog === undefined) {
      done();
      return;
    }
    this.#dialog = nextRequest(this.#dialog);
    const { core, terms } = this.#wiring;
    core.exchange(subscribeRequest(this.#state.kind, request, this.#dialog, terms), (answer) => {
      // A dialog that ended meanwhile has already asked for another request.
      if (!this.#stopped && this.#state.inFlight === request) this.#onAnswer(request, answer);
      done();
    });
  }

  #openDialog(): void {
    this.#forgetDialog();
    const { dialogs, ports } = this.#wiring;
    const { random } = ports;
    this.#dialog = newDialog(random.bytes(16).toString('hex'), random.bytes(5).toString('hex'), this.target);
    this.#awaitingFirst = true;
    dialogs.set(this.#dialog.callId, this);
  }

  #forgetDialog(): void {
    if (this.#dialog !== undefined) this.#wiring.dialogs.delete(this.#dialog.callId);
    this.#dialog = undefined;
  }

  #onAnswer(request: SubscribeRequest, answer: Answer): void {
    if (answer === 'timeout' || answer === 'unsent') {
      this.#feed({ type: 'unanswered' });
    } else if (answer.status >= 300) {
      const rejection = rejectionOf(answer);
      this.#wiring.ports.log.warn('ocs.subscribe-refused', { ...rejection, people: request.people.length });
      this.#feed({ type: 'rejected', ...rejection });
    } else {
      this.#listener.onAccepted();
      this.#onAccepted(request, answer);
    }
  }

  #onAccepted(request: SubscribeRequest, answer: SipMessage): void {
    if (this.#dialog !== undefined) this.#dialog = afterSuccess(this.#dialog, answer);
    const piggybacked = answer.body.length > 0;
    const resources = this.#read(answer, true);
    this.#awaitingFirst = !piggybacked && request.action !== 'remove';
    const expires = answer.expires ?? answer.subscriptionState?.expires ?? DEFAULT_EXPIRES;
    this.#feed({ type: 'accepted', expires, resources });
  }

  /** Reports the presence in a body; gives back what must be acted upon. */
  #read(message: SipMessage, authoritative: boolean): readonly ResourceVerdict[] {
    const { people, told } = this.#state;
    const { ports } = this.#wiring;
    const { observations, refused, verdicts } = presenceIn(
      message,
      (uri) => people.has(uri) || told?.has(uri) === true,
    );
    for (const error of refused) {
      ports.count('document', String(error.details['reason'] ?? 'other'));
      ports.log.warn('ocs.document-refused', { error: error.message, ...error.details });
    }
    if (observations.length > 0) this.#listener.onObservations(observations, authoritative);
    return verdicts;
  }
}

/** Seconds, for servers that do not say how long a subscription lasts (RFC 3856 §6.4). */
const DEFAULT_EXPIRES = 3600;
