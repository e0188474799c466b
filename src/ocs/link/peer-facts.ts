import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { TlsException } from './tls-settings.js';

/** What is worth telling about an established TLS connection. */
export interface PeerFacts {
  /** `TLSv1.2` or `TLSv1.3`; older ones only by an exception. */
  readonly protocol: string;
  readonly cipher: string;
  /** Common name of the certificate. */
  readonly subject: string;
  /** DNS names and addresses of the certificate. */
  readonly names: readonly string[];
  /** End of the certificate's validity, milliseconds since 1970. */
  readonly validTo: number;
  /** The exception from safe TLS that the configuration makes for this server. */
  readonly exception: TlsException | undefined;
}

export function peerFactsOf(socket: TLSSocket, exception: TlsException | undefined): PeerFacts {
  const certificate = socket.getPeerCertificate();
  return {
    protocol: socket.getProtocol() ?? '',
    cipher: socket.getCipher().standardName,
    subject: String(certificate.subject?.CN ?? ''),
    names: certificateNames(certificate),
    validTo: Date.parse(certificate.valid_to),
    exception,
  };
}

/**
 * Names that a certificate stands for: its alternative names, or the common name where there are none (RFC 6125
 * §6.4.4).
 */
export function certificateNames(certificate: PeerCertificate | undefined): readonly string[] {
  const alternative = (certificate?.subjectaltname ?? '')
    .split(', ')
    .flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? []);
  if (alternative.length > 0) return alternative;
  const commonName = certificate?.subject?.CN;
  return commonName === undefined ? [] : [String(commonName)];
}
