import type { Clock } from '../../bridge/ports.js';
import { certificateExpiry } from '../drivers/domino-db/certificate-expiry.js';
import { readClientCertificate } from '../drivers/domino-db/client-certificate.js';
import type { ServerConfiguration } from '../drivers/domino-db/domino-db-surface.js';
import { tryProtonPort } from '../drivers/domino-db/proton-port.js';
import type { DominoDbConfig } from '../open-driver.js';
import { noted, type ProbeStep, passed, warned } from './probe-step.js';

/** Names of the steps, for a failure that is thrown. */
export const DOMINO_DB_STEPS = { certificate: 'Domino certificate', connection: 'Domino connection' } as const;

/** The certificate of the bridge: throws `NOTES_CERTIFICATE` when it cannot be used. Contacts nothing. */
export function certificateSteps(config: DominoDbConfig, now: number): readonly ProbeStep[] {
  const name = DOMINO_DB_STEPS.certificate;
  const { secure, rootCertificateFile, clientCertificateFile, clientKeyFile } = config;
  if (!secure) {
    const next = 'Use it in a laboratory only; otherwise set "secure: true" and name the three certificate files.';
    return [warned(name, 'Without TLS Domino takes the bridge for Anonymous, and everything goes in the clear.', next)];
  }
  if (rootCertificateFile === undefined || clientCertificateFile === undefined || clientKeyFile === undefined)
    return [];
  const read = readClientCertificate({ rootCertificateFile, clientCertificateFile, clientKeyFile }, now);
  const next = 'Renew it and import the new one into the Person document of the bridge; no restart is needed.';
  return [
    expirySteps(name, `"${read.subject}"`, read.validTo, now, next),
    ...read.doubts.map((doubt) =>
      warned(name, doubt, 'See the chapter on certificates in the guide for administrators.'),
    ),
  ];
}

/** Connects to Proton's port and tells of its certificate. Throws `BridgeError` when that fails. */
export async function connectionSteps(server: ServerConfiguration, clock: Clock): Promise<readonly ProbeStep[]> {
  const name = DOMINO_DB_STEPS.connection;
  const before = clock.monotonic();
  const { address, tls } = await tryProtonPort(server, clock);
  const took = Math.round(clock.monotonic() - before);
  const place = `${server.hostName}:${server.connection.port}`;
  const steps = [
    passed(name, `Connected to ${place}${address === server.hostName ? '' : ` (${address})`} in ${took} ms.`),
  ];
  if (tls === undefined) return steps;
  const whose = `${tls.protocol}; certificate of the server "${tls.subject}"`;
  steps.push(expirySteps(name, whose, tls.validTo, clock.now(), 'Have the certificate of Proton renewed.'));
  if (!tls.speaksHttp2) steps.push(noted(name, 'The server did not agree on HTTP/2; is this the port of Proton?'));
  return steps;
}

function expirySteps(name: string, whose: string, validTo: number, now: number, next: string): ProbeStep {
  const { days, within } = certificateExpiry(validTo, now);
  const detail = `${whose}, valid until ${new Date(validTo).toISOString().slice(0, 10)} (${days} days).`;
  return within === undefined ? passed(name, detail) : warned(name, detail, next);
}
