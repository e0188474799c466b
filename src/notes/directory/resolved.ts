import type { Roster } from '../../bridge/ports.js';
import type { DirectoryRow, DirectoryRule, LookUp } from '../../presence/directory.js';

/** What the configuration says about the directory (section `directory`). */
export interface DirectorySettings {
  /** In the order in which they are tried; a rule that is not listed never decides. */
  readonly rules: readonly DirectoryRule[];
  /** Domains whose internet addresses count as SIP addresses, compared whole and without regard to case. */
  readonly domains: readonly string[];
  /** Only their members are watched; empty for everybody. */
  readonly groups: readonly string[];
  readonly optOut: {
    /** Notes names, SIP addresses, or wildcards: a star before the last components of names. */
    readonly people: readonly string[];
    readonly groups: readonly string[];
  };
  /** Notes names of those whose mappings and opt-outs count for others; none: of everybody who can write. */
  readonly administrators?: readonly string[];
  readonly groupLimits?: GroupLimits;
}

export interface GroupLimits {
  /** Levels of groups within groups that are followed for the watched groups. */
  readonly depth: number;
  /** Members of all groups together. */
  readonly members: number;
}

/** Finds people by every spelling of their names and addresses. */
export interface LookUpIndex {
  /** `found` only for a hierarchical name or an address; a common or short name alone never finds (`ambiguous`). */
  lookUp(text: string): Omit<LookUp, 'age'>;
}

/** What the sources say when taken together. */
export interface ResolvedDirectory {
  /** Everybody whom some source names, by name. */
  readonly rows: readonly DirectoryRow[];
  readonly roster: Roster;
  readonly index: LookUpIndex;
  /** What the administrator should know that is about no single person: an unknown group, a group within itself. */
  readonly remarks: readonly string[];
}
