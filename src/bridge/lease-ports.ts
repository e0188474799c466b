/** Whether this bridge writes, or another one of the same name does. */
export type Role =
  | { readonly state: 'active' /** Higher than that of every earlier turn. */; readonly epoch: number }
  | {
      readonly state: 'standby' /** Who holds the lease, in words for people; empty while nobody knows. */;
      readonly holder: string;
    };

/** Sees to it that of several bridges of one name only one writes. */
export interface Coordinator {
  /** Begins to compete; `onRole` is called at the first decision and at every change. */
  start(onRole: (role: Role) => void): void;
  /** False from the moment on at which another bridge might write. To be asked right before each write. */
  mayWrite(): boolean;
  /** Gives the lease back, so that another bridge can go on at once. Resolves always, within two seconds. */
  stop(): Promise<void>;
}

/** The right to write, as it stands in the database. */
export interface Lease {
  /** Identity of the holding process, stable over its restarts; empty after it was given back. */
  readonly holder: string;
  /** Where the holder runs, for people. */
  readonly holderName: string;
  readonly epoch: number;
  /** Grows with every renewal. Others measure by their own clock how long it stands still. */
  readonly renewals: number;
  /** How long it counts without a renewal, milliseconds. */
  readonly durationMs: number;
}

export interface StoredLease {
  readonly lease: Lease;
  /** What a conditional write names; `undefined` where the database knows no such thing. */
  readonly revision: string | undefined;
}

/** Where the lease stands. Every method throws `BridgeError` with a `NOTES_…` code. */
export interface LeaseStore {
  /** True when `write` excludes two writers; otherwise the last of two wins and both must read again. */
  readonly isConditional: boolean;
  read(): Promise<StoredLease | undefined>;
  /** `expected` is what was read last. `changed` means that somebody was faster and nothing was written. */
  write(lease: Lease, expected: StoredLease | undefined): Promise<'written' | 'changed'>;
}
