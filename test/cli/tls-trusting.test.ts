import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { tlsTrusting } from '../../src/cli/tls-trusting.js';
import { CertificateFolder } from '../support/client-certificate.js';
import { BEARER, type TestServer, testServer } from '../support/http-server.js';

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

const issue = () => CertificateFolder.issue(Date.now(), 100);

function opened(url: string, certificate: string): Promise<string> {
  return new Promise((resolve) => {
    const address = new URL('/stream', url.replace(/^http/, 'ws'));
    const socket = new WebSocket(address, { headers: BEARER, ...tlsTrusting(certificate) });
    socket.once('open', () => {
      socket.terminate();
      resolve('open');
    });
    socket.once('error', () => resolve('refused'));
  });
}

test('a WebSocket of a command trusts the certificate of the bridge, whatever its name, and no other', async () => {
  const made = await issue();
  const { clientCertificateFile: certificateFile, clientKeyFile: keyFile } = folder.write(made);
  server = await testServer({ tls: { certificateFile, keyFile } });
  expect(await opened(server.url, made.certificate)).toBe('open');
  expect(await opened(server.url, (await issue()).certificate)).toBe('refused');
});
