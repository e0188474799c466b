import type { DirectoryRule } from '../../presence/directory.js';

/**
 * What one source says of one person, as it stands there: nothing is normalised or judged yet. An entry without an
 * address of the rules `mapping`, `people` and `csv` is a Person document: it says who exists, while the others refer to
 * somebody by any of the names.
 */
export interface DirectoryEntry {
  /** Where it stands, for people: `people.csv line 7`, `Person document 0123…`. */
  readonly origin: string;
  /** Notes names, the present one first, then alternate and previous ones. May hold common names and short names. */
  readonly names: readonly string[];
  /** SIP or internet addresses with the rule under which they count; several of one rule contradict each other. */
  readonly addresses: readonly { readonly rule: DirectoryRule; readonly text: string }[];
  readonly displayName: string;
}

/** A group, whose members are people and groups by name. */
export interface GroupEntry {
  readonly origin: string;
  readonly names: readonly string[];
  readonly members: readonly string[];
}

/** Who does not want to be shown. */
export interface OptOutEntry {
  readonly origin: string;
  /** Notes names of people, names of groups. */
  readonly names: readonly string[];
  readonly addresses: readonly string[];
}

/** Who lets applications set their status. */
export interface ConsentEntry {
  readonly origin: string;
  /** Notes names of people. */
  readonly names: readonly string[];
  /** Names of tokens, lower case. */
  readonly applications: readonly string[];
}

/** All that the sources said when they were last read. */
export interface DirectoryEntries {
  readonly people: readonly DirectoryEntry[];
  readonly groups: readonly GroupEntry[];
  readonly optOuts: readonly OptOutEntry[];
  /** Absent where there are none. */
  readonly consents?: readonly ConsentEntry[];
}
