import type { OwnStatus } from '../../bridge/ports.js';
import type { Answer } from './core.js';
import { ownRefusal } from './own-refusal.js';
import { type Exchange, exchangeInTurn } from './own-request.js';
import type { OwnTerms } from './own-side.js';
import type { OwnStatusListener, OwnStatusPublisher } from './own-status-publisher.js';
import {
  newSimplePublisher,
  type SimplePublisherEffect,
  type SimplePublisherEvent,
  type SimplePublisherState,
  stepSimplePublisher,
} from './publisher-simple.js';

type PublishOrder = Extract<SimplePublisherEffect, { type: 'publish' }>;

/** How a dialect says it: what is sent, and what an accepting answer means. */
export interface SimplePublishDialect {
  /** Sends what the order takes; `onAnswer` gets the answer to the publication itself. */
  publish(order: PublishOrder, exchange: Exchange, onAnswer: (answer: Answer) => void): void;
  accepted(answer: Exclude<Answer, string>): SimplePublisherEvent;
}

/** Runs the decisions of a publisher that knows one document only. */
export class SimplePublisher implements OwnStatusPublisher {
  readonly #terms: OwnTerms;
  readonly #dialect: SimplePublishDialect;
  readonly #listener: OwnStatusListener;
  readonly #exchange: Exchange;
  readonly #timers = new Map<'refresh' | 'retry', () => void>();
  #state: SimplePublisherState = newSimplePublisher();
  #closed = false;

  constructor(terms: OwnTerms, dialect: SimplePublishDialect, listener: OwnStatusListener) {
    this.#terms = terms;
    this.#dialect = dialect;
    this.#listener = listener;
    this.#exchange = exchangeInTurn(terms, () => !this.#closed);
  }

  want(status: OwnStatus | undefined, goal: number): void {
    this.#feed({ type: 'want', status, goal });
  }

  /** What an earlier run left ends by itself with its lifetime, or with the registration. */
  tidy(): void {}

  owns(): boolean {
    return false;
  }

  receive(): void {}

  signOff(): void {
    this.close();
  }

  close(): void {
    this.#closed = true;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  #feed(event: SimplePublisherEvent): void {
    if (this.#closed) return;
    const { state, effects } = stepSimplePublisher(this.#state, event);
    this.#state = state;
    for (const effect of effects) {
      // An effect before this one may have ended everything.
      if (this.#closed) return;
      this.#perform(effect);
    }
  }

  #perform(effect: SimplePublisherEffect): void {
    switch (effect.type) {
      case 'publish':
        this.#dialect.publish(effect, this.#exchange, (answer) => this.#feed(this.#eventOf(answer)));
        return;
      case 'settled':
        this.#listener.onSettled(effect.goal, effect.error, effect.kept);
        return;
      case 'arm':
        this.#timers.get(effect.timer)?.();
        this.#timers.set(
          effect.timer,
          this.#terms.ports.clock.after(effect.delay, () => this.#feed({ type: `${effect.timer}-due` })),
        );
        return;
    }
  }

  #eventOf(answer: Answer): SimplePublisherEvent {
    if (answer !== 'timeout' && answer !== 'unsent') {
      if (answer.status < 300) return this.#dialect.accepted(answer);
      if (answer.status === 412) return { type: 'forgotten' };
      if (answer.status === 423)
        return { type: 'too-brief', minExpires: Number(answer.header('Min-Expires')) || 3_600 };
      if (answer.status === 401 || answer.status === 407) this.#terms.onSignInNeeded();
    }
    const { error, passing } = ownRefusal('OCS_PUBLISH', 'The own status was not taken', answer);
    this.#terms.ports.log.warn('ocs.publish-refused', { error: error.message, ...error.details });
    return { type: 'refused', error, passing };
  }
}
