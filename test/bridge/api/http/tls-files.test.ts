import { chmodSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { endOfCertificate, readTls, type TlsFiles } from '../../../../src/bridge/api/http/tls-files.js';
import { fetchTrusting } from '../../../../src/cli/bridge-fetch.js';
import { CertificateFolder } from '../../../support/client-certificate.js';
import { BEARER, type TestServer, testServer } from '../../../support/http-server.js';
import { StreamReader } from '../../../support/stream-reader.js';

let folder: CertificateFolder;
let server: TestServer | undefined;
beforeEach(() => {
  folder = new CertificateFolder();
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  folder.remove();
});

const issue = (days = 100) => CertificateFolder.issue(Date.now(), days);

function write(certificate: Awaited<ReturnType<typeof issue>>): TlsFiles {
  const { clientCertificateFile, clientKeyFile } = folder.write(certificate);
  return { certificateFile: clientCertificateFile, keyFile: clientKeyFile };
}

async function ask(url: string, certificate: string): Promise<number | string> {
  try {
    return (await fetchTrusting(certificate)(new URL(`${url}/api/v1/people`), { headers: BEARER })).status;
  } catch (thrown) {
    const { code, message } = (thrown as { cause: { code?: string; message: string } }).cause;
    return code ?? message;
  }
}

describe('the HTTP port with TLS', () => {
  test('answers and streams to whoever trusts its certificate, and to a command that knows it alone', async () => {
    const made = await issue();
    server = await testServer({ tls: write(made) });
    expect(server.url).toMatch(/^https:/);
    expect(await ask(server.url, made.certificate)).toBe(200);
    const trusting = { headers: BEARER, ca: made.caCertificate, servername: 'bridge.contoso.example' };
    const stream = await StreamReader.open(`${server.url}/stream`, trusting);
    expect((await stream.next('welcome')).protocol).toBe(1);
    stream.socket.terminate();
  });

  test('is refused by a command that knows another certificate', async () => {
    server = await testServer({ tls: write(await issue()) });
    expect(await ask(server.url, (await issue()).certificate)).not.toBe(200);
  });

  test('takes renewed files within a minute, and keeps the old ones while they do not fit each other', async () => {
    const [old, renewed] = [await issue(), await issue(200)];
    const told: string[] = [];
    const tls = write(old);
    server = await testServer({ tls, onCertificate: (cert) => told.push(String(cert)) });
    writeFileSync(tls.certificateFile, renewed.certificate);
    await server.clock.advance(60_000);
    expect(await ask(server.url, old.certificate)).toBe(200);
    write(renewed);
    await server.clock.advance(60_000);
    expect(await ask(server.url, renewed.certificate)).toBe(200);
    expect(told).toEqual([old.certificate, renewed.certificate]);
    const events = server.log.entries.map(({ event }) => event).filter((event) => event.includes('certificate'));
    expect(events).toEqual(['http.certificate-not-renewed', 'http.certificate-renewed']);
  });
});

describe('readTls', () => {
  test('tells until when the certificate counts', async () => {
    const days = (endOfCertificate(readTls(write(await issue(100)))) - Date.now()) / 86_400_000;
    expect(Math.round(days)).toBe(100);
  });

  test('refuses files that are not there, that do not fit, and a key that others can read', async () => {
    const tls = write(await issue());
    expect(() => readTls({ ...tls, keyFile: `${tls.keyFile}x` })).toThrow('cannot be read: ENOENT');
    expect(() => readTls({ ...tls, certificateFile: tls.keyFile })).toThrow('no certificate with its key');
    chmodSync(tls.keyFile, 0o640);
    expect(() => readTls(tls)).toThrow(expect.objectContaining({ code: 'CFG_SECRET' }));
  });
});

test('a port that other machines reach without TLS, or presence without a token, is logged at the start', async () => {
  server = await testServer({ host: '0.0.0.0', withoutToken: ['read'] });
  expect(server.log.entries.filter(({ level }) => level === 'warn')).toMatchObject([
    { event: 'http.presence-without-token', fields: { scopes: ['read'] } },
    { event: 'http.without-tls', fields: { host: '0.0.0.0' } },
  ]);
});
