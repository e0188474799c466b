import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Connection, connect } from '../../../src/ocs/link/connection.js';
import type { ServerAddress } from '../../../src/ocs/link/server-address.js';
import { createThrowAwayAuthority, type ServerCertificate } from '../../../src/ocs/simulator/certificates.js';
import type { BridgeError } from '../../../src/presence/errors.js';

const NAME = 'ocs01.contoso.example';
const HAS_IPV6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);
let certificate: ServerCertificate;
const open: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];

beforeAll(async () => {
  certificate = await createThrowAwayAuthority([NAME, '127.0.0.1']);
});

afterEach(async () => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  open.push({ server, sockets });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function tlsServer(options: TlsOptions = {}, onSocket: (socket: Socket) => void = () => {}): Promise<number> {
  const server = createTlsServer({ cert: certificate.certificate, key: certificate.privateKey, ...options }, onSocket);
  server.on('tlsClientError', () => {});
  return listen(server);
}

class Recorder {
  received = '';
  closed: { readonly error: BridgeError | undefined } | undefined;
  #wake: () => void = () => {};

  onData(chunk: Buffer): void {
    this.received += chunk.toString();
    this.#wake();
  }

  onClose(error: BridgeError | undefined): void {
    this.closed = { error };
    this.#wake();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

const tls = (port: number, more: Partial<ServerAddress> = {}): ServerAddress => ({
  host: '127.0.0.1',
  port,
  transport: 'tls',
  tls: { ca: certificate.caCertificate },
  ...more,
});

async function refusal(server: ServerAddress, timeout?: number): Promise<BridgeError> {
  const sink = new Recorder();
  const outcome: unknown = await connect(server, sink, timeout === undefined ? {} : { timeoutMs: timeout }).catch(
    (thrown: unknown) => thrown,
  );
  expect(sink.closed).toBeUndefined();
  return outcome as BridgeError;
}

describe('connection over TLS', () => {
  test('tells what it knows of the peer and carries bytes both ways', async () => {
    const port = await tlsServer({}, (socket) => socket.pipe(socket));
    const sink = new Recorder();
    const connection: Connection = await connect(tls(port, { serverName: NAME }), sink);
    expect(connection.peer).toMatchObject({ subject: NAME, names: [NAME, '127.0.0.1'] });
    expect(connection.peer?.protocol).toMatch(/^TLSv1\.[23]$/);
    expect(connection.peer?.validTo).toBeGreaterThan(Date.now());
    expect(connection.localAddress).toMatch(/^127\.0\.0\.1:\d+$/);
    await connection.write(Buffer.from('ping'));
    await sink.until(() => sink.received === 'ping');
    connection.close();
    await sink.until(() => sink.closed !== undefined);
    expect(sink.closed).toEqual({ error: undefined });
  });

  test('accepts an address when the certificate names it', async () => {
    const connection = await connect(tls(await tlsServer()), new Recorder());
    connection.close();
  });

  test('refuses a certificate for another name and says both names', async () => {
    const error = await refusal(tls(await tlsServer(), { serverName: 'sip.fabrikam.example' }));
    expect(error.code).toBe('OCS_TLS_NAME');
    expect(error.message).toContain('"sip.fabrikam.example"');
    expect(error.message).toContain(`${NAME}, 127.0.0.1`);
  });

  test('refuses an unknown authority', async () => {
    const { caCertificate } = await createThrowAwayAuthority([NAME]);
    expect((await refusal(tls(await tlsServer(), { tls: { ca: caCertificate } }))).code).toBe('OCS_TLS_UNTRUSTED');
  });

  test('refuses an unknown authority even where the process is told to accept everything', async () => {
    const { caCertificate } = await createThrowAwayAuthority([NAME]);
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const error = await refusal(tls(await tlsServer(), { tls: { ca: caCertificate } })).finally(() =>
      vi.unstubAllEnvs(),
    );
    expect(error.code).toBe('OCS_TLS_UNTRUSTED');
  });

  test('refuses an expired certificate and says so', async () => {
    const day = 86_400_000;
    const validity = { notBefore: new Date(Date.now() - 9 * day), notAfter: new Date(Date.now() - day) };
    const old = await createThrowAwayAuthority([NAME, '127.0.0.1'], validity);
    const port = await tlsServer({ cert: old.certificate, key: old.privateKey });
    const error = await refusal(tls(port, { tls: { ca: old.caCertificate } }));
    expect(error.code).toBe('OCS_TLS_UNTRUSTED');
    expect(error.message).toContain('expired');
  });

  test('refuses versions below 1.2', async () => {
    const port = await tlsServer({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' });
    const error = await refusal(tls(port));
    expect(error.code).toBe('OCS_TLS_PROTOCOL');
    expect(error.message).toMatch(/^No TLS with 127\.0\.0\.1:\d+: [a-z0-9 ]*protocol[a-z0-9 ]*\.$/);
  });

  test('tells a server that speaks no TLS from one that is not there', async () => {
    const plain = createServer((socket) => socket.end('SIP/2.0 400 Bad Request\r\n\r\n'));
    const port = await listen(plain);
    const error = await refusal(tls(port));
    expect(error.code).toBe('OCS_TLS_PROTOCOL');
    expect(error.message).toBe(`The server at 127.0.0.1:${port} does not speak TLS.`);
    expect(error.next).toContain('port');
  });

  test('takes a server that hangs up during the handshake for one without a common TLS', async () => {
    const rude = createServer((socket) => socket.destroy());
    expect((await refusal(tls(await listen(rude)))).code).toBe('OCS_TLS_PROTOCOL');
  });

  test('does not wait for ever on a server that says nothing', async () => {
    const mute = createServer(() => {});
    expect((await refusal(tls(await listen(mute)), 50)).code).toBe('OCS_UNREACHABLE');
  });
});

test('settings that cannot be used are reported like any other failure', async () => {
  expect((await refusal(tls(70_000))).code).toBe('CFG_INVALID');
});

test('a connection that is being made can be given up', async () => {
  const mute = createServer(() => {});
  const port = await listen(mute);
  const controller = new AbortController();
  const outcome = connect(tls(port), new Recorder(), { signal: controller.signal });
  controller.abort();
  await expect(outcome).rejects.toMatchObject({ details: { cause: 'given up' } });
});

test('a connection that was given up before it began is not made', async () => {
  let connections = 0;
  const port = await listen(createServer(() => connections++));
  const outcome = connect({ host: '127.0.0.1', port, transport: 'tcp' }, new Recorder(), {
    signal: AbortSignal.abort(),
  });
  await expect(outcome).rejects.toMatchObject({ code: 'OCS_UNREACHABLE', details: { cause: 'given up' } });
  await connect({ host: '127.0.0.1', port, transport: 'tcp' }, new Recorder()).then((other) => other.close());
  expect(connections).toBe(1);
});

describe('a server with several addresses', () => {
  const pool = (port: number, ...addresses: readonly string[]): ServerAddress => ({
    host: NAME,
    port,
    transport: 'tls',
    tls: { ca: certificate.caCertificate },
    addresses,
  });

  test('is reached at the one where somebody listens', async () => {
    const connection = await connect(pool(await tlsServer(), '::1', '127.0.0.2', '127.0.0.1'), new Recorder());
    expect(connection.localAddress).toMatch(/^127\.0\.0\.1:/);
    connection.close();
  });

  test('of which none answers is told with what became of each', async () => {
    const error = await refusal(pool(1, '127.0.0.1', '127.0.0.2'));
    expect(error.code).toBe('OCS_UNREACHABLE');
    expect(error.message).toMatch(/^No connection to ocs01\.contoso\.example:1: .*127\.0\.0\.1:1; .*127\.0\.0\.2:1\.$/);
  });
});

test('a long address stands in brackets wherever a port follows it', async () => {
  const error = await refusal({ host: '::1', port: 1, transport: 'tcp' });
  expect(error.message).toMatch(/^No connection to \[::1\]:1: /);
});

test.skipIf(!HAS_IPV6)('a server is reached over IPv6, its certificate names the address', async () => {
  const own = await createThrowAwayAuthority(['::1']);
  const server = createTlsServer({ cert: own.certificate, key: own.privateKey });
  open.push({ server, sockets: new Set() });
  server.listen(0, '::1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const target = { host: '::1', port, transport: 'tls', tls: { ca: own.caCertificate } } as const;
  const connection = await connect(target, new Recorder());
  expect(connection.localAddress).toMatch(/^\[::1\]:\d+$/);
  connection.close();
});

describe('connection over TCP', () => {
  const tcp = (port: number): ServerAddress => ({ host: '127.0.0.1', port, transport: 'tcp' });

  test('has no peer facts, and reports when the server closes it', async () => {
    const server = createServer((socket) => socket.end('bye'));
    const sink = new Recorder();
    const connection = await connect(tcp(await listen(server)), sink);
    expect(connection.peer).toBeUndefined();
    await sink.until(() => sink.closed !== undefined);
    expect(sink.closed?.error?.code).toBe('OCS_CONNECTION_LOST');
    await expect(connection.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'OCS_CONNECTION_LOST' });
  });

  describe('to a server that does not read', () => {
    const MUCH = Buffer.alloc(32 * 1024 * 1024);
    const deafServer = (): Promise<number> => listen(createServer({ pauseOnConnect: true }));

    test('ends soon when it is closed, whatever is still to be sent', async () => {
      const recorder = new Recorder();
      const server = { host: '127.0.0.1', port: await deafServer(), transport: 'tcp' } as const;
      const connection = await connect(server, recorder, { closeMs: 20, backlog: 2 * MUCH.length });
      connection.write(MUCH).catch(() => {});
      connection.close();
      await recorder.until(() => recorder.closed !== undefined);
      expect(recorder.closed).toEqual({ error: undefined });
    });

    test('is given up before what waits for it grows without bound', async () => {
      const recorder = new Recorder();
      const server = { host: '127.0.0.1', port: await deafServer(), transport: 'tcp' } as const;
      const connection = await connect(server, recorder, { backlog: 2 * MUCH.length });
      connection.write(MUCH).catch(() => {});
      await expect(Promise.all([connection.write(MUCH), connection.write(MUCH)])).rejects.toMatchObject({
        code: 'OCS_CONNECTION_LOST',
      });
      await recorder.until(() => recorder.closed !== undefined);
      expect(recorder.closed?.error?.message).toContain('does not read');
    });
  });

  test('is refused by a port where nobody listens', async () => {
    const server = createServer();
    const port = await listen(server);
    server.close();
    await once(server, 'close');
    open.length = 0;
    const error = await refusal(tcp(port));
    expect(error.code).toBe('OCS_UNREACHABLE');
    expect(error.message).toContain(`127.0.0.1:${port}`);
  });
});
