import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';
import type { Clock } from '../../../bridge/ports.js';
import { BridgeError } from '../../../presence/errors.js';
import type { ServerConfiguration } from './domino-db-surface.js';
import { codeOfTransport } from './transport-trouble.js';

/** What was found at the port of a Domino server. */
export interface ProtonPort {
  /** Address that answered. */
  readonly address: string;
  /** Absent without TLS. */
  readonly tls?: {
    readonly protocol: string;
    /** Common name, or the first name the certificate is for. */
    readonly subject: string;
    /** Milliseconds since 1970. */
    readonly validTo: number;
    /** Whether HTTP/2 was agreed on (RFC 9113, 3.2), without which there is no gRPC. */
    readonly speaksHttp2: boolean;
  };
}

const TIMEOUT_MS = 10_000;

/**
 * Connects to the port as gRPC would, and hangs up at once: domino-db itself says little about why it cannot connect.
 * With TLS 1.3 a server refuses a client's certificate only after that. Throws `NOTES_UNREACHABLE`, `NOTES_UNTRUSTED` or
 * `NOTES_CERTIFICATE`.
 */
export function tryProtonPort(
  { hostName, connection, credentials }: ServerConfiguration,
  clock: Clock,
  timeoutMs: number = TIMEOUT_MS,
): Promise<ProtonPort> {
  const place = { host: hostName, port: Number(connection.port) };
  return new Promise((resolve, reject) => {
    const socket: Socket =
      connection.secure === true && credentials !== undefined
        ? connectTls({
            ...place,
            // RFC 6066, 3: addresses are not sent as server names.
            servername: isIP(hostName) === 0 ? hostName : '',
            ca: credentials.rootCertificate,
            cert: credentials.clientCertificate,
            key: credentials.clientKey,
            ALPNProtocols: ['h2'],
          })
        : connectTcp(place);
    const cancel = clock.after(timeoutMs, () =>
      fail(
        new BridgeError('NOTES_UNREACHABLE', `${hostName}:${connection.port} does not answer; a firewall may be why.`),
      ),
    );
    const fail = (error: BridgeError): void => {
      cancel();
      socket.destroy();
      reject(error);
    };
    socket.on('error', (cause: NodeJS.ErrnoException) => {
      const code = codeOfTransport(cause.code, cause.message) ?? 'NOTES_UNREACHABLE';
      fail(new BridgeError(code, `${hostName}:${connection.port}: ${cause.message}`, { cause }));
    });
    socket.on('close', () =>
      fail(new BridgeError('NOTES_UNREACHABLE', `${hostName}:${connection.port} hung up during the greeting.`)),
    );
    socket.on(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => {
      cancel();
      resolve(portOf(socket));
      socket.destroy();
    });
  });
}

function portOf(socket: Socket): ProtonPort {
  const address = socket.remoteAddress ?? '';
  if (!(socket instanceof TLSSocket)) return { address };
  const { subject, subjectaltname = '', valid_to } = socket.getPeerCertificate();
  const name = subject?.CN ?? subjectaltname.split(',', 1)[0] ?? '';
  const tls = {
    protocol: socket.getProtocol() ?? '',
    subject: Array.isArray(name) ? name.join(', ') : name,
    validTo: Date.parse(valid_to),
    speaksHttp2: socket.alpnProtocol === 'h2',
  };
  return { address, tls };
}
