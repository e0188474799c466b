import type { Activity, Status } from '../presence/availability.js';
import type { ErrorCode } from '../presence/errors.js';
import type { NotesName, SipKey, SipUri } from '../presence/ids.js';
import type { ReconcileFacts } from './engine/reconcile-facts.js';
import type { Assertion, ListRule, StatusSource, WhyRule } from './list-ports.js';
import type { LinkReport, WatchCounts } from './ports.js';

/** What the bridge says of itself: health page, `presence-bridge status`, board. Holds no person. Times in ms since 1970. */
export interface BridgeStatus {
  readonly bridge: string;
  readonly version: string;
  readonly startedAt: number;
  readonly epoch: number;
  /** Whether this bridge writes, or another one of its name does. */
  readonly role: RoleStatus;
  readonly ocs: LinkReport;
  readonly notes: LinkReport;
  readonly people: number;
  readonly counts: Readonly<Record<Status, number>>;
  /** What this costs the OCS server; `undefined` when the source does not say. */
  readonly watching: WatchCounts | undefined;
  /** People whose newest state is not in Domino yet, and how long the oldest of them has waited (ms). */
  readonly pendingWrites: number;
  readonly oldestPendingMs: number;
  readonly writtenTotal: number;
  readonly failedDocuments: number;
  readonly heartbeatAt: number | undefined;
  /** Documents that say more than is confirmed: after an outage they count down to none. */
  readonly doubtful: number;
  /** The newest comparison of all documents with what they should say. */
  readonly reconciled: ReconcileFacts | undefined;
  /** Documents that Domino refuses at the moment, at most 20 of them. */
  readonly refused: readonly RefusedDocument[];
}

export interface RoleStatus {
  readonly state: 'active' | 'standby';
  readonly since: number;
  /** Who writes instead, while this bridge is on standby; empty when nobody knows. */
  readonly holder: string;
}

export interface RefusedDocument {
  readonly key: SipKey;
  readonly code: ErrorCode;
}

/** One person as the bridge knows it now. A status that is no longer confirmed reads `unknown`. */
export interface PersonStatus {
  readonly key: SipKey;
  readonly uri: SipUri;
  readonly name: NotesName | undefined;
  readonly displayName: string;
  readonly status: Status;
  readonly activity: Activity | '';
  /** Own words for the activity; empty when notes are off. */
  readonly activityText: string;
  readonly outOfOffice: boolean;
  /** Empty when notes are off. */
  readonly note: string;
  readonly since: number | undefined;
  readonly observedAt: number | undefined;
  /** Where the status comes from; `none` while nobody confirms it. */
  readonly source: StatusSource;
  /** True when exactly this state stands in the person's document. */
  readonly written: boolean;
}

/** Whom a text means of those whom the bridge watches. */
export type PersonFinding =
  | { readonly outcome: 'found'; readonly person: PersonStatus }
  | { readonly outcome: 'not-found' | 'ambiguous' | 'not-a-name' };

/** What of a person the text was. */
export const FOUND_BY = ['notes-name', 'other-name', 'address', 'mail-address', 'common-name'] as const;
export type FoundBy = (typeof FOUND_BY)[number];

/** Whom a text means, and what decided. Candidates are all who have the name, at most 20 of them. */
export type PersonResolution =
  | { readonly outcome: 'found'; readonly by: FoundBy; readonly person: PersonStatus }
  | { readonly outcome: 'ambiguous'; readonly by: FoundBy; readonly candidates: readonly PersonStatus[] }
  | { readonly outcome: 'not-found' | 'not-a-name' };

/** Why somebody is shown as they are: what came in, and the rule that decided. */
export interface PersonExplanation {
  readonly person: PersonStatus;
  readonly rule: WhyRule;
  /** What OCS said last, while it is confirmed. */
  readonly ocs: Pick<PersonStatus, 'status' | 'activity' | 'outOfOffice' | 'since' | 'observedAt'> | undefined;
  readonly application: Assertion | undefined;
  /** Of an entry that stands for a list; `decidedBy` is the member whose status is shown. */
  readonly list:
    | { readonly id: string; readonly rule: ListRule; readonly decidedBy: SipUri | undefined; readonly members: number }
    | undefined;
}
