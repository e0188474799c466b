import type { SipUri } from '../../presence/ids.js';
import type { Observation } from '../../presence/snapshot.js';
import type { SipMessage } from '../wire/message.js';
import type { Answer } from './core.js';
import type { SubscriptionKind } from './dialects/dialect.js';
import { afterNotify, afterSuccess, type Dialog, newDialog, nextRequest } from './dialog.js';
import { missingFrom, presenceIn } from './notified-presence.js';
import { NotifyOrder } from './notify-order.js';
import { rejectionOf } from './registration-facts.js';
import type { DialogOwner, Due, RunWiring } from './run-wiring.js';
import { secondsAsked } from './seconds-asked.js';
import { subscribeRequest } from './subscribe-request.js';
import { stepSubscription } from './subscription.js';
import { newSubscription, type SubscriptionStart, type SubscriptionState } from './subscription-state.js';
import type {
  ResourceVerdict,
  RosterEffect,
  SubscribeRequest,
  SubscriptionEffect,
  SubscriptionEvent,
} from './subscription-words.js';

export interface RunListener {
  onObservations(observations: readonly Observation[], authoritative: boolean): void;
  /** The server has accepted a request, or has spoken in the dialog of a subscription. */
  onServed(run: SubscriptionRun, sign: 'answer' | 'notification'): void;
  onEffect(run: SubscriptionRun, effect: RosterEffect): void;
}

/** Whom a subscription is about, and where its dialogs are opened: our own address, a person's, or a pool's. */
export interface RunScope {
  readonly kind: SubscriptionState['kind'];
  readonly target: string;
  readonly people: Iterable<SipUri>;
}

/** Runs the decisions about one subscription: its requests, its dialogs one after the other, its timer. */
export class SubscriptionRun implements DialogOwner, Due {
  readonly target: string;
  readonly #wiring: RunWiring;
  readonly #listener: RunListener;
  #state: SubscriptionState;
  #dialog: Dialog | undefined;
  /** Nothing has been heard in this dialog yet: what comes first is the whole truth. */
  #awaitingFirst = false;
  #order: NotifyOrder | undefined;
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

  /** How many people the server has been told in the present dialog. */
  get toldCount(): number {
    return this.#state.told?.size ?? 0;
  }

  get kind(): SubscriptionKind {
    return this.#state.kind;
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

  /** Reports a notification; one that has been overtaken is not believed, but all is asked for again. */
  receive(message: SipMessage): void {
    const place = this.#order?.placeOf(message) ?? 'next';
    if (place !== 'next') {
      this.#wiring.ports.count('message', place);
      if (place === 'overtaken') this.#feed({ type: 'gap' });
      return;
    }
    if (message.method === 'NOTIFY' && this.#dialog !== undefined) this.#dialog = afterNotify(this.#dialog, message);
    if (message.subscriptionState?.state !== 'terminated') this.#listener.onServed(this, 'notification');
    const { verdicts, gap } = this.#read(message, this.#awaitingFirst, this.#state.told ?? []);
    this.#awaitingFirst = false;
    if (verdicts.length > 0) this.#feed({ type: 'resources', resources: verdicts });
    if (gap) this.#feed({ type: 'gap' });
    this.#heed(message);
  }

  #heed(message: SipMessage): void {
    const state = message.subscriptionState;
    if (state?.state === 'terminated') {
      const retryAfter = secondsAsked(state.params.get('retry-after'));
      this.#feed({ type: 'terminated', reason: state.reason, retryAfter });
    } else this.#feed({ type: 'alive', expires: state?.expires });
  }

  onDue(): void {
    this.#feed({ type: 'timer' });
  }

  /** The service behind the server is down, or back, as another subscription has learnt. */
  suspend(until: number): void {
    this.#feed({ type: 'suspend', until });
  }

  resume(): void {
    this.#feed({ type: 'resume' });
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
    this.#wiring.due.delete(this);
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
        this.#wiring.gate.enter(
          (done) => this.#send(effect.request, done),
          () => !this.#stopped && this.#state.inFlight === effect.request,
        );
        return;
      case 'arm':
        this.#wiring.due.set(this, effect.delay);
        return;
      case 'disarm':
        this.#wiring.due.delete(this);
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
    this.#order = new NotifyOrder();
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
      const { status, reason, diagnostics } = rejectionOf(answer);
      const people = request.people.length;
      this.#wiring.ports.log.warn('ocs.subscribe-refused', { status, reason, diagnostics, people });
      const retryAfter = secondsAsked(answer.header('Retry-After'));
      const minExpires = secondsAsked(answer.header('Min-Expires'));
      this.#feed({ type: 'rejected', status, diagnostics, retryAfter, minExpires });
    } else {
      this.#listener.onServed(this, 'answer');
      this.#onAccepted(request, answer);
    }
  }

  #onAccepted(request: SubscribeRequest, answer: SipMessage): void {
    if (this.#dialog !== undefined) this.#dialog = afterSuccess(this.#dialog, answer);
    const piggybacked = answer.body.length > 0;
    const { verdicts } = this.#read(answer, true, request.people);
    this.#awaitingFirst = !piggybacked && request.action !== 'remove';
    const expires = answer.expires ?? answer.subscriptionState?.expires ?? DEFAULT_EXPIRES;
    const autoextend = answer.listValues('Supported').some((tag) => tag.toLowerCase() === AUTOEXTEND);
    this.#feed({ type: 'accepted', expires, resources: verdicts, autoextend: autoextend && this.#mayExtend });
  }

  /** Whose subscription it is, when it is to one person directly. */
  get #onlyPerson(): SipUri | undefined {
    const [person] = this.#state.kind === 'single' ? this.#state.people : [];
    return person;
  }

  /** Whether we have offered it. */
  get #mayExtend(): boolean {
    return this.#wiring.terms.dialect.name === 'lcs';
  }

  /** Reports the presence in a body; gives back what must be acted upon. `listed`: whom a full list has to name. */
  #read(
    message: SipMessage,
    authoritative: boolean,
    listed: Iterable<SipUri>,
  ): { readonly verdicts: readonly ResourceVerdict[]; readonly gap: boolean } {
    const { people, told } = this.#state;
    const { ports, terms } = this.#wiring;
    const isCovered = (uri: SipUri): boolean => people.has(uri) || told?.has(uri) === true;
    const read = presenceIn(message, isCovered, { now: ports.clock.now(), person: this.#onlyPerson });
    for (const error of read.refused) {
      ports.count('document', String(error.details['reason'] ?? 'other'));
      ports.log.warn('ocs.document-refused', { error: error.message, ...error.details });
    }
    const whole = authoritative || read.whole || terms.dialect.name !== 'categories';
    if (read.observations.length > 0) this.#listener.onObservations(read.observations, whole);
    const { list } = read;
    const isAnswer = message.kind === 'response';
    const misses = list !== undefined && this.#order?.missesBefore(list.version, isAnswer) === true;
    // Whose news was in a document that cannot be read, nobody knows: the old status may be wrong for any of them.
    const gap = misses || (!isAnswer && read.refused.length > 0);
    return { verdicts: [...read.verdicts, ...missingFrom(read, listed)], gap };
  }
}

/** Seconds, for servers that do not say how long a subscription lasts (RFC 3856 §6.4). */
const DEFAULT_EXPIRES = 3600;
/** Both sides name it when each notification starts the period anew (MS-SIP). */
const AUTOEXTEND = 'com.microsoft.autoextend';
