import type { SipRequest, SipResponse } from '../codec/message.js';

/** The one place where a fault takes part in what the server says; everything else happens on the line. */
export interface FaultHooks {
  /** Answer to an admitted request, or to one that would be challenged, in place of the server's own; it is signed if it can be. */
  answerInstead(request: SipRequest): SipResponse | undefined;
}
