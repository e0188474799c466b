import { BridgeError } from '../../presence/errors.js';

/** A difference below this is no more than the time an answer takes. Seconds. */
const SKEW_NOTICED = 60;
/** Kerberos fails from here on, and people ought to know before they look for a wrong password. Seconds. */
const SKEW_LIMIT = 300;

/** `failures` in a row; `reason` says who refused when it was not the server. */
export function badCredentials(
  failures: number,
  { skewSeconds, reason }: { readonly skewSeconds?: number; readonly reason?: string },
): BridgeError {
  const who = reason ?? 'the OCS server refused the user name or the password';
  const apart =
    skewSeconds === undefined || Math.abs(skewSeconds) < SKEW_LIMIT
      ? ''
      : `; the clocks are ${Math.abs(skewSeconds)} s apart, which alone can be the reason`;
  const text = `${who[0]?.toUpperCase()}${who.slice(1)}${apart}.`;
  return new BridgeError('OCS_BAD_CREDENTIALS', text, {
    details: {
      attempts: failures,
      ...(skewSeconds === undefined || Math.abs(skewSeconds) < SKEW_NOTICED ? {} : { clockSkewSeconds: skewSeconds }),
    },
  });
}

/**
 * Why there is no proof: `cause`, or the clocks when they are too far apart (RFC 4120 §5.5.2). `skewSeconds` is how far
 * the server's clock is ahead.
 */
export function noTicket(cause: BridgeError, skewSeconds: number): BridgeError {
  const apart = Math.abs(skewSeconds);
  if (apart < SKEW_LIMIT) return cause;
  const where = skewSeconds > 0 ? 'behind' : 'ahead of';
  const text = `The clock of this machine is ${apart} s ${where} that of the OCS server; Kerberos admits ${SKEW_LIMIT} s.`;
  return new BridgeError('OCS_KERBEROS', text, { cause, details: { ...cause.details, clockSkewSeconds: skewSeconds } });
}
