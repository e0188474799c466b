import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock, systemRandom } from '../../../src/bridge/runtime/system.js';
import { formatLastGood, memoryServers, parseLastGood } from '../../../src/ocs/link/last-good.js';
import { createThrowAwayAuthority, type ServerCertificate } from '../../../src/ocs/simulator/certificates.js';
import type { SimulatorOptions } from '../../../src/ocs/simulator/options.js';
import { OcsSimulator } from '../../../src/ocs/simulator/simulator.js';
import { createOcsSource, type OcsSourceOptions } from '../../../src/ocs/source.js';
import { sipKeyOf } from '../../../src/presence/ids.js';
import { DnsServer } from '../../support/dns-server.js';
import { sip } from '../../support/people.js';
import { recordingLog, silentLog } from '../../support/silent-log.js';
import { SimulatedClock } from '../../support/simulated-clock.js';
import { Observer } from '../../support/source-observer.js';

const ACCOUNT = sip('bridge@contoso.example');
const KEY = sipKeyOf(ACCOUNT);
const ANA = sip('ana.reyes@contoso.example');
const INTERNAL = '_sipinternaltls._tcp.contoso.example';
const ports = { clock: systemClock, random: systemRandom, log: silentLog };
const running: { stop(): Promise<void> }[] = [];
let dns: DnsServer;
let nameServer: string;

beforeEach(async () => {
  dns = new DnsServer();
  nameServer = await dns.start();
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
  await dns.stop();
});

const localhost = { host: '127.0.0.1', tlsPort: 0 };

async function site(options: Partial<SimulatorOptions> = {}) {
  const server = new OcsSimulator({
    ...ports,
    accounts: [{ uri: ACCOUNT, user: 'bridge', domain: 'CONTOSO', password: 'right', displayName: 'Bridge' }],
    pools: [{ hostName: 'ocs01.contoso.example', listen: localhost }],
    ...options,
  });
  const { caCertificate, pools } = await server.start();
  running.push(server);
  server.setPerson(ANA, { availability: 3500, activity: '', note: '', outOfOffice: false, displayName: 'Ana' });
  for (const { hostName } of pools) dns.a(hostName, ['127.0.0.1']);
  const portOf = (hostName: string): number => pools.find((pool) => pool.hostName === hostName)?.tlsPort ?? 0;
  return { server, ca: caCertificate, portOf };
}

function sourceFor(ca: string, more: Partial<OcsSourceOptions> = {}, log = recordingLog()) {
  const source = createOcsSource(
    {
      account: ACCOUNT,
      user: 'bridge',
      domain: 'CONTOSO',
      password: 'right',
      server: { domain: 'contoso.example', transports: 'tls', nameServers: [nameServer], tls: { ca } },
      notes: false,
      backoff: { baseMs: 5, capMs: 20 },
      ...more,
    },
    { ...ports, log },
  );
  const observer = new Observer();
  running.unshift(source);
  source.watch([ANA]);
  source.start(observer);
  const events = (name: string) => log.entries.filter(({ event }) => event === name).map(({ fields }) => fields);
  return { source, observer, events };
}

describe('a server that is looked for', () => {
  test('is found through DNS, connected to by its name, and signed in to', async () => {
    const { ca, portOf } = await site();
    dns.srv(INTERNAL, [{ target: 'ocs01.contoso.example', port: portOf('ocs01.contoso.example') }]);
    const { observer, events } = sourceFor(ca);
    await observer.until(() => observer.status(ANA) === 'available');
    expect(events('ocs.discovered')).toHaveLength(1);
    expect(dns.asked).toContain('A ocs01.contoso.example');
  });

  test('must have a certificate for the name that DNS gave', async () => {
    const { ca, portOf, server } = await site();
    dns.srv(INTERNAL, [{ target: 'other.contoso.example', port: portOf('ocs01.contoso.example') }]);
    dns.a('other.contoso.example', ['127.0.0.1']);
    const { observer } = sourceFor(ca);
    await observer.until(() => observer.state === 'untrusted-peer');
    expect(observer.links.at(-1)?.error?.code).toBe('OCS_TLS_NAME');
    expect(server.counters.registers).toBe(0);
  });

  test('that is not there is a passing trouble with a reason', async () => {
    const { observer } = sourceFor('');
    await observer.until(() => observer.state === 'transient-disconnect');
    expect(observer.links.at(-1)?.error?.code).toBe('OCS_NOT_FOUND');
  });

  test('is looked for anew in each round, so that a record published later is found', async () => {
    const { ca, portOf } = await site();
    const { observer } = sourceFor(ca);
    await observer.until(() => observer.state === 'transient-disconnect');
    dns.srv(INTERNAL, [{ target: 'ocs01.contoso.example', port: portOf('ocs01.contoso.example') }]);
    await observer.until(() => observer.state === 'connected');
  });
});

test('a source that is stopped while it looks for its server leaves nothing behind', async () => {
  dns.override = { kind: 'silent' };
  const clock = new SimulatedClock();
  const server = { domain: 'contoso.example', transports: 'tls', nameServers: [nameServer] } as const;
  const source = createOcsSource(
    { account: ACCOUNT, user: 'bridge', domain: 'CONTOSO', password: 'right', server, notes: false },
    { ...ports, clock },
  );
  source.start(new Observer());
  expect(clock.pendingTimers).toBe(2);
  await source.stop();
  expect(clock.pendingTimers).toBe(0);
});

describe('a front end that goes down', () => {
  test('is replaced by the next server, its people unknown at once and right again after', async () => {
    const certificates = await createThrowAwayAuthority(['ocs01.contoso.example', 'ocs03.contoso.example']);
    const pool = (name: string) => ({ hostName: `${name}.contoso.example`, listen: localhost, certificates });
    const { ca, portOf, server } = await site({ pools: [pool('ocs01')] });
    const other = await site({ pools: [pool('ocs03')] });
    dns.srv(INTERNAL, [
      { target: 'ocs01.contoso.example', port: portOf('ocs01.contoso.example'), priority: 1 },
      { target: 'ocs03.contoso.example', port: other.portOf('ocs03.contoso.example'), priority: 2 },
    ]);
    const { observer, events } = sourceFor(ca);
    await observer.until(() => observer.status(ANA) === 'available');
    await server.stop();
    await observer.until(() => observer.state === 'transient-disconnect');
    expect(observer.status(ANA)).toBe('unknown');
    await observer.until(() => observer.state === 'connected' && observer.status(ANA) === 'available');
    expect(other.server.counters.logonsOk).toBe(1);
    expect(events('ocs.server-failed').map(({ server: name }) => String(name).split(':')[0])).toEqual([
      'ocs01.contoso.example',
    ]);
  });

  test('set by hand gives way to its alternates', async () => {
    const { ca, portOf } = await site();
    const port = portOf('ocs01.contoso.example');
    const server = { host: '127.0.0.1', port: 1, transport: 'tls', tls: { ca } } as const;
    const { observer } = sourceFor(ca, {
      server,
      alternates: [{ ...server, port, serverName: 'ocs01.contoso.example' }],
    });
    await observer.until(() => observer.status(ANA) === 'available');
    expect(observer.links.map(({ state }) => state)).toEqual(['connecting', 'connected']);
  });
});

describe('a director', () => {
  const pools = [
    { hostName: 'dir.contoso.example', director: true, listen: localhost },
    { hostName: 'pool2.contoso.example', listen: localhost },
  ];

  test('sends us to the home pool, where we sign in from the beginning and stay', async () => {
    const { ca, portOf, server } = await site({ pools });
    dns.srv(INTERNAL, [{ target: 'dir.contoso.example', port: portOf('dir.contoso.example') }]);
    const servers = memoryServers();
    const { observer, events } = sourceFor(ca, { servers });
    await observer.until(() => observer.status(ANA) === 'available');
    expect(events('ocs.redirected')).toHaveLength(1);
    expect(parseLastGood(servers.read(KEY) ?? '')?.host).toBe('pool2.contoso.example');
    server.dropConnections();
    await observer.until(() => observer.state === 'transient-disconnect');
    await observer.until(() => observer.status(ANA) === 'available');
    // The second time it went home directly.
    expect(events('ocs.redirected')).toHaveLength(1);
  });

  test('that names a pool in a foreign domain is not followed', async () => {
    const foreign = [
      { ...pools[0], hostName: 'dir.contoso.example' },
      { hostName: 'pool.evil.example', listen: localhost },
    ];
    const { ca, portOf, server } = await site({ pools: foreign });
    dns.srv(INTERNAL, [{ target: 'dir.contoso.example', port: portOf('dir.contoso.example') }]);
    const { observer } = sourceFor(ca);
    await observer.until(() => observer.state === 'transient-disconnect');
    const { error } = observer.links.at(-1) ?? {};
    expect(error?.code).toBe('OCS_REDIRECT');
    expect(error?.details).toMatchObject({
      to: 'pool.evil.example',
      from: expect.stringContaining('dir.contoso.example'),
    });
    expect(dns.asked).not.toContain('A pool.evil.example');
    expect(server.counters.subscribes).toBe(0);
  });

  test('in a foreign domain is followed to when that domain is trusted', async () => {
    const foreign = [
      { ...pools[0], hostName: 'dir.contoso.example' },
      { hostName: 'pool.corp.example', listen: localhost },
    ];
    const { ca, portOf } = await site({ pools: foreign });
    dns.srv(INTERNAL, [{ target: 'dir.contoso.example', port: portOf('dir.contoso.example') }]);
    const { observer } = sourceFor(ca, { trustedDomains: ['corp.example'] });
    await observer.until(() => observer.status(ANA) === 'available');
  });
});

describe('servers that send everybody elsewhere', () => {
  /** A TLS server that answers every REGISTER with a 301. */
  async function redirector(certificates: ServerCertificate, contact: () => string): Promise<number> {
    const open = new Set<TLSSocket>();
    const server = createServer({ cert: certificates.certificate, key: certificates.privateKey }, (socket) => {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('data', (bytes: Buffer) => {
        const copied = bytes
          .toString()
          .split('\r\n')
          .filter((line) => /^(via|from|to|call-id|cseq):/i.test(line));
        const lines = ['SIP/2.0 301 Redirected', ...copied, `Contact: <${contact()}>`, 'Content-Length: 0', '', ''];
        socket.write(lines.join('\r\n'));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    running.push({
      async stop() {
        for (const socket of open) socket.destroy();
        server.close();
        await once(server, 'close');
      },
    });
    return (server.address() as AddressInfo).port;
  }

  test('in a circle are found out, with both names, and not followed for ever', async () => {
    const certificates = await createThrowAwayAuthority(['a.contoso.example', 'b.contoso.example']);
    let other = 0;
    let redirects = 0;
    const first = await redirector(certificates, () => {
      redirects++;
      return `sip:b.contoso.example:${other};transport=tls`;
    });
    other = await redirector(certificates, () => `sip:a.contoso.example:${first};transport=tls`);
    dns.srv(INTERNAL, [{ target: 'a.contoso.example', port: first }]);
    dns.a('a.contoso.example', ['127.0.0.1']).a('b.contoso.example', ['127.0.0.1']);
    const { observer, source } = sourceFor(certificates.caCertificate, { backoff: { baseMs: 60_000, capMs: 60_000 } });
    await observer.until(() => observer.state === 'transient-disconnect');
    const { error } = observer.links.at(-1) ?? {};
    expect(error?.code).toBe('OCS_REDIRECT');
    expect(error?.message).toContain('a loop');
    expect(error?.details).toMatchObject({
      from: `b.contoso.example:${other} TLS`,
      to: 'a.contoso.example',
      status: 301,
    });
    expect(redirects).toBe(1);
    await source.stop();
  });

  test('must lead to a server with a certificate for the name that they gave', async () => {
    const director = await createThrowAwayAuthority(['a.contoso.example']);
    const { portOf } = await site({
      certificates: director,
      pools: [{ hostName: 'a.contoso.example', listen: localhost, certificates: director }],
    });
    const first = await redirector(
      director,
      () => `sip:c.contoso.example:${portOf('a.contoso.example')};transport=tls`,
    );
    dns.srv(INTERNAL, [{ target: 'a.contoso.example', port: first }]).a('c.contoso.example', ['127.0.0.1']);
    const { observer } = sourceFor(director.caCertificate);
    await observer.until(() => observer.state === 'untrusted-peer');
    expect(observer.links.at(-1)?.error?.message).toContain('"c.contoso.example" was expected');
  });
});

test('an account that is moved to another pool follows', async () => {
  const pools = ['ocs01', 'ocs02'].map((name) => ({ hostName: `${name}.contoso.example`, listen: localhost }));
  const { ca, portOf, server } = await site({ pools });
  dns.srv(INTERNAL, [{ target: 'ocs01.contoso.example', port: portOf('ocs01.contoso.example') }]);
  const servers = memoryServers();
  const { observer } = sourceFor(ca, { servers });
  await observer.until(() => observer.status(ANA) === 'available');
  server.movePerson(ACCOUNT, { kind: 'pool', hostName: 'ocs02.contoso.example' });
  await observer.until(() => observer.state === 'transient-disconnect');
  await observer.until(() => observer.status(ANA) === 'available');
  expect(parseLastGood(servers.read(KEY) ?? '')?.host).toBe('ocs02.contoso.example');
});

describe('a name service that is down', () => {
  test('does not keep the source from the server that was good within the hour', async () => {
    const { ca, portOf, server } = await site();
    dns.srv(INTERNAL, [{ target: 'ocs01.contoso.example', port: portOf('ocs01.contoso.example') }]);
    const { observer, events } = sourceFor(ca);
    await observer.until(() => observer.status(ANA) === 'available');
    dns.override = { kind: 'code', code: 2 };
    server.dropConnections();
    await observer.until(() => observer.state === 'transient-disconnect');
    await observer.until(() => observer.status(ANA) === 'available');
    expect(events('ocs.name-service-down').length).toBeGreaterThan(0);
  });

  test('is no excuse for an address that is older', async () => {
    const { ca, portOf } = await site();
    const servers = memoryServers();
    const at = Date.now() - 3_700_000;
    const port = portOf('ocs01.contoso.example');
    servers.write(
      KEY,
      formatLastGood({ host: 'ocs01.contoso.example', port, transport: 'tls', addresses: ['127.0.0.1'], at }),
    );
    dns.override = { kind: 'code', code: 2 };
    const { observer } = sourceFor(ca, { servers });
    await observer.until(() => observer.state === 'transient-disconnect');
    expect(observer.links.at(-1)?.error?.code).toBe('OCS_NOT_FOUND');
  });
});

test('a server remembered under other settings is not used', async () => {
  const { ca, portOf } = await site();
  dns.srv(INTERNAL, [{ target: 'ocs01.contoso.example', port: portOf('ocs01.contoso.example') }]);
  const servers = memoryServers();
  servers.write(
    KEY,
    formatLastGood({
      host: 'pool.evil.example',
      port: 5061,
      transport: 'tls',
      addresses: ['127.0.0.1'],
      at: Date.now(),
    }),
  );
  const { observer } = sourceFor(ca, { servers });
  await observer.until(() => observer.state === 'connected');
  expect(dns.asked.some((question) => question.includes('evil'))).toBe(false);
});

test('a key that cannot be used is a refusal, not tried again within minutes', async () => {
  const { ca, portOf } = await site();
  const tls = { ca, clientCertificate: { certificate: ca, key: 'no key' } };
  const server = { host: '127.0.0.1', port: portOf('ocs01.contoso.example'), transport: 'tls', tls } as const;
  const { observer } = sourceFor(ca, { server });
  await observer.until(() => observer.state === 'refused');
  const { error, since, retryAt = 0 } = observer.links.at(-1) ?? { since: Number.NaN };
  expect([error?.code, retryAt - since]).toEqual(['CFG_INVALID', 1_800_000]);
});

test('a source that is stopped while it looks for a server says so and does nothing more', async () => {
  dns.override = { kind: 'silent' };
  const { source, observer } = sourceFor('');
  await vi.waitFor(() => expect(dns.asked.length).toBeGreaterThan(0));
  await source.stop();
  expect(observer.links.map(({ state }) => state)).toEqual(['connecting', 'stopped']);
});
