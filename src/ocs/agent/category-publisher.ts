import type { OwnStatus } from '../../bridge/ports.js';
import { CONTAINER_MEMBERS_TYPE, writeContainerMembers } from '../documents/container-members-write.js';
import { PUBLISH_TYPE, writePublish } from '../documents/publish-write.js';
import type { SipMessage } from '../wire/message.js';
import type { Answer } from './core.js';
import { ownRefusal } from './own-refusal.js';
import { exchangeInTurn, serviceToSelf } from './own-request.js';
import type { OwnTerms } from './own-side.js';
import type { OwnStatusListener, OwnStatusPublisher } from './own-status-publisher.js';
import { newPublisher, stepPublisher } from './publisher.js';
import type { PublisherEffect, PublisherEvent, PublisherState } from './publisher-words.js';
import { RoamingSelf } from './roaming-self.js';
import { conflictsOf, selfReportOf } from './self-report.js';

/** Runs the publisher's decisions over one connection to OCS 2007 or later (MS-PRES 3.2.5). */
export class CategoryPublisher implements OwnStatusPublisher {
  readonly #terms: OwnTerms;
  readonly #listener: OwnStatusListener;
  readonly #roaming: RoamingSelf;
  #state: PublisherState;
  #cancelTimer: () => void = () => {};
  #closed = false;

  /** `grants`: open the usual containers when nobody did. */
  constructor(terms: OwnTerms, grants: boolean, listener: OwnStatusListener) {
    this.#terms = terms;
    this.#listener = listener;
    this.#state = newPublisher(terms.epid, grants);
    this.#roaming = new RoamingSelf(terms, {
      onOpened: (report) => this.#feed({ type: 'opened', report }),
      onNotOpened: ({ error, passing }) => this.#feed({ type: 'not-opened', error, passing }),
      onReport: (report) => this.#feed({ type: 'self', report }),
      onClosed: () => this.#feed({ type: 'closed' }),
    });
  }

  want(status: OwnStatus | undefined, goal: number): void {
    this.#feed({ type: 'want', status, goal });
  }

  tidy(): void {
    this.#feed({ type: 'tidy' });
  }

  owns(message: SipMessage): boolean {
    return this.#roaming.owns(message);
  }

  receive(message: SipMessage): void {
    this.#roaming.receive(message);
  }

  signOff(): void {
    this.#roaming.signOff();
    this.close();
  }

  close(): void {
    this.#closed = true;
    this.#cancelTimer();
    this.#roaming.close();
  }

  #feed(event: PublisherEvent): void {
    if (this.#closed) return;
    const { state, effects } = stepPublisher(this.#state, event);
    this.#state = state;
    for (const effect of effects) {
      // An effect before this one may have ended everything.
      if (this.#closed) return;
      this.#perform(effect);
    }
  }

  #perform(effect: PublisherEffect): void {
    switch (effect.type) {
      case 'open':
        this.#roaming.open();
        return;
      case 'add-members':
        this.#service(CONTAINER_MEMBERS_TYPE, writeContainerMembers(effect.additions));
        return;
      case 'publish':
        this.#service(PUBLISH_TYPE, writePublish(this.#terms.account, effect.writes));
        return;
      case 'settled':
        this.#listener.onSettled(effect.goal, effect.error, effect.kept);
        return;
      case 'arm':
        this.#cancelTimer();
        this.#cancelTimer = this.#terms.ports.clock.after(effect.delay, () => this.#feed({ type: 'retry' }));
        return;
    }
  }

  #service(contentType: string, content: Buffer): void {
    const exchange = exchangeInTurn(this.#terms, () => !this.#closed);
    exchange(serviceToSelf(this.#terms, contentType, content), (answer) => this.#feed(this.#eventOf(answer)));
  }

  #eventOf(answer: Answer): PublisherEvent {
    const { ports } = this.#terms;
    if (answer !== 'timeout' && answer !== 'unsent') {
      if (answer.status < 300) return { type: 'accepted', report: selfReportOf(answer, ports) };
      const operations = answer.status === 409 ? conflictsOf(answer, ports) : undefined;
      if (operations !== undefined) return { type: 'conflict', operations };
      if (answer.status === 401 || answer.status === 407) this.#terms.onSignInNeeded();
    }
    const { error, passing, status } = ownRefusal('OCS_PUBLISH', 'The own status was not taken', answer);
    ports.log.warn('ocs.publish-refused', { error: error.message, ...error.details });
    return { type: 'refused', error, passing, unanswered: status === 0 };
  }
}
