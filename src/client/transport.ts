import type { SubscribeMessage } from './messages.js';
import type { PresenceError } from './presence-error.js';

export interface ConnectionEvents {
  /** A whole message. */
  onText(text: string): void;
  /** It is over, or was never there. Not after `close`. */
  onLoss(error?: PresenceError): void;
}

/** One connection to the live stream. */
export interface Connection {
  /** Another subscription over the same connection; absent where that wants a new one. */
  subscribe?(message: SubscribeMessage): void;
  /** Ends it; nothing is heard of it any more. */
  close(): void;
}

/** A way to the live stream. */
export interface Transport {
  /** True where `Connection.subscribe` is there. */
  readonly resubscribes: boolean;
  open(message: SubscribeMessage, events: ConnectionEvents): Connection;
}
