import type { IncomingMessage, Messenger } from '../../bridge/ports.js';
import { BridgeError } from '../../presence/errors.js';
import type { SipUri } from '../../presence/ids.js';
import type { Conversations, ConversationsListener } from '../agent/conversations.js';
import type { OwnPorts } from '../agent/own-side.js';

/** Octets of one text that is sent; what clients in the field show without trouble. */
export const MAX_TEXT_BYTES = 8 * 1024;
/** Longest wait for a delivery: time to ring, to be answered, and once more in a new dialog. Milliseconds. */
const DELIVERY_MS = 2 * 60_000;

interface MessageListener {
  readonly take: (message: IncomingMessage) => void;
  readonly wants: (from: SipUri) => boolean;
}

/** Keeps those who listen over all connections, and sends over whichever connection there is. */
export class OcsMessenger implements Messenger, ConversationsListener {
  readonly #ports: Pick<OwnPorts, 'clock' | 'log'>;
  readonly #onMessage = new Set<MessageListener>();
  readonly #onTyping = new Set<(from: SipUri, active: boolean) => void>();
  #conversations: Conversations | undefined;

  constructor(ports: Pick<OwnPorts, 'clock' | 'log'>) {
    this.#ports = ports;
  }

  async send(to: SipUri, text: string): Promise<void> {
    if (text.trim() === '') throw new BridgeError('OCS_MESSAGE', 'The message was not sent: it is empty.');
    if (Buffer.byteLength(text) > MAX_TEXT_BYTES) {
      throw new BridgeError('OCS_MESSAGE', `The message was not sent: it has more than ${MAX_TEXT_BYTES} octets.`);
    }
    if (this.#conversations === undefined) {
      throw new BridgeError('OCS_MESSAGE', 'The message was not sent: the account is not signed in.');
    }
    await this.#inTime(this.#conversations.send(to, text.replace(/\p{Cs}/gu, '\ufffd')));
  }

  typing(to: SipUri, active: boolean): void {
    this.#conversations?.typing(to, active);
  }

  onMessage(take: MessageListener['take'], wants: MessageListener['wants'] = () => true): () => void {
    return subscribe(this.#onMessage, { take, wants });
  }

  onTyping(listener: (from: SipUri, active: boolean) => void): () => void {
    return subscribe(this.#onTyping, listener);
  }

  use(conversations: Conversations): void {
    this.#conversations = conversations;
  }

  drop(conversations: Conversations): void {
    if (this.#conversations === conversations) this.#conversations = undefined;
  }

  listens(from: SipUri): boolean {
    return [...this.#onMessage].some(({ wants }) => wants(from));
  }

  onText(from: SipUri, text: string): void {
    const message = { from, text, at: this.#ports.clock.now() };
    for (const { take, wants } of [...this.#onMessage]) this.#guarded(() => wants(from) && take(message));
  }

  onTypingOf(from: SipUri, active: boolean): void {
    for (const listener of [...this.#onTyping]) this.#guarded(() => listener(from, active));
  }

  #inTime(sending: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.#ports.clock.after(DELIVERY_MS, () => {
        reject(
          new BridgeError('OCS_MESSAGE', 'Nobody knows whether the message was delivered: no answer came in time.'),
        );
      });
      sending.finally(cancel).then(resolve, reject);
    });
  }

  /** A listener's mistake is not the sender's. */
  #guarded(call: () => unknown): void {
    try {
      call();
    } catch (thrown) {
      this.#ports.log.error('ocs.message-listener-failed', { error: BridgeError.from(thrown).message });
    }
  }
}

function subscribe<T>(listeners: Set<T>, listener: T): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
