import type { NotesName, SipUri } from './ids.js';

/**
 * Ways to find somebody's SIP address, in the order in which they are tried unless the configuration says otherwise:
 * a mapping document in the presence database, the list in the configuration, a CSV file, an item of the Person
 * document that holds SIP addresses, the internet address of the Person document.
 */
export const DIRECTORY_RULES = ['mapping', 'people', 'csv', 'sip-item', 'internet-address'] as const;

export type DirectoryRule = (typeof DIRECTORY_RULES)[number];

export const MAPPING_OUTCOMES = ['mapped', 'unmapped', 'ambiguous', 'double', 'opted-out'] as const;

/**
 * `unmapped`: no rule found an address. `ambiguous`: the rule that decided found several. `double`: other people have
 * the same address. `opted-out`: the person does not want to be shown. Only `mapped` people can be watched.
 */
export type MappingOutcome = (typeof MAPPING_OUTCOMES)[number];

/** An address that some rule found. */
export interface Candidate {
  readonly address: SipUri;
  readonly rule: DirectoryRule;
  /** Where it stands, for people: `people.csv line 7`, `Person document 0123…`. */
  readonly origin: string;
}

/** One person whom some source names. */
export interface DirectoryRow {
  readonly name: NotesName | undefined;
  /** Alternate and previous names. */
  readonly otherNames: readonly NotesName[];
  readonly displayName: string;
  readonly outcome: MappingOutcome;
  /** Set when the outcome is `mapped`. */
  readonly address: SipUri | undefined;
  /** The rule that decided; absent when none found anything. */
  readonly rule: DirectoryRule | undefined;
  /** Every address found, also those that a rule further down found or that are refused. */
  readonly candidates: readonly Candidate[];
  /** One sentence for the administrator. */
  readonly reason: string;
  /** True when presence is wanted: mapped, and within the groups that are watched. */
  readonly watched: boolean;
}

/** Name of the source that is never read: the list of people in the configuration. */
export const CONFIGURATION_SOURCE = 'configuration';

/** One source of the directory and when it was read, milliseconds since 1970. */
export interface SourceReport {
  readonly source: string;
  readonly entries: number;
  /** Documents that could not be used. */
  readonly skipped?: number;
  readonly readAt: number | undefined;
  /** Failed attempts since the last good one. */
  readonly failures?: number;
  /** Why the newest attempt failed; what was read before still counts. */
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

export interface DirectoryReport {
  readonly rows: readonly DirectoryRow[];
  readonly sources: readonly SourceReport[];
  /** What is about no single person: an unknown group, an opt-out that names nobody. Absent when there is nothing. */
  readonly remarks?: readonly string[];
}

/** A report as numbers, as of when everything was taken together last. */
export interface DirectoryCounts {
  readonly outcomes: Readonly<Record<MappingOutcome, number>>;
  readonly sources: readonly SourceReport[];
}

/** Answer to the question whom a text means. */
export interface LookUp {
  readonly outcome: 'found' | 'not-found' | 'ambiguous';
  /** One for `found`. Those it may mean for `ambiguous`: just one when a common name alone was given, which never finds. */
  readonly rows: readonly DirectoryRow[];
  /** How long ago this was read from its source, milliseconds. */
  readonly age: number;
}
