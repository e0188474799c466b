import { bad, ok, type Result } from '../../presence/result.js';
import type { AuthHeader } from '../wire/headers/auth-params.js';

/** Who answers a Digest challenge. */
export interface DigestIdentity {
  readonly user: string;
  readonly password: string;
}

/** A challenge that can be answered, as sip.js wants it (RFC 2617 §3.2.1, RFC 7616 §3.3). */
export interface DigestChallenge {
  readonly algorithm: 'MD5';
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | undefined;
  /** The password was right, only the nonce is too old. */
  readonly stale: boolean;
  /** Absent in the form of RFC 2069. */
  readonly qop: readonly 'auth'[] | undefined;
}

/** Digest with MD5, without protection of the body: all that sip.js and the servers of RFC 3261 have in common. */
export function readDigestChallenge({ scheme, params }: AuthHeader): Result<DigestChallenge> {
  if (scheme.toLowerCase() !== 'digest') return bad('it is no Digest challenge');
  const algorithm = params.get('algorithm') ?? 'MD5';
  if (algorithm.toUpperCase() !== 'MD5')
    return bad(`the server wants Digest with ${algorithm}, which is not supported`);
  const qop = params
    .get('qop')
    ?.toLowerCase()
    .split(/[\s,]+/);
  if (qop !== undefined && !qop.includes('auth')) return bad('the server wants a Digest that covers the body');
  const [realm, nonce] = [params.get('realm'), params.get('nonce')];
  if (realm === undefined || nonce === undefined) return bad('the Digest challenge of the server is incomplete');
  return ok({
    algorithm: 'MD5',
    realm,
    nonce,
    opaque: params.get('opaque'),
    stale: params.get('stale')?.toLowerCase() === 'true',
    qop: qop === undefined ? undefined : ['auth'],
  });
}
