import type { Activity, Status } from '../presence/availability.js';
import type { Vocabulary } from '../presence/vocabularies.js';

/**
 * What goes over the wire between the bridge and applications that follow people, as JSON. Times are milliseconds since
 * 1970 by the bridge's clock. Further fields and further types of messages may come: ignore those that you do not know.
 */

/** Where a status comes from: OCS, an application that may speak for the person, the members of a list, or from nowhere. */
export type PresenceSourceName = 'ocs' | 'application' | 'list' | 'none';

/** Why there is no status: of nobody for the first three, of a person whom nobody confirms for the others. */
export type NoStatusReason =
  | 'not-found'
  | 'ambiguous'
  | 'not-a-name'
  | 'bridge-standby'
  | 'bridge-disconnected'
  | 'not-confirmed';

/** One person now. Replaces as a whole what was said of this address before; what is empty is left out. */
export interface PersonPresence {
  /** Canonical SIP address: the person's identity. */
  readonly address: string;
  /** Canonical Notes name. */
  readonly name?: string;
  /** For people without a Notes name. */
  readonly displayName?: string;
  /** `unknown` for everybody who is not confirmed. */
  readonly status: Status;
  readonly activity?: Activity;
  readonly outOfOffice: boolean;
  /** Only where the administrator turned notes on. */
  readonly note?: string;
  readonly activityText?: string;
  /** When the status began. */
  readonly since?: number;
  /** When the bridge last confirmed it at a change or snapshot. */
  readonly observedAt?: number;
  readonly source: PresenceSourceName;
  readonly confirmed: boolean;
  /** Why it is unknown. */
  readonly reason?: NoStatusReason;
  /** In the words that were asked for. */
  readonly words?: Readonly<Record<string, unknown>>;
}

/** What somebody asked for stands for. */
export type Asked =
  | { readonly query: string; readonly address: string }
  | { readonly query: string; readonly reason: Extract<NoStatusReason, 'not-found' | 'ambiguous' | 'not-a-name'> };

/**
 * What a client follows. A later one takes the place of an earlier one. With a `cursor` of the same subscription only
 * what changed since is told, or everything anew where that is not possible.
 */
export interface SubscribeMessage {
  readonly type: 'subscribe';
  /** Notes names in any spelling, SIP or mail addresses; at most 1,000. */
  readonly people?: readonly string[];
  /** Ids of lists; `everybody` for all whom the token may see. At most 100. */
  readonly lists?: readonly string[];
  readonly words?: readonly Vocabulary[];
  /** True to be told of instant messages to the bridge's account; wants the scope `message`. */
  readonly messages?: boolean;
  readonly cursor?: string;
}

/**
 * Everything anew: forget what was known. A big one comes in several parts, all but the last with `more`; what was known
 * before counts until the last part is there. Changes that come between the parts belong to the new state.
 */
export interface SnapshotMessage {
  readonly type: 'snapshot';
  /** In the last part only. */
  readonly cursor?: string;
  readonly at: number;
  /** Until when the statuses may be shown if nothing more is heard. */
  readonly freshUntil: number;
  /**
   * In the first part, always, and in no other: what the names of the subscription stand for, and which of its lists are
   * not there. A part with it begins anew whatever parts came before.
   */
  readonly asked?: readonly Asked[];
  readonly people: readonly PersonPresence[];
  readonly more?: true;
}

/** Who changed since the last message, at most one entry for each. */
export interface ChangesMessage {
  readonly type: 'changes';
  readonly cursor: string;
  readonly at: number;
  readonly people: readonly PersonPresence[];
  /** In the answer to a subscription with a cursor: nothing was missed, and this is all that changed since. */
  readonly resumed?: true;
}

/** The bridge's own state; at each change and at least every 15 s. Extends how long statuses may be shown. */
export interface BridgeStatusMessage {
  readonly type: 'status';
  readonly now: number;
  /** Everything told before may be shown until then. */
  readonly freshUntil: number;
  readonly bridge: string;
  /** `standby` while another bridge of its name writes: nobody is confirmed here then. */
  readonly role: { readonly state: string; readonly since: number };
  readonly ocs: { readonly state: string; readonly since: number };
  readonly notes: { readonly state: string; readonly since: number };
}

/** Somebody wrote to the bridge's account. Kept nowhere. */
export interface IncomingTextMessage {
  readonly type: 'message';
  readonly at: number;
  readonly from: string;
  readonly name?: string;
  readonly text: string;
}

/** Something the client sent was refused; the stream goes on. */
export interface RefusedMessage {
  readonly type: 'error';
  /** Stable, as in the error table. */
  readonly code: string;
  readonly message: string;
}

/** What a subscriber gets. */
export type PeopleMessage =
  | SnapshotMessage
  | ChangesMessage
  | BridgeStatusMessage
  | IncomingTextMessage
  | RefusedMessage;
