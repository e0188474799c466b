import type { SipUri } from '../../presence/ids.js';
import type { Observation } from '../../presence/snapshot.js';
import type { SipMessage } from '../wire/message.js';
import type { Answer } from './core.js';
import { type Dialog, newDialog, nextRequest } from './dialog.js';
import { presenceIn } from './notified-presence.js';
import { rejectionOf } from './registration-facts.js';
import type { DialogOwner, Due, RunWiring } from './run-wiring.js';
import { subscribeRequest } from './subscribe-request.js';
import { remedyFor } from './subscription-refusal.js';
import type { ResourceVerdict } from './subscription-words.js';
import { wireUri } from './wire-uri.js';

export interface FetchListener {
  isWanted(uri: SipUri): boolean;
  onObservations(observations: readonly Observation[]): void;
  onVerdicts(verdicts: readonly ResourceVerdict[]): void;
  onSignInNeeded(): void;
  /** The question was refused because of one of many; ask these by themselves. */
  onSplit(halves: readonly (readonly SipUri[])[]): void;
  /** It is over; nothing was heard of `silent`. Comes once, last. */
  onEnd(silent: readonly SipUri[], reason: string): void;
}

/** How long a notification may take that is owed after an answer without a body; Timer N of RFC 6665 §4.1.2.4. */
const NOTIFY_MS = 32_000;

/** Asks once for the present state of some people: SUBSCRIBE with Expires 0 (RFC 6665 §4.4.3). */
export class PresenceFetch implements DialogOwner, Due {
  readonly #wiring: RunWiring;
  readonly #listener: FetchListener;
  readonly #people: readonly SipUri[];
  readonly #silent: Set<SipUri>;
  readonly #dialog: Dialog;
  #ended = false;

  /** One person where people cannot share a request. */
  constructor(people: readonly SipUri[], wiring: RunWiring, listener: FetchListener) {
    const { random } = wiring.ports;
    const { dialect, account } = wiring.terms;
    this.#people = people;
    this.#silent = new Set(people);
    this.#wiring = wiring;
    this.#listener = listener;
    const target = dialect.kind === 'batch' ? account : (people[0] ?? account);
    this.#dialog = nextRequest(
      newDialog(random.bytes(16).toString('hex'), random.bytes(5).toString('hex'), wireUri(target)),
    );
  }

  start(): void {
    const { gate, dialogs, terms, core } = this.#wiring;
    dialogs.set(this.#dialog.callId, this);
    gate.enter(
      (done) => {
        const request = { action: 'fetch', people: this.#people, benotify: false } as const;
        core.exchange(subscribeRequest(terms.dialect.kind, request, this.#dialog, terms), (answer) => {
          if (!this.#ended) this.#onAnswer(answer);
          done();
        });
      },
      () => !this.#ended,
    );
  }

  stop(): void {
    this.#ended = true;
    this.#wiring.due.delete(this);
    this.#wiring.dialogs.delete(this.#dialog.callId);
  }

  owns(message: SipMessage): boolean {
    return message.to?.tag === this.#dialog.localTag;
  }

  receive(message: SipMessage): void {
    this.#read(message);
    if (this.#silent.size === 0 || message.subscriptionState?.state === 'terminated') this.#end('not in the answer');
  }

  onDue(): void {
    this.#end('no notification');
  }

  #onAnswer(answer: Answer): void {
    if (answer === 'timeout' || answer === 'unsent') {
      this.#end('unanswered');
    } else if (answer.status >= 300) {
      this.#onRefused(answer);
    } else if (answer.body.length > 0) {
      this.#read(answer);
      this.#end('not in the answer');
    } else {
      this.#wiring.due.set(this, NOTIFY_MS);
    }
  }

  #onRefused(answer: SipMessage): void {
    const { status, reason, diagnostics } = rejectionOf(answer);
    const people = this.#people.length;
    this.#wiring.ports.log.warn('ocs.fetch-refused', { status, reason, diagnostics, people });
    const remedy = remedyFor(status, diagnostics);
    if (remedy === 'sign-in') this.#listener.onSignInNeeded();
    if ((remedy === 'split' || remedy === 'poll') && this.#people.length > 1) {
      const middle = Math.ceil(this.#people.length / 2);
      this.#silent.clear();
      this.#listener.onSplit([this.#people.slice(0, middle), this.#people.slice(middle)]);
    }
    this.#end(`refused with ${status}`);
  }

  #read(message: SipMessage): void {
    const { ports, terms } = this.#wiring;
    const { observations, refused, verdicts } = presenceIn(
      message,
      (uri) => this.#people.includes(uri) && this.#listener.isWanted(uri),
      { now: ports.clock.now(), person: terms.dialect.kind === 'batch' ? undefined : this.#people[0] },
    );
    for (const error of refused) {
      ports.count('document', String(error.details['reason'] ?? 'other'));
      ports.log.warn('ocs.document-refused', { error: error.message, ...error.details });
    }
    for (const { uri } of [...observations, ...verdicts]) this.#silent.delete(uri);
    if (observations.length > 0) this.#listener.onObservations(observations);
    this.#listener.onVerdicts(verdicts);
  }

  #end(reason: string): void {
    if (this.#ended) return;
    this.stop();
    this.#listener.onEnd([...this.#silent], reason);
  }
}
