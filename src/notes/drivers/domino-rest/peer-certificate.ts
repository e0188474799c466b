import { isIP } from 'node:net';
import { connect, type PeerCertificate } from 'node:tls';
import type { Clock } from '../../../bridge/ports.js';
import { BridgeError } from '../../../presence/errors.js';
import { transportError } from './transport-errors.js';

export interface ServerCertificate {
  readonly protocol: string;
  readonly subject: string;
  /** Milliseconds since 1970. */
  readonly validTo: number;
}

/** Connects by TLS, as requests will, and tells what the server showed. Throws as requests do. */
export function serverCertificate(
  url: string,
  ca: string | undefined,
  timeoutMs: number,
  clock: Clock,
): Promise<ServerCertificate> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: port === '' ? 443 : Number(port),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      ...(ca === undefined ? {} : { ca }),
    });
    const cancel = clock.after(timeoutMs, () => {
      socket.destroy();
      const message = `${url} did not complete the TLS handshake within ${timeoutMs / 1000} s.`;
      reject(new BridgeError('NOTES_TIMEOUT', message, { details: { operation: 'connect' } }));
    });
    // Every one: an error after the first would end the process if nobody listened.
    socket.on('error', (thrown) => {
      cancel();
      reject(transportError(thrown, url, 'connect'));
    });
    socket.once('secureConnect', () => {
      cancel();
      const { subject, valid_to } = socket.getPeerCertificate();
      resolve({ protocol: socket.getProtocol() ?? 'TLS', subject: nameOf(subject), validTo: Date.parse(valid_to) });
      socket.destroy();
    });
  });
}

function nameOf(subject: PeerCertificate['subject'] | undefined): string {
  const name = subject?.CN as string | readonly string[] | undefined;
  return (Array.isArray(name) ? name.join(', ') : String(name ?? 'unnamed')).slice(0, 200);
}
