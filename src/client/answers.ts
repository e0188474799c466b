import type { Activity, Status } from '../presence/availability.js';
import type { PersonPresence } from './messages.js';

/**
 * Answers of the HTTP API. Times are milliseconds since 1970 by the bridge's clock; `at` is when the bridge answered.
 * What is empty is left out. Further fields may come.
 */

export type PersonIdentity = Pick<PersonPresence, 'address' | 'name' | 'displayName'>;

/** One answer about one name: who it is and how, or why there is nobody. */
export interface PersonAnswer extends Omit<PersonPresence, 'address'> {
  /** As asked. */
  readonly query: string;
  readonly found: boolean;
  readonly address?: string;
  /** How long the answer may be shown without asking again. */
  readonly freshUntil?: number;
}

export interface PeopleAnswer {
  readonly at: number;
  /** In the order of the question. */
  readonly people: readonly PersonAnswer[];
}

export type OnePersonAnswer = PersonAnswer & { readonly at: number };

/** What of a person a text was. */
export type FoundBy = 'notes-name' | 'other-name' | 'address' | 'mail-address' | 'common-name';

/** Whom a text means, and what decided. */
export interface ResolveAnswer extends Partial<PersonPresence> {
  readonly at: number;
  /** As asked. */
  readonly query: string;
  readonly outcome: 'found' | 'ambiguous' | 'not-found' | 'not-a-name';
  readonly by?: FoundBy;
  readonly freshUntil?: number;
  /** Who has the name, at most 20, where it is ambiguous. */
  readonly candidates?: readonly PersonIdentity[];
  /** By which rule of the directory the person has this address; where the directory knows the person. */
  readonly directory?: {
    readonly outcome: string;
    readonly rule?: string;
    /** One sentence. */
    readonly reason: string;
    /** How long ago its source was read, milliseconds. */
    readonly age: number;
  };
}

/** The rule that decided which status is shown. */
export type WhyRule =
  | 'ocs-says-so'
  | 'application-says-so'
  | 'application-overruled'
  | 'list-best'
  | 'list-first-reachable'
  | 'list-nobody-confirmed'
  | 'bridge-standby'
  | 'bridge-disconnected'
  | 'not-confirmed';

export type ListRule = 'best' | 'first-reachable';

/** Why somebody is shown as they are: what came in, and the rule that decided. */
export interface WhyAnswer extends PersonPresence {
  readonly at: number;
  /** As asked. */
  readonly query: string;
  readonly freshUntil: number;
  readonly rule: WhyRule;
  /** The rule as one sentence for people; may change. */
  readonly says: string;
  /** What OCS said last, while it is confirmed. */
  readonly ocs?: Pick<PersonPresence, 'status' | 'activity' | 'outOfOffice' | 'since' | 'observedAt'>;
  /** What an application says by leave of the person, whether or not it is shown. `holder` is the name of its token. */
  readonly application?: StatusOfOther & { readonly holder: string; readonly setAt: number };
  /** Of an entry that stands for a list. */
  readonly list?: {
    readonly id: string;
    readonly rule: ListRule;
    /** SIP address of the member whose status is shown. */
    readonly decidedBy?: string;
    readonly members: number;
  };
}

export type Scope = 'read' | 'stream' | 'own-status' | 'others-status' | 'message' | 'operate';

/** What the token allows, and of whom. */
export interface MeAnswer {
  /** Name of the token. */
  readonly holder: string;
  readonly scopes: readonly Scope[];
  /** Patterns of the people whom the token may know of; `*` for everybody. */
  readonly people: readonly string[];
  /** When the token ends; left out for never. */
  readonly expires?: number;
  /** SIP address of the bridge's own account, for those who may use it. */
  readonly account?: string;
}

/** What the bridge's own account says of itself. */
export interface OwnStatus {
  readonly status: 'available' | 'busy' | 'do-not-disturb' | 'be-right-back' | 'away' | 'offline';
  readonly activity?: Activity;
  readonly activityText?: string;
  readonly note?: string;
  /** When it ends by itself. */
  readonly until?: number;
}

/** What an application may say of somebody who allowed it. */
export interface StatusOfOther {
  readonly status: 'busy' | 'do-not-disturb' | 'be-right-back' | 'away';
  readonly activity?: Activity;
  /** When it ends by itself; at most 24 hours from now. */
  readonly until: number;
}

/** What this token says of somebody now; whether it is shown tells `why`. */
export interface SaidAnswer extends PersonIdentity {
  readonly at: number;
  readonly said: StatusOfOther | null;
}

/** A link of the bridge to the world outside. */
export interface LinkAnswer {
  readonly state: string;
  readonly since: number;
  readonly error?: { readonly code: string; readonly message: string; readonly next: string; readonly retry: string };
  /** When the next attempt is due. */
  readonly retryAt?: number;
}

/** What the bridge says of itself; of more fields those that applications have a use for. */
export interface BridgeAnswer {
  readonly bridge: string;
  readonly version: string;
  readonly startedAt: number;
  readonly role: { readonly state: 'active' | 'standby'; readonly since: number; readonly holder: string };
  readonly ocs: LinkAnswer;
  readonly notes: LinkAnswer;
  /** People whom the token sees, and how many of them have which status. */
  readonly people: number;
  readonly counts: Readonly<Record<Status, number>>;
}
