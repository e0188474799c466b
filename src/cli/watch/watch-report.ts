import type { FollowListener } from '../../client/follow.js';

/** Shows what is followed. */
export interface WatchReport extends FollowListener {
  /** Shows no more, and leaves the terminal as it was. */
  close(): void;
}
