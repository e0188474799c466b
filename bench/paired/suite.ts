import type { Folders } from '../pipeline.js';

export type CandidateRole =
  /** Least work that still gives the answer, or the plain way to do it: a limit to measure against. */
  'bound' | 'product' | 'peer';

export interface Candidate {
  readonly name: string;
  readonly role: CandidateRole;
  /** Does one call with input number `turn` and gives the number of items done. Throws when the answer is wrong. */
  run(turn: number): number;
}

/** What is measured side by side in one process. */
export interface Table {
  readonly title: string;
  /** What one item is: `message`. */
  readonly unit: string;
  /** Name of the candidate that the ratios refer to. */
  readonly base: string;
  readonly candidates: readonly Candidate[];
  /** Candidates that were left out, and why. */
  readonly left: readonly string[];
  readonly goals: readonly TableGoal[];
}

/** At most `times` the base; or, without `times`, cheaper than every peer. */
export interface TableGoal {
  readonly candidate: string;
  readonly times?: number;
  /** A floor must hold; what is aimed at may be missed. */
  readonly kind: 'floor' | 'aim';
}

export interface Suite {
  readonly name: string;
  readonly title: string;
  /** Paragraphs that say what is measured. */
  readonly intro: string;
  /** Packages to measure against. */
  readonly peers: readonly string[];
  load(folders: Folders): Promise<readonly Table[]>;
}
