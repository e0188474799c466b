import { BridgeError, type ErrorDetails } from '../../presence/errors.js';
import type { RedirectTarget } from '../link/redirect.js';

/** The server says that another one is responsible for the account. */
export class AccountMoved extends BridgeError {
  /** How it said so: an answer to REGISTER (RFC 3261 §21.3), or a notice about the registration (MS-SIPREGE 3.2.5). */
  readonly how: 'redirect' | 'notice';
  /** Servers that it named, best first; empty when the right one has to be looked for. */
  readonly targets: readonly RedirectTarget[];

  constructor(
    how: AccountMoved['how'],
    text: string,
    { targets, details }: { readonly targets: readonly RedirectTarget[]; readonly details: ErrorDetails },
  ) {
    super(how === 'redirect' ? 'OCS_REDIRECT' : 'OCS_REJECTED', text, { details });
    this.how = how;
    this.targets = targets;
  }
}
