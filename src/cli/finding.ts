import type { DiscoveryStep } from '../ocs/link/discovery/step.js';
import type { Outcome } from '../ocs/probe.js';
import type { BridgeError } from '../presence/errors.js';

/** One prerequisite, or something on the way to it. */
export interface Finding {
  readonly name: string;
  readonly outcome: Outcome;
  readonly detail: string;
  /** What the reader can do next, where `error` does not say it. */
  readonly next?: string;
  /** The look-up that it is about, for programs. */
  readonly lookUp?: DiscoveryStep;
  /** Why it failed. */
  readonly error?: BridgeError;
}
