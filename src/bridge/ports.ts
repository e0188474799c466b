import type { Activity, Status } from '../presence/availability.js';
import type { DirectoryCounts, DirectoryReport, LookUp } from '../presence/directory.js';
import type { BridgeError } from '../presence/errors.js';
import type { Heartbeat } from '../presence/freshness.js';
import type { NotesName, SipKey, SipUri } from '../presence/ids.js';
import type { Observation, Snapshot } from '../presence/snapshot.js';

/** Milliseconds. `now` is wall-clock time since 1970, for people and documents; `monotonic` is for measuring. */
export interface Clock {
  now(): number;
  monotonic(): number;
  /** Calls back once after `delay` milliseconds; the returned function cancels. Never keeps the process alive. */
  after(delay: number, callback: () => void): () => void;
}

export interface Random {
  /** Uniform in [0, 1). */
  unit(): number;
  bytes(count: number): Buffer;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** One event per call, `event` being a stable word; people appear as `SipKey` only, except at debug level. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** Somebody whose presence is wanted. */
export interface Person {
  readonly uri: SipUri;
  readonly key: SipKey;
  readonly name: NotesName | undefined;
  /** Further names under which documents may know this person: alternate, previous. Absent when there are none. */
  readonly otherNames?: readonly NotesName[];
  /** Mail addresses, lower case and sorted, other than the SIP address. Absent when there are none. */
  readonly mailAddresses?: readonly string[];
  /** For people without a Notes name; empty when unknown. */
  readonly displayName: string;
}

/** Everybody whose presence is wanted, and the documents that must not exist. */
export interface Roster {
  readonly people: readonly Person[];
  /** People who opted out: their documents are removed, whichever bridge wrote them. */
  readonly optedOut: ReadonlySet<SipKey>;
  /** Groups of the Domino Directory that are watched, with their people. Absent where there are none. */
  readonly groups?: readonly { readonly name: string; readonly members: readonly SipUri[] }[];
  /** Applications (names of tokens, lower case) that people allowed to set their status. Absent where nobody did. */
  readonly consents?: ReadonlyMap<SipKey, ReadonlySet<string>>;
}

/** Closed list of states of a partner, for logs, health page, heartbeat document and metrics alike. */
export type LinkState =
  | 'starting'
  | 'connecting'
  | 'connected'
  | 'transient-disconnect'
  | 'bad-credentials'
  | 'untrusted-peer'
  | 'refused'
  | 'stopped';

export interface LinkReport {
  readonly state: LinkState;
  /** When this state began, milliseconds since 1970. */
  readonly since: number;
  /** Why, when the state is not a good one. */
  readonly error?: BridgeError;
  /** When the next attempt is due, milliseconds since 1970; absent when none is planned. */
  readonly retryAt?: number;
}

export interface PresenceSourceListener {
  /** Called at each change of the link, at once and in order. Anything but `connected` means: no status is confirmed. */
  onLink(report: LinkReport): void;
  /**
   * Called with what presence documents say. `authoritative` marks the first state of a subscription (see
   * `MergeOptions`). May be called thousands of times a second; must not throw and must not wait.
   */
  onObservations(observations: readonly Observation[], authoritative: boolean): void;
  /**
   * These people's presence can no longer be confirmed though the link stands (refused, unknown, ended). `passing` says
   * that the source itself is about to confirm it again: documents may keep their status for the grace.
   */
  onLost(uris: readonly SipUri[], reason: string, passing?: boolean): void;
}

/** What a source holds at its server, for comparing with the server's limits. */
export interface WatchCounts {
  /** Dialogs of subscriptions and of questions. */
  readonly dialogs: number;
  /** People in accepted subscriptions. */
  readonly subscribed: number;
  /** Category subscriptions that these take from the watched people's limits (MS-PRES presence policy). */
  readonly categorySubscriptions: number;
  /** People who are asked about from time to time instead. */
  readonly polled: number;
}

/** Where presence comes from: OCS, or a test's stand-in. */
export interface PresenceSource {
  /** Starts to sign in, and keeps at it until `stop`. Returns at once; what happens is reported to the listener. */
  start(listener: PresenceSourceListener): void;
  /** Sets the whole roster. May be called before `start` and at any time later; only differences reach the server. */
  watch(uris: readonly SipUri[]): void;
  /** All zero while nothing is signed in; absent where there is no server that counts. */
  counts?(): WatchCounts;
  /** Signs off and closes, within five seconds. Resolves always. */
  stop(): Promise<void>;
}

/** A status that somebody can choose. */
export type OwnStatusWord = Exclude<Status, 'unknown' | 'available-idle' | 'busy-idle'>;

/** What the bridge's own account shows of itself. */
export interface OwnStatus {
  readonly status: OwnStatusWord;
  readonly activity?: Activity;
  /** Words of one's own in place of the activity's, at most 64 characters are shown. */
  readonly activityText?: string;
  /** Personal note, at most 500 characters. */
  readonly note?: string;
  /** When it ends by itself, milliseconds since 1970. */
  readonly until?: number;
}

/** The status of the account that is signed in, and of nobody else. Nothing is kept on disk. */
export interface OwnPresence {
  /**
   * Shows this status from now on, after each new sign-in too, until `clear`, `until` or the end of the source. Resolves
   * when the server took it, or a newer one. Rejects with `OCS_PUBLISH`: with `details.kept` the status stays wanted and
   * is published as soon as that is possible, otherwise it is forgotten.
   */
  publish(status: OwnStatus): Promise<void>;
  /** Takes back what `publish` said; what other clients of the account published stays. Rejects as `publish` does. */
  clear(): Promise<void>;
  /** What is wanted now. */
  current(): OwnStatus | undefined;
}

export interface IncomingMessage {
  readonly from: SipUri;
  /** Plain text; lines end with a line feed. */
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Instant messages of the account that is signed in. */
export interface Messenger {
  /**
   * Resolves when the client of the receiver has accepted the text. Rejects with `OCS_MESSAGE`; `details.status` and
   * `details.diagnostics` are what the server said. After `details.unanswered` nobody knows whether it arrived.
   */
  send(to: SipUri, text: string): Promise<void>;
  /** Tells somebody with whom a conversation is open that we are writing, or no longer. */
  typing(to: SipUri, active: boolean): void;
  /**
   * Messages of senders to whom nobody listens are refused as if the account were not there. `wants` tells to whom this
   * one listens at the moment; to everybody when left out. The returned function ends it.
   */
  onMessage(listener: (message: IncomingMessage) => void, wants?: (from: SipUri) => boolean): () => void;
  onTyping(listener: (from: SipUri, active: boolean) => void): () => void;
}

/** What shall stand in a person's document. */
export interface PersonRecord {
  readonly person: Person;
  readonly snapshot: Snapshot;
  /** When the bridge last confirmed it, milliseconds since 1970. */
  readonly observedAt: number;
  readonly bridge: string;
  /** Number of this bridge's turn at writing, and counter within it: together they order writes after a failover. */
  readonly epoch: number;
  readonly seq: number;
  /** When the oldest change in it came in, milliseconds since 1970; for measuring, not written. */
  readonly waitingSince: number;
}

export interface HeartbeatRecord extends Heartbeat {
  readonly bridge: string;
  readonly epoch: number;
  readonly version: string;
  readonly ocs: LinkReport;
  readonly notes: LinkReport;
  readonly people: number;
  readonly reachable: number;
  readonly unknown: number;
}

/** A person's document as found in the store when it was opened. */
export interface StoredPerson {
  readonly key: SipKey;
  readonly uri: SipUri;
  readonly name: NotesName | undefined;
  readonly snapshot: Snapshot;
  /** Name of the bridge that wrote it; empty when none did. */
  readonly bridge: string;
  readonly epoch: number;
  readonly seq: number;
  /** Alternate and previous names, as they stand there. */
  readonly otherNames: readonly NotesName[];
  /** As they stand there. */
  readonly mailAddresses: readonly string[];
  /** False when an item is missing or says something else than a bridge would write: the document must be written anew. */
  readonly intact: boolean;
}

/** What stood in the store when it was read. */
export interface StoreContents {
  /** One for each person who has a document. */
  readonly people: readonly StoredPerson[];
  /** Keys of this bridge's documents whose address nobody can read. */
  readonly unreadable?: readonly SipKey[];
  /** Highest epoch in the documents of any bridge, 0 when there are none. */
  readonly highestEpoch: number;
  /** Further documents of a person; those that a bridge made were removed. */
  readonly duplicates: number;
  /** Replication and save conflicts; those of a bridge's documents were removed. */
  readonly conflicts: number;
  /** Duplicates, conflicts and documents without a key that were left alone, since no bridge made them or they may not be deleted. */
  readonly leftAlone: number;
}

export interface WriteOutcome {
  readonly written: readonly SipKey[];
  /** Single documents that were refused; the others were written. */
  readonly failed: ReadonlyMap<SipKey, BridgeError>;
}

/** Where statuses go: a Domino database. */
export interface StatusStore {
  /**
   * Connects, reads what is there, removes duplicates and conflicts of the bridges' own making. Must be called first,
   * again after an error with `retry: "later"`, and whenever documents shall be compared. Throws `BridgeError`.
   */
  open(): Promise<StoreContents>;
  /**
   * Writes newest states, creating documents that are missing. At most one call at a time. Throws `BridgeError` when
   * the store as a whole failed; the outcome of each record is then unknown and all must be written again.
   */
  write(records: readonly PersonRecord[]): Promise<WriteOutcome>;
  heartbeat(record: HeartbeatRecord): Promise<void>;
  /** Removes documents of people who are no longer wanted. */
  remove(keys: readonly SipKey[]): Promise<WriteOutcome>;
  close(): Promise<void>;
}

/** Who is watched, and what a name stands for. */
export interface Directory {
  /**
   * Begins to read its sources and goes on until `stop`. `onRoster` is called when all of them were read once, and after
   * every change. A source that cannot be read keeps what it said last.
   */
  start(onRoster: (roster: Roster) => void): void;
  /** Reads all sources now. Throws `BridgeError` when one of them could not be read. */
  refresh(): Promise<void>;
  /** Whom a Notes name, SIP address or mail address in any spelling means. Answers may be as old as `age` says. */
  lookUp(text: string): Promise<LookUp>;
  /**
   * Everybody any source names, with the rule that decided, as of the last reading. May take everything together for it,
   * which with tens of thousands of people stops the process for seconds: for commands, not for the running bridge.
   */
  report(): DirectoryReport;
  /** The same as numbers, for free. */
  counts(): DirectoryCounts;
  stop(): Promise<void>;
}
