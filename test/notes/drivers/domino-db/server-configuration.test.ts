import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serverConfiguration } from '../../../../src/notes/drivers/domino-db/server-configuration.js';
import { CertificateFolder } from '../../../support/client-certificate.js';
import { recordingLog } from '../../../support/silent-log.js';
import { SimulatedClock } from '../../../support/simulated-clock.js';

const DAY_MS = 86_400_000;
const PLACE = { hostName: 'domino.contoso.example', port: 3002, secure: true };

let folder: CertificateFolder;
let clock: SimulatedClock;
let log: ReturnType<typeof recordingLog>;

beforeEach(() => {
  folder = new CertificateFolder();
  clock = new SimulatedClock();
  log = recordingLog();
});

afterEach(() => folder.remove());

const configured = async (validDays: number) => {
  const files = folder.write(await CertificateFolder.issue(clock.now(), validDays));
  return serverConfiguration({ ...PLACE, ...files }, { clock, log });
};

describe('serverConfiguration', () => {
  test('gives what domino-db asks for: the port as text, and three PEM files', async () => {
    const { hostName, connection, credentials } = (await configured(200))();
    expect([hostName, connection]).toEqual(['domino.contoso.example', { port: '3002', secure: true }]);
    for (const pem of Object.values(credentials ?? {})) expect(pem.toString()).toMatch(/^-----BEGIN /);
    expect(Object.keys(credentials ?? {})).toEqual(['rootCertificate', 'clientCertificate', 'clientKey']);
    expect(log.entries).toEqual([]);
  });

  test('without TLS says nothing of it', () => {
    const server = serverConfiguration({ ...PLACE, secure: false }, { clock, log });
    expect(server()).toEqual({ hostName: 'domino.contoso.example', connection: { port: '3002' } });
  });

  test('is the same object while the files are, and another one after a renewal', async () => {
    const server = await configured(200);
    const first = server();
    expect(server()).toBe(first);
    folder.write(await CertificateFolder.issue(clock.now(), 300));
    const second = server();
    expect(second).not.toBe(first);
    expect(server()).toBe(second);
    expect(log.entries).toMatchObject([{ level: 'info', event: 'notes.certificate-renewed', fields: { days: 300 } }]);
  });

  test.each([
    [30, 30],
    [14, 14],
    [3, 3],
  ])('warns when %d days are left, once a day', async (days, within) => {
    const server = await configured(days);
    server();
    server();
    expect(log.entries).toMatchObject([
      {
        level: 'warn',
        event: 'notes.certificate-expires',
        fields: { days, within, certificate: 'bridge.contoso.example' },
      },
    ]);
    await clock.advance(DAY_MS - 1);
    server();
    expect(log.entries).toMatchObject([{}, { fields: { days: days - 1 } }]);
  });

  test('an expired certificate is NOTES_CERTIFICATE, and a renewed one is taken without a restart', async () => {
    const server = await configured(2);
    server();
    await clock.advance(3 * DAY_MS);
    expect(server).toThrow(expect.objectContaining({ code: 'NOTES_CERTIFICATE' }));
    folder.write(await CertificateFolder.issue(clock.now(), 300));
    expect(server().credentials?.clientKey.length).toBeGreaterThan(0);
  });

  test('half of a renewal does not take away what still counts', async () => {
    const server = await configured(200);
    const first = server();
    const { clientKeyFile } = folder.write(await CertificateFolder.issue(clock.now(), 300));
    writeFileSync(clientKeyFile, '');
    expect(server()).toBe(first);
    expect(log.entries).toMatchObject([{ level: 'warn', event: 'notes.certificate-unusable' }]);
    await clock.advance(201 * DAY_MS);
    expect(server).toThrow(expect.objectContaining({ code: 'NOTES_CERTIFICATE' }));
  });

  test('refuses TLS without all three files at once', () => {
    const some = { rootCertificateFile: 'ca.pem', clientCertificateFile: 'certificate.pem' };
    expect(() => serverConfiguration({ ...PLACE, ...some }, { clock, log })).toThrow(
      expect.objectContaining({ code: 'CFG_INVALID' }),
    );
  });
});
