import type { BridgeError } from '../../presence/errors.js';
import type { SipUri } from '../../presence/ids.js';
import type { Observation } from '../../presence/snapshot.js';
import type { RequestBudget } from './request-budget.js';
import type { RunPorts } from './run-wiring.js';
import type { SubscribeTerms } from './subscribe-request.js';

export interface WatcherOptions extends SubscribeTerms {
  /** People per SUBSCRIBE. */
  readonly batchSize: number;
  /** SUBSCRIBE requests under way at a time. */
  readonly maxInFlight: number;
}

export interface WatcherPorts extends RunPorts {
  /** Shared with all other watchers of the same servers. Without it only `maxInFlight` holds. */
  readonly budget?: RequestBudget | undefined;
}

export interface WatcherListener {
  onObservations(observations: readonly Observation[], authoritative: boolean): void;
  onLost(uris: readonly SipUri[], reason: string): void;
  /** The server has forgotten our sign-in. */
  onSignInNeeded(): void;
  /** The connection is of no use any more. */
  onFailed(error: BridgeError): void;
}
