import type { PeerCertificate } from 'node:tls';
import { BridgeError } from '../../presence/errors.js';
import { certificateNames } from './peer-facts.js';

/** How far the connection had come when it failed. */
export type ConnectStage = 'connect' | 'handshake';

/** What Node adds to its errors; the certificate only when its name was the problem. */
interface NodeError extends Error {
  readonly code?: string;
  /** What became of each address, when there were several; the error itself then says nothing. */
  readonly errors?: readonly Error[];
  readonly cert?: PeerCertificate;
  /** OpenSSL's reason in words, when the error is OpenSSL's and Node took it apart. */
  readonly reason?: string;
}

/** Addresses of which it is told what became of them. */
const MAX_TOLD = 8;

function reasonOf({ message, errors = [] }: NodeError): string {
  const told = errors.slice(0, MAX_TOLD).map((one) => one.message);
  return message || told.join('; ') || 'no reason is known';
}

/** OpenSSL's reasons for an answer that is no TLS record. */
const NOT_TLS: ReadonlySet<string> = new Set([
  'wrong version number',
  'packet length too long',
  'http request',
  'unknown protocol',
]);

/** The reason in `…:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:…`; empty when there is none. */
function opensslReason({ reason, message }: NodeError): string {
  return reason ?? /:error:[0-9A-F]+:[^:]*:[^:]*:([^:\n]+)/i.exec(message)?.[1] ?? '';
}

/**
 * OpenSSL's words for a certificate that does not lead to a trusted authority, or not now
 * (X509_verify_cert_error_string).
 */
const UNTRUSTED =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|CRL_|ERROR_IN_)/;

/**
 * Turns what Node reports while connecting into one of our codes. `wanted` is the name that the certificate must hold.
 */
export function connectError(thrown: NodeError, stage: ConnectStage, where: string, wanted: string): BridgeError {
  const code = thrown.code ?? '';
  const options = { cause: thrown, details: { server: where, cause: code || reasonOf(thrown) } };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const found = certificateNames(thrown.cert).join(', ') || 'no name';
    const text = `The certificate of ${where} was issued for ${found}; "${wanted}" was expected.`;
    return new BridgeError('OCS_TLS_NAME', text, { cause: thrown, details: { ...options.details, wanted, found } });
  }
  if (UNTRUSTED.test(code)) {
    return new BridgeError(
      'OCS_TLS_UNTRUSTED',
      `The certificate of ${where} is not trusted: ${thrown.message}.`,
      options,
    );
  }
  if (stage === 'handshake' && code !== 'ETIMEDOUT') {
    const reason = opensslReason(thrown);
    const text = NOT_TLS.has(reason)
      ? `The server at ${where} does not speak TLS.`
      : `No TLS with ${where}: ${reason || thrown.message}.`;
    return new BridgeError('OCS_TLS_PROTOCOL', text, options);
  }
  return new BridgeError('OCS_UNREACHABLE', `No connection to ${where}: ${reasonOf(thrown)}.`, options);
}
