import type { NoStatusReason } from '../../../client/messages.js';
import { BridgeError } from '../../../presence/errors.js';

/**
 * The error for a path that names nobody: 404 for nobody, 400 for what several people are called or is no name. The same
 * words whoever was asked for: a filter leaves no trace in them.
 */
export function nobody(reason: NoStatusReason | undefined): BridgeError {
  switch (reason) {
    case 'ambiguous':
      return new BridgeError('API_BAD_REQUEST', 'several people have this name; ask by the full name or an address');
    case 'not-a-name':
      return new BridgeError('API_BAD_REQUEST', 'this is neither a name nor an address');
    default:
      return new BridgeError('DIRECTORY_NOBODY', 'nobody is known under this name or address');
  }
}
