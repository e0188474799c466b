/** Why all documents were compared. */
export type ReconcileCause = 'start' | 'takeover' | 'store-back' | 'nightly' | 'demand';

/** Outcome of one comparison of all documents with what they should say. Numbers of documents. */
export interface ReconcileFacts {
  readonly cause: ReconcileCause;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Documents of people that were read. */
  readonly documents: number;
  /** People on the roster who had none. */
  readonly missing: number;
  /** Documents of people on the roster that somebody changed or another bridge wrote: they are written anew. */
  readonly spoilt: number;
  /** Documents of people who left the roster or opted out: they are removed. */
  readonly leaving: number;
  readonly duplicates: number;
  readonly conflicts: number;
  /** Duplicates, conflicts and documents without a key that the bridge may not remove. */
  readonly leftAlone: number;
  /** Documents with a later stamp than this bridge had given: somebody else wrote with its name. */
  readonly overtaken: number;
}
