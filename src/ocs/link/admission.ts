import type { SecurityAssociation } from '../auth/association.js';
import { parseAuthHeader } from '../wire/headers/auth-params.js';
import type { SipMessage } from '../wire/message.js';

/**
 * What becomes of a received message: `pass`; or it is dropped because it is `unsigned`, signed by an `unknown`
 * association or `replayed`; or, being `wrong`, it ends the connection.
 */
export type Admission = 'pass' | 'unsigned' | 'unknown' | 'replayed' | 'wrong';

/** How a connection is secured: not decided yet, not at all (the server never challenged), or by these associations. */
export type Security = 'pending' | 'none' | readonly SecurityAssociation[];

const INFOS = ['Authentication-Info', 'Proxy-Authentication-Info'];

/**
 * Decides on a received message by its signature (MS-SIPAE 3.2.5.3). `candidate` is the association of a sign-in under
 * way.
 */
export function admit(message: SipMessage, security: Security, candidate: SecurityAssociation | undefined): Admission {
  const established = typeof security === 'string' ? [] : security;
  const known = candidate === undefined ? established : [candidate, ...established];
  const infos = known.length === 0 ? [] : INFOS.flatMap((name) => message.headerValues(name));
  if (infos.length === 0) return security === 'none' || mayBeUnsigned(message) ? 'pass' : 'unsigned';
  for (const value of infos) {
    const info = parseAuthHeader(value);
    if (info === undefined) continue;
    const association = known.find((one) => one.matches(info.scheme, info.params));
    if (association === undefined) continue;
    const verdict = association.verify(message, info.params);
    return verdict === 'valid' ? 'pass' : verdict;
  }
  return 'unknown';
}

/**
 * Challenges and 100 come without signature. COMPAT(ocs2007): so may the answer to a REGISTER; whoever forged one would
 * gain nothing, since everything that follows must be signed.
 */
function mayBeUnsigned(message: SipMessage): boolean {
  if (message.kind === 'request') return false;
  return [100, 401, 407].includes(message.status) || message.cseq?.method === 'REGISTER';
}
