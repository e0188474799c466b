/** Bounds of the live stream. Times in milliseconds, sizes in octets. */
export interface StreamLimits {
  readonly clients: number;
  /** Streams beyond that with the administrator's token. */
  readonly reserved: number;
  /** Largest message a client may send. */
  readonly payload: number;
  /** Fragments one message of a client may come in. */
  readonly fragments: number;
  /** Messages a client may send between two pings. */
  readonly messages: number;
  /** Not yet sent to one client. Beyond it changes are left out, and follow together when it has caught up. */
  readonly buffered: number;
  /** A part of a snapshot of people, about; the next one follows when it was taken. */
  readonly part: number;
  /** A message of changes of people, about; who missed more gets a snapshot. */
  readonly changes: number;
  /** Subscriptions that differ in what they ask or whom their tokens see. */
  readonly groups: number;
  /** People in all of these together. */
  readonly memberships: number;
  /** Names and members that are looked up in one go after a change of the roster. */
  readonly slice: number;
  /** How long a client may stay so far behind before it is closed. */
  readonly behind: number;
  /** Least time between two writes to a client. */
  readonly tick: number;
  /** Time between two looks at the bridge's status, at pings due and at clients that are behind. */
  readonly beat: number;
  /** A status is sent after this time even when nothing changed, so that a client can tell silence from loss. */
  readonly statusEvery: number;
  /** Time between two pings; a client that has not answered by the next one is cut. */
  readonly ping: number;
  /** How long a closing handshake may take. */
  readonly close: number;
}

export const DEFAULT_STREAM_LIMITS: StreamLimits = {
  clients: 1_000,
  reserved: 10,
  // A thousand names of some length.
  payload: 256 * 1024,
  fragments: 16,
  messages: 60,
  buffered: 256 * 1024,
  part: 64 * 1024,
  changes: 256 * 1024,
  groups: 1_000,
  memberships: 2_000_000,
  // Some milliseconds.
  slice: 2_000,
  behind: 20_000,
  tick: 100,
  beat: 1_000,
  statusEvery: 15_000,
  ping: 30_000,
  close: 2_000,
};

/** What one subscription may name; `name` in characters, of people and lists alike. */
export const SUBSCRIPTION_LIMITS = { people: 1_000, lists: 100, name: 1_024 } as const;
