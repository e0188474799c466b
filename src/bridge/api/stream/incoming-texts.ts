import type { IncomingTextMessage } from '../../../client/messages.js';
import type { SipUri } from '../../../presence/ids.js';
import type { Metrics } from '../../observe/metrics.js';
import type { IncomingMessage, Messenger, Person } from '../../ports.js';
import type { WatchedPeople } from '../../watched-ports.js';
import { type Frame, frameOf } from './frame.js';
import type { StreamClient } from './stream-client.js';

export interface IncomingTextsOptions {
  readonly messages: Pick<Messenger, 'onMessage'>;
  readonly watched: Pick<WatchedPeople, 'person'> | undefined;
  readonly metrics: Metrics;
  /** Gives it to a client, or leaves it when the client does not keep up. */
  readonly send: (client: StreamClient, frame: Frame) => void;
}

type Sender = Pick<Person, 'uri' | 'name'>;

/**
 * Instant messages to the bridge's account, handed to the streams that asked for them and may know of the sender. While
 * there is none of them nobody listens, and the sender is told that nobody is there. Nothing is kept, and nothing logged.
 */
export class IncomingTexts {
  readonly #options: IncomingTextsOptions;
  readonly #clients = new Set<StreamClient>();
  #stopListening: (() => void) | undefined;

  constructor(options: IncomingTextsOptions) {
    this.#options = options;
  }

  add(client: StreamClient): void {
    this.#clients.add(client);
    this.#stopListening ??= this.#options.messages.onMessage(
      (message) => this.#hand(message),
      (from) => this.#receivers(this.#senderOf(from)).length > 0,
    );
  }

  remove(client: StreamClient): void {
    if (!this.#clients.delete(client) || this.#clients.size > 0) return;
    this.#stopListening?.();
    this.#stopListening = undefined;
  }

  #hand({ from, text, at }: IncomingMessage): void {
    const { metrics, send } = this.#options;
    const sender = this.#senderOf(from);
    const { name } = sender;
    const message: IncomingTextMessage = { type: 'message', at, from, ...(name === undefined ? {} : { name }), text };
    const frame = frameOf(message);
    const receivers = this.#receivers(sender);
    for (const client of receivers) send(client, frame);
    metrics.inc('stream_texts_total', 1, { outcome: receivers.length > 0 ? 'handed' : 'nobody' });
  }

  #senderOf(from: SipUri): Sender {
    return this.#options.watched?.person(from) ?? { uri: from, name: undefined };
  }

  #receivers(sender: Sender): readonly StreamClient[] {
    return [...this.#clients].filter(({ grant }) => grant.sees(sender));
  }
}
