import type { Clock, Log } from '../../../bridge/ports.js';
import { BridgeError } from '../../../presence/errors.js';
import { certificateExpiry } from './certificate-expiry.js';
import { type ClientCertificate, type ClientCertificateFiles, readClientCertificate } from './client-certificate.js';
import type { ServerConfiguration } from './domino-db-surface.js';

export interface ServerPlace {
  readonly hostName: string;
  readonly port: number;
  /** TLS with a certificate of the bridge; without it Domino sees an anonymous caller. */
  readonly secure: boolean;
}

/**
 * Where a Domino server is and how the bridge shows who it is. To be asked at each opening: certificate files that were
 * renewed are taken then, and one that ends soon is told to the log, once for each threshold and day. The result of two
 * calls is the same object while the files are the same, or cannot be used though the ones before still count. Throws `CFG_INVALID` at once when a file is not named; what is
 * returned throws `NOTES_CERTIFICATE`.
 */
export function serverConfiguration(
  place: ServerPlace & Partial<ClientCertificateFiles>,
  ports: { readonly clock: Clock; readonly log: Log },
): () => ServerConfiguration {
  const { hostName, rootCertificateFile, clientCertificateFile, clientKeyFile } = place;
  const port = String(place.port);
  if (!place.secure) {
    const configuration = { hostName, connection: { port } };
    return () => configuration;
  }
  if (rootCertificateFile === undefined || clientCertificateFile === undefined || clientKeyFile === undefined) {
    throw new BridgeError('CFG_INVALID', 'TLS to Domino needs a root certificate, a client certificate and its key.');
  }
  const files = { rootCertificateFile, clientCertificateFile, clientKeyFile };
  let current: ServerConfiguration | undefined;
  let currentEnd = 0;
  let told = '';
  return () => {
    const now = ports.clock.now();
    let read: ClientCertificate;
    try {
      read = readClientCertificate(files, now);
    } catch (error) {
      // Half of a renewal, or a mistake in it: what was read before goes on as long as it counts.
      if (current === undefined || now >= currentEnd) throw error;
      ports.log.warn('notes.certificate-unusable', { error });
      return current;
    }
    const { subject, validTo, doubts, ...credentials } = read;
    const { days, within } = certificateExpiry(validTo, now);
    const telling = `${validTo} ${days}`;
    if (within !== undefined && telling !== told) {
      told = telling;
      ports.log.warn('notes.certificate-expires', {
        certificate: subject,
        days,
        within,
        validTo: new Date(validTo).toISOString(),
      });
    }
    if (current === undefined || !sameCredentials(current.credentials, credentials)) {
      if (current !== undefined) ports.log.info('notes.certificate-renewed', { subject, days });
      for (const doubt of doubts) ports.log.warn('notes.certificate-doubtful', { subject, doubt });
      current = { hostName, connection: { port, secure: true }, credentials };
      currentEnd = validTo;
    }
    return current;
  };
}

type Credentials = NonNullable<ServerConfiguration['credentials']>;

const PARTS = ['rootCertificate', 'clientCertificate', 'clientKey'] as const;

function sameCredentials(before: Credentials | undefined, after: Credentials): boolean {
  return before !== undefined && PARTS.every((part) => before[part].equals(after[part]));
}
