import type { ErrorCode } from '../../../presence/errors.js';

/** Status numbers of gRPC ("Status codes and their use in gRPC") that say something about the way to the server. */
const BY_GRPC_STATUS: Readonly<Record<number, ErrorCode>> = {
  // Cancelled: the channel was closed under the call.
  1: 'NOTES_UNREACHABLE',
  4: 'NOTES_TIMEOUT',
  5: 'NOTES_NOT_FOUND',
  7: 'NOTES_FORBIDDEN',
  8: 'NOTES_BUSY',
  // Unimplemented: something that speaks gRPC, but not Proton.
  12: 'NOTES_UNREACHABLE',
  13: 'NOTES_UNREACHABLE',
  14: 'NOTES_UNREACHABLE',
  16: 'NOTES_FORBIDDEN',
};

const UNREACHABLE: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** The server's certificate: codes of Node and OpenSSL, and their texts, since gRPC passes on the text alone. */
const UNTRUSTED =
  /\b(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH|ERR_TLS_CERT_ALTNAME_INVALID)\b|self[- ]signed certificate|unable to (verify the first|get (local )?issuer) certificate|does not match certificate's altnames|certificate has expired|certificate signature failure|certificate is not yet valid/i;

/** Ours, as the server sees it: alerts of TLS (RFC 8446, 6.2), by name or number. */
const OWN_CERTIFICATE =
  /alert (bad certificate|unsupported certificate|certificate (revoked|expired|unknown|required)|unknown ca)|SSL alert number (42|43|44|45|46|48|116)\b|ALERT_(BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(REVOKED|EXPIRED|UNKNOWN|REQUIRED)|UNKNOWN_CA)/i;

/** What an error object of gRPC, Node or OpenSSL means; `undefined` when it is none of these. */
export function codeOfTransport(code: unknown, text: string): ErrorCode | undefined {
  const said = `${typeof code === 'string' ? code : ''} ${text}`;
  if (OWN_CERTIFICATE.test(said)) return 'NOTES_CERTIFICATE';
  if (UNTRUSTED.test(said)) return 'NOTES_UNTRUSTED';
  if (UNREACHABLE.has(code)) return 'NOTES_UNREACHABLE';
  return typeof code === 'number' ? BY_GRPC_STATUS[code] : undefined;
}
