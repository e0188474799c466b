import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import type { OcsSourceOptions } from '../../src/ocs/options.js';
import { type ProbeResult, probeOcs } from '../../src/ocs/probe.js';
import type { SimulatorOptions } from '../../src/ocs/simulator/options.js';
import { OcsSimulator } from '../../src/ocs/simulator/simulator.js';
import { DnsServer, REFUSED } from '../support/dns-server.js';
import { sip } from '../support/people.js';
import { silentLog } from '../support/silent-log.js';

const DAY_MS = 86_400_000;
const OCS = 'ocs01.contoso.example';
const ACCOUNT = sip('bridge@contoso.example');
const INTERNAL = '_sipinternaltls._tcp.contoso.example';
const ports = { clock: systemClock, random: systemRandom, log: silentLog };
let stop: () => Promise<void> = () => Promise.resolve();

afterEach(() => stop());

async function simulator(more: Partial<SimulatorOptions> = {}) {
  const server = new OcsSimulator({
    ...ports,
    accounts: [{ uri: ACCOUNT, user: 'bridge', domain: 'CONTOSO', password: 'right', displayName: 'Bridge' }],
    ...more,
  });
  const address = await server.start();
  stop = () => server.stop();
  return { server, address };
}

const LOGIN = { account: ACCOUNT, user: 'bridge', domain: 'CONTOSO', password: 'right', notes: false } as const;
const outline = ({ steps }: ProbeResult) =>
  steps.map(({ name, outcome }) => (outcome === 'fail' ? `not ${name}` : name));

describe('a server set by hand', () => {
  async function setUp(options: Partial<OcsSourceOptions> = {}) {
    const { server, address } = await simulator();
    const fixed = {
      host: '127.0.0.1',
      port: address.tlsPort ?? 0,
      transport: 'tls',
      tls: { ca: address.caCertificate },
    } as const;
    return { server, fixed, source: { ...LOGIN, server: fixed, ...options } satisfies OcsSourceOptions };
  }

  test('is told by what was found: connection, certificate, server product', async () => {
    const { server, source } = await setUp();
    const result = await probeOcs(source, ports);
    expect(outline(result)).toEqual(['connect', 'certificate', 'sign-in']);
    expect(result.steps[1]?.detail).toMatch(/TLSv1\.[23].*ocs01\.contoso\.example.*\d+ days/);
    expect(result.steps[2]?.detail).toContain('RTC/');
    expect(server.counters.logonsOk).toBe(1);
  });

  test('is tried with a wrong password once only', async () => {
    const { server, source } = await setUp({ password: 'wrong' });
    const { steps } = await probeOcs(source, ports);
    expect(steps.at(-1)).toMatchObject({ name: 'sign-in', outcome: 'fail', error: { code: 'OCS_BAD_CREDENTIALS' } });
    expect(server.counters.logonsFailed).toBe(1);
  });

  test('is left at the certificate when it is for another name', async () => {
    const { source, fixed } = await setUp();
    const { steps } = await probeOcs({ ...source, server: { ...fixed, serverName: 'other.example' } }, ports);
    expect(steps).toMatchObject([{ name: 'certificate', outcome: 'fail', error: { code: 'OCS_TLS_NAME' } }]);
  });

  test('is left at the connection when nobody listens', async () => {
    const { server, source } = await setUp();
    await server.stop();
    const { steps } = await probeOcs(source, ports);
    expect(steps).toMatchObject([{ name: 'connect', outcome: 'fail', error: { code: 'OCS_UNREACHABLE' } }]);
  });

  test('that does not answer is told as passed over when an alternate does', async () => {
    const { source, fixed } = await setUp();
    const result = await probeOcs({ ...source, server: { ...fixed, port: 1 }, alternates: [fixed] }, ports);
    expect(outline(result)).toEqual(['discovery', 'connect', 'certificate', 'sign-in']);
    expect(result.steps[0]?.detail).toMatch(/^127\.0\.0\.1:1 TLS was passed over: OCS_UNREACHABLE: /);
  });

  test('and its alternates that all fail are told each, the most telling failure last', async () => {
    const { source, fixed } = await setUp();
    const nobody = { ...fixed, port: 1 };
    const { steps } = await probeOcs(
      {
        ...source,
        server: nobody,
        alternates: [
          { ...fixed, serverName: 'other.example' },
          { ...nobody, port: 2 },
        ],
      },
      ports,
    );
    expect(steps.map(({ detail }) => /^127\S+ TLS was passed over: OCS_\w+/.exec(detail)?.[0] ?? '')).toEqual([
      '127.0.0.1:1 TLS was passed over: OCS_UNREACHABLE',
      `127.0.0.1:${fixed.port} TLS was passed over: OCS_TLS_NAME`,
      '127.0.0.1:2 TLS was passed over: OCS_UNREACHABLE',
      '',
    ]);
    expect(steps.at(-1)).toMatchObject({ name: 'certificate', outcome: 'fail', error: { code: 'OCS_TLS_NAME' } });
  });

  test('with an exception from safe TLS is told with the exception', async () => {
    const { source, fixed } = await setUp();
    const exceptions = [{ host: '127.0.0.1', minVersion: 'TLSv1', securityLevel: 0 }] as const;
    const result = await probeOcs({ ...source, server: { ...fixed, tls: { ...fixed.tls, exceptions } } }, ports);
    expect(result.steps[1]?.outcome).toBe('warn');
    expect(result.steps[1]?.detail).toContain('TLS exception for 127.0.0.1: from TLSv1 on, security level 0.');
  });
});

describe('a server found through DNS', () => {
  let dns: DnsServer;
  let nameServer: string;

  beforeEach(async () => {
    dns = new DnsServer();
    nameServer = await dns.start();
  });
  afterEach(() => dns.stop());

  const found = (ca: string, more: Partial<OcsSourceOptions> = {}): OcsSourceOptions => ({
    ...LOGIN,
    server: { domain: 'contoso.example', transports: 'tls', nameServers: [nameServer], tls: { ca } },
    ...more,
  });

  test('is told by each look-up, its answer, what was taken and what won', async () => {
    const { address } = await simulator();
    const port = address.tlsPort ?? 0;
    dns.srv(INTERNAL, [{ target: 'ocs01.contoso.example', port, weight: 5 }]).a('ocs01.contoso.example', ['127.0.0.1']);
    const result = await probeOcs(found(address.caCertificate), ports);
    expect(outline(result)).toEqual(['discovery', 'discovery', 'discovery', 'connect', 'certificate', 'sign-in']);
    expect(result.steps.slice(0, 4).map(({ detail }) => detail)).toEqual([
      `SRV ${INTERNAL}: ocs01.contoso.example:${port} priority 0 weight 5; taken: ocs01.contoso.example:${port} TLS.`,
      'SRV _sip._tls.contoso.example: no such name.',
      `ocs01.contoso.example:${port} TLS is tried first: the only server found, by order of look-up, priority and weight.`,
      `Connected to ocs01.contoso.example:${port} (127.0.0.1).`,
    ]);
    expect(result.steps[0]?.lookUp).toMatchObject({ asked: `SRV ${INTERNAL}`, refused: [] });
  });

  test('that is none ends with the look-ups and what to do', async () => {
    dns.srv(INTERNAL, [{ target: 'pool.evil.example', port: 5061 }]);
    const { steps } = await probeOcs(found(''), ports);
    expect(steps[0]?.detail).toContain('refused: pool.evil.example:5061 TLS');
    expect(steps.map(({ outcome }) => outcome)).toEqual(['warn', 'note', 'note', 'note', 'note', 'note', 'fail']);
    expect(steps.at(-1)?.detail).toBe(
      'No server that DNS names for contoso.example may be used; the first is pool.evil.example:5061 TLS: its name is neither in contoso.example nor in a trusted domain.',
    );
    expect(steps.filter(({ lookUp }) => lookUp !== undefined)).toHaveLength(6);
    expect(steps.at(-1)).toMatchObject({ name: 'discovery', outcome: 'fail', error: { code: 'OCS_NOT_FOUND' } });
  });

  test('that sends us on is told with the redirect, and both servers with their certificates', async () => {
    const listen = { host: '127.0.0.1', tlsPort: 0 };
    const { address } = await simulator({
      pools: [
        { hostName: 'dir.contoso.example', director: true, listen },
        { hostName: 'pool2.contoso.example', listen },
      ],
    });
    for (const { hostName } of address.pools) dns.a(hostName, ['127.0.0.1']);
    dns.srv(INTERNAL, [{ target: 'dir.contoso.example', port: address.pools[0]?.tlsPort ?? 0 }]);
    const result = await probeOcs(found(address.caCertificate), ports);
    expect(outline(result).slice(3)).toEqual([
      'connect',
      'certificate',
      'discovery',
      'connect',
      'certificate',
      'sign-in',
    ]);
    expect(result.steps[5]?.detail).toMatch(
      /^dir\.contoso\.example.* sends this account to pool2\.contoso\.example.*followed/,
    );
  });

  test('that the name service says nothing about is told with what the name service did', async () => {
    dns.override = { kind: 'code', code: REFUSED };
    const { steps } = await probeOcs(found(''), ports);
    expect(steps.at(-1)?.detail).toBe(
      'The name service does not say where the OCS server of contoso.example is: the name server refused.',
    );
  });

  test('that the domain says it does not have is told so', async () => {
    dns.srv(INTERNAL, [{ target: '.', port: 0 }]);
    const { steps } = await probeOcs(found(''), ports);
    expect(steps.at(-1)?.detail).toMatch(/the first is "\.": the domain says that it has no such service\.$/);
  });

  test('with a certificate that ends soon is worth a look', async () => {
    const { address } = await simulator();
    dns.srv(INTERNAL, [{ target: OCS, port: address.tlsPort ?? 0 }]).a(OCS, ['127.0.0.1']);
    const later = { ...systemClock, now: () => Date.now() + 20 * DAY_MS };
    const { steps } = await probeOcs(found(address.caCertificate), { ...ports, clock: later });
    expect(steps.find(({ name }) => name === 'certificate')).toMatchObject({
      outcome: 'warn',
      detail: expect.stringMatching(/\((9|10) days\)/),
    });
  });

  test('cannot be looked for with name servers that are none', async () => {
    const server = { domain: 'contoso.example', transports: 'tls', nameServers: ['not an address'] } as const;
    const { steps } = await probeOcs({ ...LOGIN, server }, ports);
    expect(steps).toMatchObject([{ name: 'discovery', outcome: 'fail', error: { code: 'CFG_INVALID' } }]);
  });
});
