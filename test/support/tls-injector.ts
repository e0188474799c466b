import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type TLSSocket } from 'node:tls';
import type { ServerCertificate } from '../../src/ocs/simulator/certificates.js';

const HEAD_END = '\r\n\r\n';

/** One client's connection through the injector. */
interface Passage {
  readonly client: TLSSocket;
  readonly server: TLSSocket;
  /** Octets of a message of the server that is not whole yet. */
  rest: Buffer;
}

/**
 * Stands between a client and a server, shows the server's certificate, and puts octets between two messages of the
 * server, as if the server had sent them.
 */
export class TlsInjector {
  readonly #server: Server;
  readonly #passages = new Set<Passage>();
  #connections = 0;
  /** Octets that clients sent. */
  #fromClients = 0;

  private constructor(certificate: ServerCertificate, target: number) {
    const { certificate: cert, privateKey: key, caCertificate: ca } = certificate;
    this.#server = createServer({ cert, key }, (client) => {
      this.#connections += 1;
      const server = connect({ host: '127.0.0.1', port: target, ca, servername: 'localhost' });
      const passage: Passage = { client, server, rest: Buffer.alloc(0) };
      this.#passages.add(passage);
      client.on('data', (chunk: Buffer) => {
        this.#fromClients += chunk.length;
        server.write(chunk);
      });
      server.on('data', (chunk: Buffer) => forward(passage, chunk));
      for (const [one, other] of [[client, server] as const, [server, client] as const]) {
        one.on('error', () => {});
        one.on('close', () => {
          other.destroy();
          this.#passages.delete(passage);
        });
      }
    });
  }

  static async open(certificate: ServerCertificate, target: number): Promise<TlsInjector> {
    const injector = new TlsInjector(certificate, target);
    injector.#server.listen(0, '127.0.0.1');
    await once(injector.#server, 'listening');
    return injector;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that clients made so far. */
  get connections(): number {
    return this.#connections;
  }

  get octetsFromClients(): number {
    return this.#fromClients;
  }

  /** Sends octets to all clients now, between two messages of the server. */
  inject(bytes: Buffer): void {
    for (const { client } of this.#passages) client.write(bytes);
  }

  /** Ends all connections. */
  cut(): void {
    for (const { client, server } of [...this.#passages]) {
      client.destroy();
      server.destroy();
    }
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

/** Passes on whole messages only, so that there is always a place between two of them. */
function forward(passage: Passage, chunk: Buffer): void {
  const bytes = Buffer.concat([passage.rest, chunk]);
  let at = 0;
  for (;;) {
    const end = bytes.indexOf(HEAD_END, at, 'latin1');
    if (end < 0) break;
    const length = Number(/content-length:\s*(\d+)/i.exec(bytes.toString('latin1', at, end))?.[1] ?? 0);
    const next = end + HEAD_END.length + length;
    if (next > bytes.length) break;
    at = next;
  }
  if (at > 0) passage.client.write(bytes.subarray(0, at));
  passage.rest = Buffer.from(bytes.subarray(at));
}
