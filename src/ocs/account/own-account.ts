import type { Messenger, OwnPresence } from '../../bridge/ports.js';
import { CategoryPublisher } from '../agent/category-publisher.js';
import { Conversations } from '../agent/conversations.js';
import { lcsPublishDialect } from '../agent/lcs-publish-dialect.js';
import type { OwnLink, OwnPorts, OwnSide, OwnTerms } from '../agent/own-side.js';
import type { OwnStatusListener, OwnStatusPublisher } from '../agent/own-status-publisher.js';
import { publishDialect } from '../agent/publish-dialect.js';
import { SimplePublisher } from '../agent/simple-publisher.js';
import type { SipMessage } from '../wire/message.js';
import { OcsMessenger } from './messenger.js';
import { OwnPresenceKeeper } from './own-presence.js';

/** Longest wait for the server to take the status back, milliseconds. */
const WITHDRAWAL_MS = 1_500;
/** An earlier run's leftovers are looked for when the first rush after the sign-in is over. */
const TIDY_AFTER_MS = 30_000;

/** What the signed-in account says of itself and to others, over all its connections. */
export class OwnAccount implements OwnSide {
  readonly #presence: OwnPresenceKeeper;
  readonly #messages: OcsMessenger;
  readonly #grants: boolean;

  /** `grants`: open the usual containers at the first publication when nobody did. */
  constructor(grants: boolean, ports: Pick<OwnPorts, 'clock' | 'log'>) {
    this.#grants = grants;
    this.#presence = new OwnPresenceKeeper(ports);
    this.#messages = new OcsMessenger(ports);
  }

  get presence(): OwnPresence {
    return this.#presence;
  }

  get messages(): Messenger {
    return this.#messages;
  }

  /** The source has ended. */
  stop(): void {
    this.#presence.stop();
  }

  attach(terms: OwnTerms): OwnLink {
    return new AccountLink(terms, this.#grants, this.#presence, this.#messages);
  }
}

class AccountLink implements OwnLink {
  readonly #terms: OwnTerms;
  readonly #presence: OwnPresenceKeeper;
  readonly #messages: OcsMessenger;
  readonly #publisher: OwnStatusPublisher;
  readonly #conversations: Conversations;
  readonly #cancelTidy: () => void;

  constructor(terms: OwnTerms, grants: boolean, presence: OwnPresenceKeeper, messages: OcsMessenger) {
    this.#terms = terms;
    this.#presence = presence;
    this.#messages = messages;
    this.#publisher = publisherFor(terms, grants, presence);
    this.#conversations = new Conversations(terms, messages);
    this.#cancelTidy = terms.ports.clock.after(TIDY_AFTER_MS, () => this.#publisher.tidy());
    presence.use(this.#publisher);
    messages.use(this.#conversations);
  }

  owns(message: SipMessage): boolean {
    return this.#publisher.owns(message);
  }

  receive(message: SipMessage): void {
    this.#publisher.receive(message);
  }

  async signOff(): Promise<void> {
    this.#cancelTidy();
    this.#messages.drop(this.#conversations);
    this.#conversations.close();
    await new Promise<void>((resolve) => {
      const cancel = this.#terms.ports.clock.after(WITHDRAWAL_MS, resolve);
      void this.#presence.withdraw(this.#publisher).then(() => {
        cancel();
        resolve();
      });
    });
    this.#presence.drop(this.#publisher);
    this.#publisher.signOff();
  }

  close(): void {
    this.#cancelTidy();
    this.#messages.drop(this.#conversations);
    this.#conversations.close();
    this.#presence.drop(this.#publisher);
    this.#publisher.close();
  }
}

function publisherFor(terms: OwnTerms, grants: boolean, listener: OwnStatusListener): OwnStatusPublisher {
  if (terms.dialect === 'sip') return new SimplePublisher(terms, publishDialect(terms), listener);
  if (terms.dialect === 'lcs2005') return new SimplePublisher(terms, lcsPublishDialect(terms), listener);
  return new CategoryPublisher(terms, grants, listener);
}
