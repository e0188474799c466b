import type { Clock, Log } from '../../bridge/ports.js';
import { BridgeError } from '../../presence/errors.js';
import { certificateExpiry } from '../certificate-expiry.js';
import { type ClientCertificateFiles, readClientCertificate } from '../client-certificate.js';
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
 * calls is the same object while the files are the same. Throws `CFG_INVALID` at once when a file is not named; what is
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
  let told = '';
  return () => {
    const now = ports.clock.now();
    const { subject, validTo, doubts, ...credentials } = readClientCertificate(files, now);
    const { days, within } = certificateExpiry(validTo, now);
    const telling = `${validTo} ${days}`;
    if (within !== undefined && telling !== told) {
      told = telling;
      ports.log.warn('notes.certificate-expires', { subject, days, within, validTo: new Date(validTo).toISOString() });
    }
    if (current === undefined || !sameCredentials(current.credentials, credentials)) {
      if (current !== undefined) ports.log.info('notes.certificate-renewed', { subject, days });
      for (const doubt of doubts) ports.log.warn('notes.certificate-doubtful', { subject, doubt });
      current = { hostName, connection: { port, secure: true }, credentials };
    }
    return current;
  };
}

type Credentials = NonNullable<ServerConfiguration['credentials']>;

const PARTS = ['rootCertificate', 'clientCertificate', 'clientKey'] as const;

function sameCredentials(before: Credentials | undefined, after: Credentials): boolean {
  return before !== undefined && PARTS.every((part) => before[part].equals(after[part]));
}
