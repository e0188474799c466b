import { BridgeError } from '../../../presence/errors.js';
import type { MechanismStart } from '../mechanism.js';
import type { GssFailure } from './binding.js';

/** Where the error codes of the protocol begin (`krb5_err.h`: ERROR_TABLE_BASE_krb5). */
const PROTOCOL_ERRORS = -1_765_328_384;

/** Codes of RFC 4120 §7.5.9 with which a KDC says that user, password or keytab are of no use. */
const CREDENTIALS: ReadonlySet<number> = new Set(
  [
    1, // KDC_ERR_NAME_EXP: the account has expired
    6, // KDC_ERR_C_PRINCIPAL_UNKNOWN
    12, // KDC_ERR_POLICY: logon hours or workstations
    18, // KDC_ERR_CLIENT_REVOKED: disabled or locked
    23, // KDC_ERR_KEY_EXPIRED: the password must be changed
    24, // KDC_ERR_PREAUTH_FAILED: wrong password
    31, // KRB_AP_ERR_BAD_INTEGRITY: wrong password, without pre-authentication
  ].map((code) => PROTOCOL_ERRORS + code),
);

/** What a failed call means for the sign-in: the KDC refused the credentials, or there is no ticket for now. */
export function startFailure(
  { minor, text }: GssFailure,
  principal: string,
): Exclude<MechanismStart, { kind: 'token' }> {
  if (CREDENTIALS.has(minor)) return { kind: 'refused', reason: `the KDC refused ${principal}: ${text}` };
  return { kind: 'failed', error: kerberosError(text, minor) };
}

export function kerberosError(text: string, minor = 0): BridgeError {
  const code = minor >= PROTOCOL_ERRORS && minor < PROTOCOL_ERRORS + 128 ? minor - PROTOCOL_ERRORS : minor;
  return new BridgeError('OCS_KERBEROS', `Kerberos: ${text}.`, { details: minor === 0 ? {} : { kerberos: code } });
}
