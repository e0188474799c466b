import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { createServer, type SecureVersion, type Server, type TLSSocket, type TlsOptions } from 'node:tls';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/bridge/runtime/system.js';
import { connect } from '../../../src/ocs/link/connection.js';
import { OcsTransport } from '../../../src/ocs/link/ocs-transport.js';
import type { ServerAddress } from '../../../src/ocs/link/server-address.js';
import type { TlsSettings } from '../../../src/ocs/link/tls-settings.js';
import { createThrowAwayAuthority, type ServerCertificate } from '../../../src/ocs/simulator/certificates.js';
import type { BridgeError } from '../../../src/presence/errors.js';
import { recordingLog } from '../../support/silent-log.js';

const NAME = 'ocs01.contoso.example';
const EXCEPTION = { host: NAME, minVersion: 'TLSv1', securityLevel: 0 } as const;
const SILENT = { onData: () => {}, onClose: () => {} };
let certificate: ServerCertificate;
const open: { readonly server: Server; readonly sockets: Set<Socket> }[] = [];

beforeAll(async () => {
  certificate = await createThrowAwayAuthority([NAME]);
});
afterEach(async () => {
  for (const { server, sockets } of open.splice(0)) {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  }
});

/** A server of the days of TLS 1.0 as far as OpenSSL can still be one. */
async function serve(options: TlsOptions, onSocket: (socket: TLSSocket) => void = () => {}): Promise<number> {
  const { certificate: cert, privateKey: key } = certificate;
  const server = createServer({ cert, key, ciphers: 'DEFAULT@SECLEVEL=0', ...options }, onSocket);
  const sockets = new Set<Socket>();
  server.on('tlsClientError', () => {});
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  open.push({ server, sockets });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const only = (version: SecureVersion): TlsOptions => ({ minVersion: version, maxVersion: version });

const address = (port: number, tls: TlsSettings = {}): ServerAddress => ({
  host: NAME,
  addresses: ['127.0.0.1'],
  port,
  transport: 'tls',
  tls: { ca: certificate.caCertificate, ...tls },
});

async function outcome(server: ServerAddress): Promise<string> {
  try {
    const connection = await connect(server, SILENT);
    connection.close();
    return connection.peer?.protocol ?? 'none';
  } catch (thrown) {
    return (thrown as BridgeError).code;
  }
}

describe('versions of TLS', () => {
  for (const [version, without, withException] of [
    ['TLSv1', 'OCS_TLS_PROTOCOL', 'TLSv1'],
    ['TLSv1.1', 'OCS_TLS_PROTOCOL', 'TLSv1.1'],
    ['TLSv1.2', 'TLSv1.2', 'TLSv1.2'],
    ['TLSv1.3', 'TLSv1.3', 'TLSv1.3'],
  ] as const) {
    test(`a server with ${version} alone: ${without} by default, ${withException} with an exception`, async () => {
      const port = await serve(only(version));
      expect(await outcome(address(port))).toBe(without);
      expect(await outcome(address(port, { exceptions: [EXCEPTION] }))).toBe(withException);
    });
  }

  test('an exception from 1.1 on does not admit 1.0', async () => {
    const port = await serve(only('TLSv1'));
    expect(await outcome(address(port, { exceptions: [{ ...EXCEPTION, minVersion: 'TLSv1.1' }] }))).toBe(
      'OCS_TLS_PROTOCOL',
    );
  });

  test('an exception holds for its own server and for no other', async () => {
    const port = await serve(only('TLSv1'));
    const exceptions = [{ ...EXCEPTION, host: 'ocs02.contoso.example' }];
    expect(await outcome(address(port, { exceptions }))).toBe('OCS_TLS_PROTOCOL');
  });

  test('an exception does not make a certificate good', async () => {
    const { caCertificate } = await createThrowAwayAuthority([NAME]);
    const port = await serve(only('TLSv1'));
    expect(await outcome(address(port, { ca: caCertificate, exceptions: [EXCEPTION] }))).toBe('OCS_TLS_UNTRUSTED');
    const wrong = { ...address(port, { exceptions: [{ ...EXCEPTION, host: 'x.example' }] }), serverName: 'x.example' };
    expect(await outcome(wrong)).toBe('OCS_TLS_NAME');
  });

  test('a server that can do better is not spoken to with less', async () => {
    const port = await serve({ minVersion: 'TLSv1' });
    expect(await outcome(address(port, { exceptions: [EXCEPTION] }))).toBe('TLSv1.3');
  });

  test('each use of an exception is logged, and stands in the facts of the connection', async () => {
    const port = await serve(only('TLSv1'));
    const log = recordingLog();
    const sink = { onRequest: () => {}, onResponse: () => {}, onClose: () => {} };
    const ports = { clock: systemClock, log, count: () => {} };
    for (const exceptions of [[EXCEPTION], []]) {
      const transport = new OcsTransport(address(port, { exceptions }), sink, ports);
      const connection = await transport.connect().catch(() => undefined);
      if (exceptions.length > 0) expect(connection?.peer?.exception).toEqual(EXCEPTION);
      transport.close();
    }
    expect(log.entries.filter(({ event }) => event === 'ocs.tls-exception')).toEqual([
      {
        level: 'warn',
        event: 'ocs.tls-exception',
        fields: expect.objectContaining({ host: NAME, minVersion: 'TLSv1', securityLevel: 0, protocol: 'TLSv1' }),
      },
    ]);
  });
});

describe('client certificate', () => {
  const asked = (): {
    readonly options: TlsOptions;
    readonly subjects: Promise<string>;
    onSocket(s: TLSSocket): void;
  } => {
    let tell: (subject: string) => void = () => {};
    const subjects = new Promise<string>((resolve) => {
      tell = resolve;
    });
    const options = { requestCert: true, rejectUnauthorized: false, maxVersion: 'TLSv1.2' } as const;
    return { options, subjects, onSocket: (socket) => tell(String(socket.getPeerCertificate().subject?.CN ?? 'none')) };
  };

  test('is shown to a server that asks, when there is one', async () => {
    const { options, subjects, onSocket } = asked();
    const port = await serve(options, onSocket);
    const bridge = await createThrowAwayAuthority(['bridge.contoso.example']);
    const clientCertificate = { certificate: bridge.certificate, key: bridge.privateKey };
    await outcome(address(port, { clientCertificate }));
    expect(await subjects).toBe('bridge.contoso.example');
  });

  test('is not shown when none is set', async () => {
    const { options, subjects, onSocket } = asked();
    await outcome(address(await serve(options, onSocket)));
    expect(await subjects).toBe('none');
  });

  test('with a key that is none is a mistake of the configuration, told without the key', async () => {
    const port = await serve({});
    const clientCertificate = { certificate: certificate.certificate, key: 'very secret, but no key' };
    const error = await connect(address(port, { clientCertificate }), SILENT).catch((thrown: unknown) => thrown);
    expect((error as BridgeError).code).toBe('CFG_INVALID');
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  test('with the key of another certificate is a mistake of the configuration', async () => {
    const { privateKey } = await createThrowAwayAuthority([NAME]);
    const clientCertificate = { certificate: certificate.certificate, key: privateKey };
    expect(await outcome(address(await serve({}), { clientCertificate }))).toBe('CFG_INVALID');
  });
});

test('addresses that were found are used in place of a look-up', async () => {
  const port = await serve({});
  expect(await outcome(address(port))).toBe('TLSv1.3');
  expect(await outcome({ ...address(port), addresses: [] })).toBe('OCS_UNREACHABLE');
});
