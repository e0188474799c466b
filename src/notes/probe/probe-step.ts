import type { BridgeError } from '../../presence/errors.js';

/** `note` only tells the way; `warn` is what somebody should look at although it stops nothing yet. */
export type ProbeOutcome = 'pass' | 'note' | 'warn' | 'fail';

/** One prerequisite of the Domino side, as it was found. */
export interface ProbeStep {
  /** What was looked at, in two or three words for people, such as `Domino certificate`. */
  readonly name: string;
  readonly outcome: ProbeOutcome;
  /** One sentence for people. */
  readonly detail: string;
  /** What the reader can do next, where `error` does not say it. */
  readonly next?: string;
  /** Why it failed. */
  readonly error?: BridgeError;
}

export function passed(name: string, detail: string): ProbeStep {
  return { name, outcome: 'pass', detail };
}

export function noted(name: string, detail: string): ProbeStep {
  return { name, outcome: 'note', detail };
}

export function warned(name: string, detail: string, next: string): ProbeStep {
  return { name, outcome: 'warn', detail, next };
}

export function failed(name: string, error: BridgeError): ProbeStep {
  return { name, outcome: 'fail', detail: error.message, error };
}
