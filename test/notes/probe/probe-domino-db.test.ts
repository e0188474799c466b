import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ServerConfiguration } from '../../../src/notes/drivers/domino-db/domino-db-surface.js';
import { tryProtonPort } from '../../../src/notes/drivers/domino-db/proton-port.js';
import { serverConfiguration } from '../../../src/notes/drivers/domino-db/server-configuration.js';
import type { DominoDbConfig } from '../../../src/notes/open-driver.js';
import { certificateSteps, connectionSteps } from '../../../src/notes/probe/probe-domino-db.js';
import {
  type CertificateAuthority,
  createAuthority,
  type ServerCertificate,
} from '../../../src/ocs/simulator/certificates.js';
import { CertificateFolder } from '../../support/client-certificate.js';
import { silentLog } from '../../support/silent-log.js';
import { SimulatedClock } from '../../support/simulated-clock.js';

const DAY_MS = 86_400_000;
/** TLS looks at the wall clock. */
const NOW = Date.now();

const validity = (days: number) => ({ notBefore: new Date(NOW - DAY_MS), notAfter: new Date(NOW + days * DAY_MS) });

let folder: CertificateFolder;
let clock: SimulatedClock;
let authority: CertificateAuthority;
let listening: Server | undefined;
const sockets = new Set<Socket>();

beforeEach(async () => {
  folder = new CertificateFolder();
  clock = new SimulatedClock(NOW);
  authority = await createAuthority(validity(400));
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise<void>((resolve) => (listening === undefined ? resolve() : listening.close(() => resolve())));
  listening = undefined;
  folder.remove();
});

async function listen(server: Server): Promise<number> {
  listening = server;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** As Proton with TLS is: it wants a certificate of the authority, and speaks HTTP/2. */
function proton(
  { caCertificate, certificate, privateKey }: ServerCertificate,
  protocols: readonly string[] = ['h2'],
): Promise<number> {
  const options = {
    cert: certificate,
    key: privateKey,
    ca: caCertificate,
    requestCert: true,
    rejectUnauthorized: true,
  };
  const server = createTlsServer({ ...options, ...(protocols.length === 0 ? {} : { ALPNProtocols: [...protocols] }) });
  server.on('tlsClientError', () => {});
  return listen(server);
}

async function configFor(port: number, own?: ServerCertificate): Promise<DominoDbConfig> {
  const files = folder.write(own ?? (await authority.issue(['bridge.contoso.example'], validity(200))));
  return { kind: 'domino-db', hostName: 'localhost', port, secure: true, filePath: 'presence.nsf', ...files };
}

const serverOf = (config: DominoDbConfig): ServerConfiguration =>
  serverConfiguration(config, { clock, log: silentLog })();

const inShort = (steps: readonly { readonly outcome: string; readonly detail: string }[]) =>
  steps.map(({ outcome, detail }) => `${outcome} ${detail}`);

describe('certificateSteps', () => {
  test('tell whose certificate it is and how long it lasts', async () => {
    const day = new Date(NOW + 200 * DAY_MS).toISOString().slice(0, 10);
    const [step, ...more] = certificateSteps(await configFor(1), NOW);
    expect(step?.outcome).toBe('pass');
    expect(step?.detail).toMatch(new RegExp(`^"bridge.contoso.example", valid until ${day} \\((199|200) days\\)\\.$`));
    expect(more).toEqual([]);
  });

  test('warn when it ends soon, and say what to do', async () => {
    const config = await configFor(1, await authority.issue(['bridge.contoso.example'], validity(13)));
    expect(certificateSteps(config, NOW)).toMatchObject([
      { outcome: 'warn', next: expect.stringContaining('Person document') },
    ]);
  });

  test('fail when it has expired', async () => {
    const config = await configFor(1, await authority.issue(['bridge.contoso.example'], validity(13)));
    expect(() => certificateSteps(config, NOW + 14 * DAY_MS)).toThrow(
      expect.objectContaining({ code: 'NOTES_CERTIFICATE' }),
    );
  });

  test('warn of a connection without TLS', () => {
    const config = { kind: 'domino-db', hostName: 'localhost', port: 1, secure: false, filePath: 'a.nsf' } as const;
    expect(certificateSteps(config, NOW)).toMatchObject([
      { outcome: 'warn', detail: expect.stringContaining('Anonymous') },
    ]);
  });
});

describe('connectionSteps', () => {
  test('tell of the connection and of the certificate of the server', async () => {
    const port = await proton(await authority.issue(['localhost'], validity(100)));
    const steps = inShort(await connectionSteps(serverOf(await configFor(port)), clock));
    expect(steps).toEqual([
      `pass Connected to localhost:${port} (127.0.0.1) in 0 ms.`,
      expect.stringMatching(
        /^pass TLSv1\.3; certificate of the server "localhost", valid until .* \((99|100) days\)\.$/,
      ),
    ]);
  });

  test('warn when the certificate of the server ends soon', async () => {
    const port = await proton(await authority.issue(['localhost'], validity(5)));
    const [, certificate] = await connectionSteps(serverOf(await configFor(port)), clock);
    expect(certificate).toMatchObject({ outcome: 'warn', next: 'Have the certificate of Proton renewed.' });
  });

  test('note a server that did not agree on HTTP/2', async () => {
    const port = await proton(await authority.issue(['localhost'], validity(100)), []);
    const steps = await connectionSteps(serverOf(await configFor(port)), clock);
    expect(inShort(steps).at(-1)).toBe('note The server did not agree on HTTP/2; is this the port of Proton?');
  });

  test('fail at a server that speaks something else', async () => {
    const port = await proton(await authority.issue(['localhost'], validity(100)), ['http/1.1']);
    const tried = connectionSteps(serverOf(await configFor(port)), clock);
    await expect(tried).rejects.toMatchObject({ code: 'NOTES_UNREACHABLE' });
  });

  test('without TLS tell of the connection alone', async () => {
    const port = await listen(createTcpServer());
    const steps = await connectionSteps({ hostName: '127.0.0.1', connection: { port: String(port) } }, clock);
    expect(inShort(steps)).toEqual([`pass Connected to 127.0.0.1:${port} in 0 ms.`]);
  });
});

describe('tryProtonPort', () => {
  test('a server of an authority that is not named is NOTES_UNTRUSTED', async () => {
    const port = await proton(await (await createAuthority(validity(100))).issue(['localhost']));
    await expect(tryProtonPort(serverOf(await configFor(port)), clock)).rejects.toMatchObject({
      code: 'NOTES_UNTRUSTED',
    });
  });

  test('a certificate for another server is NOTES_UNTRUSTED', async () => {
    const port = await proton(await authority.issue(['other.contoso.example'], validity(100)));
    await expect(tryProtonPort(serverOf(await configFor(port)), clock)).rejects.toMatchObject({
      code: 'NOTES_UNTRUSTED',
    });
  });

  test('a port where nobody listens is NOTES_UNREACHABLE', async () => {
    const port = await listen(createTcpServer());
    await new Promise((resolve) => listening?.close(resolve));
    listening = undefined;
    await expect(tryProtonPort(serverOf(await configFor(port)), clock)).rejects.toMatchObject({
      code: 'NOTES_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('a port that hangs up is NOTES_UNREACHABLE', async () => {
    const port = await listen(createTcpServer((socket) => socket.destroy()));
    await expect(tryProtonPort(serverOf(await configFor(port)), clock)).rejects.toMatchObject({
      code: 'NOTES_UNREACHABLE',
    });
  });

  test('a port that says nothing is given up', async () => {
    const port = await listen(createTcpServer());
    const tried = tryProtonPort(serverOf(await configFor(port)), clock).catch((error: unknown) => error);
    await clock.advance(10_000);
    expect(await tried).toMatchObject({
      code: 'NOTES_UNREACHABLE',
      message: expect.stringContaining('does not answer'),
    });
    expect(clock.pendingTimers).toBe(0);
  });
});
