import type { IncomingTextMessage, PeopleMessage, SubscribeMessage } from './messages.js';
import type { PresenceError } from './presence-error.js';
import type { Subscription } from './subscription.js';

/** What happens to somebody who follows people. `turn` says of which connection it is. */
export type FollowEvent =
  | { readonly type: 'start' }
  | { readonly type: 'update'; readonly subscription: Subscription }
  | { readonly type: 'stop' }
  | { readonly type: 'message'; readonly turn: number; readonly message: PeopleMessage }
  /** A message of a type that this client does not know: a sign of life all the same. */
  | { readonly type: 'heard'; readonly turn: number }
  | { readonly type: 'loss'; readonly turn: number; readonly error?: PresenceError | undefined }
  /** The machine has a network again. */
  | { readonly type: 'online' }
  /** Something may be due. */
  | { readonly type: 'time' };

/** What has to be done about it, in this order. */
export type FollowEffect =
  | { readonly type: 'connect'; readonly turn: number; readonly message: SubscribeMessage }
  | { readonly type: 'subscribe'; readonly message: SubscribeMessage }
  | { readonly type: 'disconnect' }
  /** To tell the application: phase or error changed. */
  | { readonly type: 'state' }
  | { readonly type: 'bridge' }
  /** These people read otherwise now; `everybody` for all who are there. */
  | { readonly type: 'people'; readonly changed: readonly string[] | 'everybody'; readonly removed: readonly string[] }
  | { readonly type: 'message'; readonly message: IncomingTextMessage }
  /** To tell the application; the stream goes on. */
  | { readonly type: 'error'; readonly error: PresenceError };
