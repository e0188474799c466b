import { BridgeError } from '../../../src/presence/errors.js';

/** Why `read` refused what it read: `details.reason`, any other error as it is, or `accepted`. */
export function refusalReason(read: () => unknown): unknown {
  try {
    read();
  } catch (thrown) {
    return thrown instanceof BridgeError && thrown.code === 'OCS_DOCUMENT' ? thrown.details['reason'] : thrown;
  }
  return 'accepted';
}
