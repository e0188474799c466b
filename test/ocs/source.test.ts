import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Clock, PresenceSource } from '../../src/bridge/ports.js';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { memoryAttempts } from '../../src/ocs/auth/attempts.js';
import { secretOf } from '../../src/ocs/auth/identity.js';
import { createThrowAwayAuthority } from '../../src/ocs/simulator/certificates.js';
import type { SimulatorOptions } from '../../src/ocs/simulator/options.js';
import { OcsSimulator } from '../../src/ocs/simulator/simulator.js';
import { createOcsSource, type OcsSourceOptions } from '../../src/ocs/source.js';
import { sipKeyOf } from '../../src/presence/ids.js';
import { sip } from '../support/people.js';
import { silentLog } from '../support/silent-log.js';
import { Observer } from '../support/source-observer.js';

const ACCOUNT = sip('bridge@contoso.example');
const ANA = sip('ana.reyes@contoso.example');
const BEN = sip('ben.okoro@contoso.example');
const PASSWORD = 'Winter-2009!';
const IDENTITY = { user: 'bridge', domain: 'CONTOSO', password: PASSWORD, workstation: '' };
const HOUR_MS = 3_600_000;
const AWAY = { availability: 15_500, activity: '', note: '', outOfOffice: false, displayName: '' };

const running: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

async function simulator(options: Partial<SimulatorOptions> = {}) {
  const server = new OcsSimulator({
    accounts: [{ uri: ACCOUNT, user: 'bridge', domain: 'CONTOSO', password: PASSWORD, displayName: 'Bridge' }],
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    ...options,
  });
  const address = await server.start();
  running.push(server);
  server.setPerson(ANA, { availability: 3500, activity: '', note: 'Room 4', outOfOffice: false, displayName: 'Ana' });
  server.setPerson(BEN, {
    availability: 6500,
    activity: 'in-a-meeting',
    note: '',
    outOfOffice: false,
    displayName: 'Ben',
  });
  return { server, address };
}

function sourceFor(
  server: OcsSourceOptions['server'],
  options: Partial<OcsSourceOptions> = {},
  clock: Clock = systemClock,
) {
  const source: PresenceSource = createOcsSource(
    {
      account: ACCOUNT,
      user: 'bridge',
      domain: 'CONTOSO',
      password: PASSWORD,
      server,
      userAgent: 'UCCAPI/3.5.6907.0 NotesPresenceBridge/0.1',
      notes: true,
      backoff: { baseMs: 20, capMs: 100 },
      epid: '5f0c9a1b2d',
      ...options,
    },
    { clock, random: systemRandom, log: silentLog },
  );
  const observer = new Observer();
  running.unshift(source);
  return { source, observer };
}

function tls(port: number | undefined, ca: string): OcsSourceOptions['server'] {
  return { host: '127.0.0.1', port: port ?? 0, transport: 'tls', tls: { ca }, serverName: 'ocs01.contoso.example' };
}

describe('OCS source', () => {
  test('signs in over TLS, reports the first states and every change', async () => {
    const { server, address } = await simulator();
    const { source, observer } = sourceFor(tls(address.tlsPort, address.caCertificate));
    source.watch([ANA, BEN]);
    source.start(observer);
    await observer.until(() => observer.people.size === 2);
    expect(observer.links.map((link) => link.state)).toEqual(['connecting', 'connected']);
    expect([observer.status(ANA), observer.status(BEN)]).toEqual(['available', 'busy']);
    expect(observer.people.get(BEN)?.activity).toBe('in-a-meeting');
    expect(observer.people.get(ANA)?.note).toBe('Room 4');
    expect(observer.authoritative).toBe(2);

    server.setPerson(ANA, { availability: 9500, activity: '', note: '', outOfOffice: false, displayName: 'Ana' });
    await observer.until(() => observer.status(ANA) === 'do-not-disturb');
    expect(observer.authoritative).toBe(2);
  });

  for (const authVersion of [2, 3, 4, 'none'] as const) {
    test(`works with authentication version ${authVersion}`, async () => {
      const { server, address } = await simulator({ authVersion });
      const { source, observer } = sourceFor(tls(address.tlsPort, address.caCertificate));
      source.watch([ANA]);
      source.start(observer);
      await observer.until(() => observer.status(ANA) === 'available');
      server.setPerson(ANA, AWAY);
      await observer.until(() => observer.status(ANA) === 'away');
      await source.stop();
      expect(server.counters).toMatchObject({ badSignatures: 0, malformed: 0, logonsFailed: 0 });
    });
  }

  test('renews registration, subscription and sign-in over one connection without a gap', async () => {
    const { server, address } = await simulator();
    const held = new Map<number, () => void>();
    let skipped = 0;
    // Real time, but for the long timers: these the test lets go off itself.
    const clock: Clock = {
      ...systemClock,
      monotonic: () => systemClock.monotonic() + skipped,
      after: (delay, callback) => {
        if (delay < HOUR_MS) return systemClock.after(delay, callback);
        held.set(Math.round(delay / 60_000), callback);
        return () => {};
      },
    };
    const { source, observer } = sourceFor(tls(address.tlsPort, address.caCertificate), {}, clock);
    source.watch([ANA]);
    source.start(observer);
    await observer.until(() => observer.status(ANA) === 'available');
    // Registration after three quarters of two hours, sign-in before eight hours, subscription in between.
    const subscription = [...held.keys()].find((minutes) => minutes !== 90 && minutes !== 475) ?? 0;
    expect([...held.keys()].toSorted((a, b) => a - b)).toEqual([90, subscription, 475].toSorted((a, b) => a - b));

    held.get(90)?.();
    await vi.waitFor(() => expect(server.counters.registers).toBe(2));
    skipped = (subscription + 1) * 60_000;
    held.get(subscription)?.();
    await vi.waitFor(() => expect(server.counters.subscribes).toBe(2));
    held.get(475)?.();
    await vi.waitFor(() => expect(server.counters.registers).toBe(3));
    expect(server.counters.logonsOk).toBe(2);
    server.setPerson(ANA, AWAY);
    await observer.until(() => observer.status(ANA) === 'away');
    expect(observer.links.map((link) => link.state)).toEqual(['connecting', 'connected']);
    expect(server.counters).toMatchObject({ badSignatures: 0, malformed: 0, connections: 1 });
  });

  test('asks for notes only when they are wanted', async () => {
    const { address } = await simulator();
    const { source, observer } = sourceFor(tls(address.tlsPort, address.caCertificate), { notes: false });
    source.watch([ANA]);
    source.start(observer);
    await observer.until(() => observer.status(ANA) === 'available');
    expect(observer.people.get(ANA)?.note).toBe('');
  });

  test('follows the roster while it runs, in as many subscriptions as the batch size asks for', async () => {
    const { server, address } = await simulator();
    const { source, observer } = sourceFor(tls(address.tlsPort, address.caCertificate), { batchSize: 1 });
    source.watch([ANA]);
    source.start(observer);
    await observer.until(() => observer.status(ANA) === 'available');
    source.watch([ANA, BEN]);
    await observer.until(() => observer.status(BEN) === 'busy');
    expect(server.counters.subscribes).toBe(2);
    source.watch([BEN]);
    server.setPerson(ANA, AWAY);
    server.setPerson(BEN, AWAY);
    await observer.until(() => observer.status(BEN) === 'away');
    source.watch([ANA, BEN]);
    await observer.until(() => observer.status(ANA) === 'away');
    expect(server.counters.malformed).toBe(0);
  });

  test('reports the loss of the server at once, and is right again when it is back', async () => {
    const certificates = await createThrowAwayAuthority(['ocs01.contoso.example']);
    const { server, address } = await simulator({ certificates });
    const { source, observer } = sourceFor(tls(address.tlsPort, address.caCertificate));
    source.watch([ANA, BEN]);
    source.start(observer);
    await observer.until(() => observer.people.size === 2);
    await server.stop();
    await observer.until(() => observer.state === 'transient-disconnect');
    expect(observer.links.at(-1)?.error?.code).toBe('OCS_CONNECTION_LOST');
    const { since, retryAt = 0 } = observer.links.at(-1) ?? { since: Number.NaN };
    // Sixty milliseconds for each of two people, or the first pause.
    expect(retryAt - since).toBeLessThanOrEqual(120);
    expect(retryAt).toBeGreaterThanOrEqual(since);
    expect(observer.status(ANA)).toBe('unknown');
    await observer.until(() => observer.links.at(-1)?.error?.code === 'OCS_UNREACHABLE');

    const again = await simulator({ certificates, listen: { host: '127.0.0.1', tlsPort: address.tlsPort ?? 0 } });
    again.server.setPerson(ANA, AWAY);
    await observer.until(() => observer.state === 'connected' && observer.people.size === 2);
    await observer.until(() => observer.status(ANA) === 'away');
    expect(observer.status(BEN)).toBe('busy');
  });

  test('comes back by itself when only the connection is cut', async () => {
    const { server, address } = await simulator();
    const { source, observer } = sourceFor(tls(address.tlsPort, address.caCertificate));
    source.watch([ANA]);
    source.start(observer);
    await observer.until(() => observer.status(ANA) === 'available');
    server.dropConnections();
    await observer.until(() => observer.state === 'transient-disconnect');
    await observer.until(() => observer.status(ANA) === 'available');
    expect(server.counters.logonsOk).toBe(2);
  });

  test('tries a wrong password twice and then once in half an hour', async () => {
    const { server, address } = await simulator();
    const options = { password: 'wrong', backoff: { baseMs: 1, capMs: 2 } };
    const { source, observer } = sourceFor(tls(address.tlsPort, address.caCertificate), options);
    source.start(observer);
    await observer.until(() => observer.state === 'bad-credentials');
    expect(observer.links.at(-1)?.error?.code).toBe('OCS_BAD_CREDENTIALS');
    const { since, retryAt = 0 } = observer.links.at(-1) ?? { since: Number.NaN };
    expect(retryAt - since).toBeGreaterThan(1_790_000);
    expect(retryAt - since).toBeLessThanOrEqual(1_800_000);
    expect(server.counters.logonsFailed).toBe(2);
  });

  test('makes no try at all when the password was refused often enough before a restart', async () => {
    const { server, address } = await simulator();
    const attempts = memoryAttempts();
    attempts.write(sipKeyOf(ACCOUNT), { failures: 2, at: Date.now(), mark: attempts.markOf(secretOf(IDENTITY)) });
    const { source, observer } = sourceFor(tls(address.tlsPort, address.caCertificate), { attempts });
    source.start(observer);
    await observer.until(() => observer.state === 'bad-credentials');
    expect(server.counters.registers + server.counters.logonsFailed).toBe(0);
  });

  test('refuses a server whose certificate is for another name, and says both names', async () => {
    const { address } = await simulator();
    const server = { ...tls(address.tlsPort, address.caCertificate), serverName: 'pool.fabrikam.example' };
    const { source, observer } = sourceFor(server);
    source.start(observer);
    await observer.until(() => observer.state === 'untrusted-peer');
    const { error } = observer.links.at(-1) ?? {};
    expect(error?.code).toBe('OCS_TLS_NAME');
    expect(error?.message).toContain('pool.fabrikam.example');
    expect(error?.message).toContain('ocs01.contoso.example');
  });

  test('refuses a server of an unknown authority', async () => {
    const { address } = await simulator();
    const other = await createThrowAwayAuthority(['ocs01.contoso.example']);
    const { source, observer } = sourceFor(tls(address.tlsPort, other.caCertificate));
    source.start(observer);
    await observer.until(() => observer.state === 'untrusted-peer');
    expect(observer.links.at(-1)?.error?.code).toBe('OCS_TLS_UNTRUSTED');
  });

  test('never answers an NTLM challenge over plain TCP unless told to', async () => {
    const listen = { host: '127.0.0.1', tcpPort: 0 };
    const { server, address } = await simulator({ listen });
    const tcp = { host: '127.0.0.1', port: address.tcpPort ?? 0, transport: 'tcp' } as const;
    const wary = sourceFor(tcp);
    wary.source.start(wary.observer);
    await wary.observer.until(() => wary.observer.state === 'refused');
    expect(wary.observer.links.at(-1)?.error?.code).toBe('OCS_AUTH_UNSUPPORTED');
    expect(server.counters.logonsOk).toBe(0);

    const bold = sourceFor(tcp, { allowNtlmWithoutTls: true });
    bold.source.watch([ANA]);
    bold.source.start(bold.observer);
    await bold.observer.until(() => bold.observer.status(ANA) === 'available');
  });

  test('signs off when it is stopped, and reports nothing afterwards', async () => {
    const { server, address } = await simulator();
    const { source, observer } = sourceFor(tls(address.tlsPort, address.caCertificate));
    source.watch([ANA]);
    source.start(observer);
    await observer.until(() => observer.status(ANA) === 'available');
    const before = { ...server.counters };
    await source.stop();
    expect(observer.state).toBe('stopped');
    expect(server.counters.registers).toBe(before.registers + 1);
    expect(server.counters.subscribes).toBe(before.subscribes + 1);
    server.setPerson(ANA, AWAY);
    expect(observer.links.filter((link) => link.state === 'stopped')).toHaveLength(1);
  });

  test('can be stopped before it ever connected', async () => {
    const { source, observer } = sourceFor(tls(1, ''));
    source.start(observer);
    await source.stop();
    expect(observer.state).toBe('stopped');
  });
});
