import type { SipKey, SipUri } from '../presence/ids.js';
import type { OwnStatus, Person } from './ports.js';

/** How the status of a list is made from its members'; stated in full in `engine/list-status.ts`. */
export const LIST_RULES = ['best', 'first-reachable'] as const;
export type ListRule = (typeof LIST_RULES)[number];

/** Domain of the addresses of entries that have no other (RFC 2606: nobody is ever reached there). */
export const LISTS_DOMAIN = 'lists.invalid';

/** Where a status comes from; `none` while nobody confirms it. */
export const STATUS_SOURCES = ['ocs', 'application', 'list', 'none'] as const;
export type StatusSource = (typeof STATUS_SOURCES)[number];

/** People who can be asked for and followed together. */
export interface PersonList {
  /** Stable, usable in an address: `everybody`, `help-desk`, `group:Sales`. */
  readonly id: string;
  readonly title: string;
  readonly kind: 'everybody' | 'group' | 'list';
  /** In the order of the list; people who are watched only. */
  readonly members: readonly SipUri[];
  /** The entry that shows the list as one, where it has one. */
  readonly entry?: { readonly uri: SipUri; readonly rule: ListRule };
}

/** A list shown as one entry: a person on the roster whom no server knows. */
export interface ListEntry {
  readonly list: string;
  readonly person: Person;
  readonly rule: ListRule;
  readonly members: readonly SipUri[];
}

/** What applications say of people, by their leave. Never green: nobody is shown as available by somebody else's word. */
export type AssertedStatus = Pick<OwnStatus, 'activity'> & {
  readonly status: Extract<OwnStatus['status'], 'busy' | 'do-not-disturb' | 'be-right-back' | 'away'>;
  /** When it ends by itself, milliseconds since 1970. */
  readonly until: number;
};

/** An application's word for a person, while it counts. */
export interface Assertion extends AssertedStatus {
  /** Name of the token it was set with. */
  readonly holder: string;
  readonly setAt: number;
}

/** Setting the status of people for them. */
export interface OthersPresence {
  /**
   * Throws `PERSON_NOT_ALLOWED` when the person did not allow it to this holder, `DIRECTORY_NOBODY` when nobody is
   * watched there, `BRIDGE_STANDBY`, `API_BUSY` when there are too many. Kept in memory only.
   */
  assert(key: SipKey, holder: string, status: AssertedStatus): void;
  /** Takes back what this holder said; nothing where it said nothing. */
  retract(key: SipKey, holder: string): void;
  /** Takes back all that this holder said, of whomever. */
  silence(holder: string): void;
}

/** The rule that decided which status is shown. */
export const WHY_RULES = [
  'ocs-says-so',
  'application-says-so',
  'application-overruled',
  'list-best',
  'list-first-reachable',
  'list-nobody-confirmed',
  'bridge-standby',
  'bridge-disconnected',
  'not-confirmed',
] as const;
export type WhyRule = (typeof WHY_RULES)[number];
