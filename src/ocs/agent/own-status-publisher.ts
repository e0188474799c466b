import type { OwnStatus } from '../../bridge/ports.js';
import type { BridgeError } from '../../presence/errors.js';
import type { SipMessage } from '../wire/message.js';

/** Tells the server about our own status in its dialect, over one connection. */
export interface OwnStatusPublisher {
  /** A newer wish; `goal` grows with each. `undefined` takes back what is ours. */
  want(status: OwnStatus | undefined, goal: number): void;
  /** Looks for what an earlier run of ours left behind. */
  tidy(): void;
  owns(message: SipMessage): boolean;
  receive(message: SipMessage): void;
  /** Ends subscriptions without waiting for answers. */
  signOff(): void;
  /** Stops all timers; nothing is sent or reported any more. */
  close(): void;
}

export interface OwnStatusListener {
  /** Wishes up to `goal` are done with; with `kept` the newest of them is tried again by itself. */
  onSettled(goal: number, error: BridgeError | undefined, kept: boolean): void;
}
