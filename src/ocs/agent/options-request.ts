import type { SipUri } from '../../presence/ids.js';
import type { RequestDraft } from './core.js';
import { wireUri } from './wire-uri.js';

/** OPTIONS to the server itself (RFC 3261 §11): cheap, and answered by whatever speaks SIP, if only with an error. */
export function optionsRequest(account: SipUri, callId: string, fromTag: string): RequestDraft {
  return {
    method: 'OPTIONS',
    requestUri: `sip:${account.slice(account.lastIndexOf('@') + 1)}`,
    to: wireUri(account),
    toTag: undefined,
    fromTag,
    callId,
    cseq: 1,
    routes: [],
    supported: [],
    headers: [],
  };
}
