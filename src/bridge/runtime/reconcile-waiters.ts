import { BridgeError } from '../../presence/errors.js';
import type { ReconcileFacts } from '../engine/reconcile-facts.js';

interface Waiting {
  resolve(facts: ReconcileFacts): void;
  reject(error: BridgeError): void;
}

/** Those who wait for the next comparison of all documents. */
export class ReconcileWaiters {
  #waiting: readonly Waiting[] = [];

  wait(): Promise<ReconcileFacts> {
    return new Promise((resolve, reject) => {
      this.#waiting = [...this.#waiting, { resolve, reject }];
    });
  }

  compared(facts: ReconcileFacts): void {
    for (const { resolve } of this.#taken()) resolve(facts);
  }

  failed(error: BridgeError): void {
    for (const { reject } of this.#taken()) reject(error);
  }

  #taken(): readonly Waiting[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}

/** Why nothing can be compared now. */
export function notActive(): BridgeError {
  return new BridgeError(
    'BRIDGE_STANDBY',
    'This bridge does not write at the moment; "presence-bridge status" says more.',
  );
}
