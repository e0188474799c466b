import type { FollowPhase } from '../../client/follow-state.js';
import type { Asked, BridgeStatusMessage, IncomingTextMessage, PersonPresence } from '../../client/messages.js';

/** What is shown to somebody who watches. Times of people and of the bridge are those of its clock, others of the local one. */
export interface WatchView {
  readonly phase: FollowPhase;
  readonly phaseSince: number;
  /** Why the connection was lost. */
  readonly error: string | undefined;
  /** What the names that were asked for stand for. */
  readonly asked: readonly Asked[];
  /** As they may be shown now: whom nothing confirms any longer is unknown. */
  readonly people: readonly PersonPresence[];
  readonly bridge: BridgeStatusMessage | undefined;
  /** Clock of the bridge less the local one, milliseconds. */
  readonly ahead: number;
  /** The newest messages to the bridge's account, the newest last. */
  readonly messages: readonly IncomingTextMessage[];
}
