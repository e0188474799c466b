import { afterEach, expect, test } from 'vitest';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import type { OcsSourceOptions } from '../../src/ocs/options.js';
import { probeOcs } from '../../src/ocs/probe.js';
import { OcsSimulator } from '../../src/ocs/simulator/simulator.js';
import { sip } from '../support/people.js';
import { silentLog } from '../support/silent-log.js';

const ACCOUNT = sip('bridge@contoso.example');
const ports = { clock: systemClock, random: systemRandom, log: silentLog };
let stop: () => Promise<void> = () => Promise.resolve();

afterEach(() => stop());

async function setUp(options: Partial<OcsSourceOptions> = {}) {
  const server = new OcsSimulator({
    ...ports,
    accounts: [{ uri: ACCOUNT, user: 'bridge', domain: 'CONTOSO', password: 'right', displayName: 'Bridge' }],
  });
  const address = await server.start();
  stop = () => server.stop();
  const source: OcsSourceOptions = {
    account: ACCOUNT,
    user: 'bridge',
    domain: 'CONTOSO',
    password: 'right',
    notes: false,
    server: { host: '127.0.0.1', port: address.tlsPort ?? 0, transport: 'tls', tls: { ca: address.caCertificate } },
    ...options,
  };
  return { server, source };
}

test('names what it found: connection, certificate, server product', async () => {
  const { server, source } = await setUp();
  const { steps } = await probeOcs(source, ports);
  expect(steps.map(({ name, ok }) => [name, ok])).toEqual([
    ['connect', true],
    ['certificate', true],
    ['sign-in', true],
  ]);
  expect(steps[1]?.detail).toMatch(/TLSv1\.[23].*ocs01\.contoso\.example.*\d+ days/);
  expect(steps[2]?.detail).toContain('RTC/');
  expect(server.counters.logonsOk).toBe(1);
});

test('tries a wrong password once only', async () => {
  const { server, source } = await setUp({ password: 'wrong' });
  const { steps } = await probeOcs(source, ports);
  expect(steps.at(-1)).toMatchObject({ name: 'sign-in', ok: false, error: { code: 'OCS_BAD_CREDENTIALS' } });
  expect(server.counters.logonsFailed).toBe(1);
});

test('stops at the certificate when it is for another name', async () => {
  const { source } = await setUp();
  const { steps } = await probeOcs({ ...source, server: { ...source.server, serverName: 'other.example' } }, ports);
  expect(steps).toMatchObject([{ name: 'certificate', ok: false, error: { code: 'OCS_TLS_NAME' } }]);
});

test('stops at the connection when nobody listens', async () => {
  const { server, source } = await setUp();
  await server.stop();
  const { steps } = await probeOcs(source, ports);
  expect(steps).toMatchObject([{ name: 'connect', ok: false, error: { code: 'OCS_UNREACHABLE' } }]);
});
