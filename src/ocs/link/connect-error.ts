import type { TLSSocket } from 'node:tls';
import { BridgeError } from '../../presence/errors.js';
import { certificateNames } from './peer-facts.js';

/** How far the connection had come when it failed. */
export type ConnectStage = 'connect' | 'handshake';

interface NodeError extends Error {
  readonly code?: string;
}

/** OpenSSL's and Node's words for a certificate that does not lead to a trusted authority, or not now. */
const UNTRUSTED =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED_CERT|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED|HOSTNAME_MISMATCH|CRL_|ERROR_IN_)/;

/** Turns what Node reports while connecting into one of our codes. `wanted` is the name that the certificate must hold. */
export function connectError(
  thrown: NodeError,
  stage: ConnectStage,
  where: string,
  wanted: string,
  socket?: TLSSocket,
): BridgeError {
  const code = thrown.code ?? '';
  const details = { server: where, cause: code || thrown.message };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    const names = certificateNames(socket?.getPeerCertificate()).join(', ') || 'no name';
    return new BridgeError(
      'OCS_TLS_NAME',
      `The certificate of ${where} was issued for ${names}; "${wanted}" was expected.`,
      { cause: thrown, details: { ...details, wanted, found: names } },
    );
  }
  if (UNTRUSTED.test(code)) {
    const subject = socket?.getPeerCertificate().subject?.CN;
    return new BridgeError('OCS_TLS_UNTRUSTED', `The certificate of ${where} is not trusted: ${thrown.message}.`, {
      cause: thrown,
      details: { ...details, ...(subject ? { subject: String(subject) } : {}), ...validity(socket) },
    });
  }
  if (stage === 'handshake' && code !== 'ETIMEDOUT') {
    return new BridgeError('OCS_TLS_PROTOCOL', `No TLS with ${where}: ${thrown.message}.`, { cause: thrown, details });
  }
  return new BridgeError('OCS_UNREACHABLE', `No connection to ${where}: ${thrown.message}.`, {
    cause: thrown,
    details,
  });
}

function validity(socket: TLSSocket | undefined): { validFrom?: string; validTo?: string } {
  const certificate = socket?.getPeerCertificate();
  return certificate?.valid_to ? { validFrom: certificate.valid_from, validTo: certificate.valid_to } : {};
}
