import type { Coordinator } from '../lease-ports.js';

/**
 * For a store that one process alone can open, as the embedded one: active at once and for good. `epoch` is the number
 * of this turn; whoever opens the store takes a higher one when its documents hold one.
 */
export function soleBridge(epoch = 1): Coordinator {
  let mayWrite = false;
  return {
    start(onRole) {
      mayWrite = true;
      onRole({ state: 'active', epoch });
    },
    mayWrite: () => mayWrite,
    stop() {
      mayWrite = false;
      return Promise.resolve();
    },
  };
}
