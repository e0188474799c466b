import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Clock, LinkReport, PresenceSource, PresenceSourceListener } from '../../src/bridge/ports.js';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { loadGssapi, systemGssapi } from '../../src/ocs/auth/gssapi/binding.js';
import { KerberosMechanism } from '../../src/ocs/auth/gssapi/mechanism.js';
import type { SimulatorOptions } from '../../src/ocs/simulator/options.js';
import { OcsSimulator } from '../../src/ocs/simulator/simulator.js';
import { createOcsSource, type OcsSourceOptions } from '../../src/ocs/source.js';
import type { SipUri } from '../../src/presence/ids.js';
import { merge, type Observation, type Snapshot, unknownSnapshot } from '../../src/presence/snapshot.js';
import { Kdc, REALM, withoutKdc } from '../support/kerberos.js';
import { sip } from '../support/people.js';
import { eventually } from '../support/product.js';
import { recordingLog, silentLog } from '../support/silent-log.js';

const ACCOUNT = sip('bridge@contoso.example');
const ANA = sip('ana.reyes@contoso.example');
const PASSWORD = 'Winter-2009!';
const PRINCIPAL = `bridge@${REALM}`;
const SERVICE = `sip/ocs01.contoso.example@${REALM}`;
const HOST = 'ocs01.contoso.example';
const WITHIN_MS = 15_000;
const IN_TURN = [3500, 6500, 9500, 15_500] as const;

const missing = withoutKdc();
// biome-ignore lint/suspicious/noConsole: a suite that is left out says why
if (missing !== undefined) console.warn(`Kerberos is not tested: ${missing}`);

class Observer implements PresenceSourceListener {
  readonly links: LinkReport[] = [];
  readonly lost: string[] = [];
  readonly people = new Map<SipUri, Snapshot>();

  onLink(report: LinkReport): void {
    this.links.push(report);
  }

  onObservations(observations: readonly Observation[], authoritative: boolean): void {
    for (const one of observations) {
      const before = this.people.get(one.uri) ?? unknownSnapshot(one.uri);
      this.people.set(one.uri, merge(before, one, { now: Date.now(), notes: false, authoritative }));
    }
  }

  onLost(_: readonly SipUri[], reason: string): void {
    this.lost.push(reason);
  }

  get state(): string {
    return this.links.at(-1)?.state ?? 'none';
  }

  get error() {
    return this.links.findLast(({ error }) => error !== undefined)?.error;
  }
}

describe.skipIf(missing !== undefined)('Kerberos with a KDC of MIT', () => {
  let kdc: Kdc;
  let serverKeytab: string;
  let bridgeKeytab: string;
  const before = process.env['KRB5_CONFIG'];
  const running: { stop(): Promise<void> }[] = [];

  beforeAll(async () => {
    kdc = await Kdc.start();
    kdc.addPrincipal(PRINCIPAL, PASSWORD);
    kdc.addPrincipal(SERVICE);
    serverKeytab = kdc.keytab(SERVICE);
    bridgeKeytab = kdc.keytab(PRINCIPAL);
    process.env['KRB5_CONFIG'] = kdc.configuration;
  });

  afterEach(async () => {
    for (const one of running.splice(0)) await one.stop();
  });

  afterAll(async () => {
    if (before === undefined) delete process.env['KRB5_CONFIG'];
    else process.env['KRB5_CONFIG'] = before;
    await kdc.remove();
  });

  async function server(options: Partial<SimulatorOptions> = {}) {
    const simulator = new OcsSimulator({
      accounts: [{ uri: ACCOUNT, user: 'bridge', domain: 'CONTOSO', password: PASSWORD, displayName: 'Bridge' }],
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
      keytab: serverKeytab,
      ...options,
    });
    const address = await simulator.start();
    running.push(simulator);
    setAna(simulator, IN_TURN[0]);
    const tls = { host: '127.0.0.1', port: address.tlsPort ?? 0, transport: 'tls', serverName: HOST } as const;
    const tcp = { host: '127.0.0.1', port: address.tcpPort ?? 0, transport: 'tcp' } as const;
    return { simulator, at: { ...tls, tls: { ca: address.caCertificate } }, tcp };
  }

  function setAna(simulator: OcsSimulator, availability: number): void {
    simulator.setPerson(ANA, { availability, activity: '', note: '', outOfOffice: false, displayName: 'Ana' });
  }

  function bridge(at: OcsSourceOptions['server'], options: Partial<OcsSourceOptions> = {}, clock: Clock = systemClock) {
    const log = recordingLog();
    const source: PresenceSource = createOcsSource(
      {
        account: ACCOUNT,
        user: 'bridge',
        domain: 'CONTOSO',
        password: PASSWORD,
        server: at,
        notes: false,
        authentication: ['kerberos'],
        kerberos: { principal: PRINCIPAL },
        backoff: { baseMs: 20, capMs: 100 },
        ...options,
      },
      { clock, random: systemRandom, log },
    );
    const observer = new Observer();
    running.unshift(source);
    source.watch([ANA]);
    source.start(observer);
    const shows = (status: string) =>
      eventually(`Ana is ${status}`, WITHIN_MS, () => observer.people.get(ANA)?.status === status || undefined);
    const is = (state: string) =>
      eventually(`the link is ${state}`, WITHIN_MS, () => observer.state === state || undefined);
    return { source, observer, log, shows, is };
  }

  const events = (log: ReturnType<typeof recordingLog>) => log.entries.map(({ event }) => event);

  for (const authVersion of [2, 3, 4] as const) {
    test(`signs in with a password, and both sides sign from then on (version ${authVersion})`, async () => {
      const { simulator, at } = await server({ authVersion, schemes: ['Kerberos'] });
      const { source, observer, shows } = bridge(at);
      await shows('available');
      setAna(simulator, IN_TURN[1]);
      await shows('busy');
      setAna(simulator, IN_TURN[2]);
      await shows('do-not-disturb');
      await source.stop();
      expect(simulator.counters).toMatchObject({ logonsOk: 1, logonsFailed: 0, badSignatures: 0 });
      expect(observer.links.map(({ state }) => state)).toEqual(['connecting', 'connected', 'stopped']);
    });
  }

  test('signs in with a keytab and without a password', async () => {
    const { simulator, at } = await server({ schemes: ['Kerberos'] });
    const { shows } = bridge(at, { password: '', kerberos: { principal: PRINCIPAL, keytab: bridgeKeytab } });
    await shows('available');
    setAna(simulator, IN_TURN[3]);
    await shows('away');
    expect(simulator.counters).toMatchObject({ logonsOk: 1, badSignatures: 0 });
  });

  test('takes Kerberos before NTLM in whatever order the server offers them', async () => {
    for (const schemes of [
      ['NTLM', 'Kerberos'],
      ['Kerberos', 'NTLM'],
    ] as const) {
      const { simulator, at } = await server({ schemes });
      // With this password NTLM would fail.
      const keytab = { principal: PRINCIPAL, keytab: bridgeKeytab };
      const { shows } = bridge(at, { authentication: ['ntlm', 'kerberos'], kerberos: keytab, password: 'wrong' });
      await shows('available');
      expect(simulator.counters).toMatchObject({ logonsOk: 1, logonsFailed: 0 });
    }
  });

  test('signs in with Kerberos without TLS, where NTLM must not', async () => {
    const { tcp } = await server({ listen: { host: '127.0.0.1', tcpPort: 0 } });
    const { shows } = bridge(tcp);
    await shows('available');
  });

  test('a wrong password is refused by the KDC, counted twice, and never reaches the server', async () => {
    const { simulator, at } = await server();
    const { observer, is } = bridge(at, { password: 'Summer-1999', authentication: ['kerberos', 'ntlm'] });
    await is('bad-credentials');
    expect(observer.error).toMatchObject({ code: 'OCS_BAD_CREDENTIALS', details: { attempts: 2 } });
    expect(observer.error?.message).toMatch(/KDC refused bridge@CONTOSO\.EXAMPLE/);
    expect(observer.error?.message).not.toContain('Summer');
    expect(simulator.counters).toMatchObject({ logonsOk: 0, logonsFailed: 0 });
  });

  test('a ticket of short life is renewed while traffic goes on', async () => {
    kdc.addPrincipal(`short@${REALM}`, PASSWORD, '8 seconds');
    const short = { uri: ACCOUNT, user: 'short', domain: 'CONTOSO', password: PASSWORD, displayName: 'Bridge' };
    const { simulator, at } = await server({ schemes: ['Kerberos'], accounts: [short] });
    const { observer, shows } = bridge(at, { user: 'short', kerberos: { principal: `short@${REALM}` } });
    await shows('available');
    let turn = 0;
    await eventually('two renewals', 30_000, async () => {
      turn += 1;
      const busy = turn % 2 === 1;
      setAna(simulator, busy ? IN_TURN[1] : IN_TURN[0]);
      await shows(busy ? 'busy' : 'available');
      return simulator.counters.logonsOk >= 3 || undefined;
    });
    expect(observer.links.map(({ state }) => state)).toEqual(['connecting', 'connected']);
    expect(observer.lost).toEqual([]);
    expect(simulator.counters).toMatchObject({ badSignatures: 0, connections: 1 });
  });

  test('a KDC that is stopped does not disturb who is signed in; the next sign-in takes NTLM where that is allowed', async () => {
    const { simulator, at } = await server();
    const { shows, log } = bridge(at, { authentication: ['kerberos', 'ntlm'] });
    await shows('available');
    await kdc.stop();
    try {
      setAna(simulator, IN_TURN[1]);
      await shows('busy');
      simulator.dropConnections();
      setAna(simulator, IN_TURN[2]);
      await shows('do-not-disturb');
      expect(simulator.counters).toMatchObject({ logonsOk: 2, badSignatures: 0 });
      expect(log.entries.find(({ event }) => event === 'ocs.scheme-failed')?.fields['error']).toMatch(/KDC/);
    } finally {
      await kdc.restart();
    }
  });

  test('without NTLM a stopped KDC is told as such, and the bridge is back by itself when the KDC is', async () => {
    const { simulator, at } = await server();
    const { observer, shows, is } = bridge(at);
    await shows('available');
    await kdc.stop();
    try {
      simulator.dropConnections();
      await eventually('a Kerberos error', WITHIN_MS, () => observer.error?.code === 'OCS_KERBEROS' || undefined);
      expect(observer.error?.message).toMatch(/Cannot contact any KDC/);
      expect(simulator.counters.logonsFailed).toBe(0);
    } finally {
      await kdc.restart();
    }
    await is('connected');
  });

  test('a renewal without KDC waits; the association is used to the end of its ticket', async () => {
    kdc.addPrincipal(`brief@${REALM}`, PASSWORD, '6 seconds');
    const brief = { uri: ACCOUNT, user: 'brief', domain: 'CONTOSO', password: PASSWORD, displayName: 'Bridge' };
    const { simulator, at } = await server({ schemes: ['Kerberos'], accounts: [brief] });
    const { observer, shows, log } = bridge(at, { user: 'brief', kerberos: { principal: `brief@${REALM}` } });
    await shows('available');
    await kdc.stop();
    try {
      await eventually('the end of the ticket', WITHIN_MS, () => observer.error);
      expect(observer.error?.code).toBe('OCS_KERBEROS');
      expect(events(log)).not.toContain('ocs.people-lost');
    } finally {
      await kdc.restart();
    }
    setAna(simulator, IN_TURN[3]);
    await shows('away');
  });

  test('a renewal without KDC takes NTLM where that is allowed, and outlives the ticket', async () => {
    kdc.addPrincipal(`fleeting@${REALM}`, PASSWORD, '4 seconds');
    const fleeting = { uri: ACCOUNT, user: 'fleeting', domain: 'CONTOSO', password: PASSWORD, displayName: 'Bridge' };
    const { simulator, at } = await server({ accounts: [fleeting] });
    const identity = { user: 'fleeting', kerberos: { principal: `fleeting@${REALM}` } };
    const { observer, shows } = bridge(at, { ...identity, authentication: ['kerberos', 'ntlm'] });
    await shows('available');
    await kdc.stop();
    try {
      await eventually('a renewal', WITHIN_MS, () => simulator.counters.logonsOk === 2 || undefined);
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      setAna(simulator, IN_TURN[1]);
      await shows('busy');
    } finally {
      await kdc.restart();
    }
    expect(observer.links.map(({ state }) => state)).toEqual(['connecting', 'connected']);
    expect(simulator.counters).toMatchObject({ badSignatures: 0, connections: 1 });
  });

  test('a ticket that the server does not take leads to NTLM where allowed, else to an error of Kerberos', async () => {
    const other = `sip/other.contoso.example@${REALM}`;
    kdc.addPrincipal(other);
    const { simulator, at } = await server({ keytab: kdc.keytab(other) });
    const both = bridge(at, { authentication: ['kerberos', 'ntlm'] });
    await both.shows('available');
    expect(simulator.counters).toMatchObject({ logonsOk: 1, logonsFailed: 1 });
    await both.source.stop();
    const one = bridge(at);
    await eventually('an error', WITHIN_MS, () => one.observer.error);
    expect(one.observer.error).toMatchObject({
      code: 'OCS_KERBEROS',
      message: expect.stringMatching(/did not accept/),
    });
  });

  test('clocks that are too far apart are named as the reason', async () => {
    const other = `sip/late.contoso.example@${REALM}`;
    kdc.addPrincipal(other);
    const late: Clock = { ...systemClock, now: () => Date.now() + 400_000 };
    const { at } = await server({ keytab: kdc.keytab(other), schemes: ['Kerberos'], clock: late });
    const { observer, log } = bridge(at);
    await eventually('an error', WITHIN_MS, () => observer.error);
    expect(observer.error?.code).toBe('OCS_KERBEROS');
    expect(observer.error?.message).toMatch(/clock of this machine is (399|400) s behind/);
    expect(events(log)).toContain('ocs.clock-skew');
  });

  test('a missing library is told as such, and NTLM goes on without it', async () => {
    const missing = loadGssapi(() => import('koffi'), { gssapi: 'libnothing.so', krb5: 'libnothing.so' });
    await expect(missing).rejects.toMatchObject({ code: 'OCS_KERBEROS_UNAVAILABLE' });
  });

  test('neither tickets nor memory are left behind', async () => {
    const gss = await systemGssapi();
    const ports = { clock: systemClock, random: systemRandom, gssapi: async () => gss };
    const round = async (keytab: boolean): Promise<void> => {
      const identity = { principal: PRINCIPAL, password: PASSWORD, ...(keytab ? { keytab: bridgeKeytab } : {}) };
      const mechanism = new KerberosMechanism(identity, ports);
      expect(await mechanism.start(`sip/${HOST}`)).toMatchObject({ kind: 'token' });
      mechanism.signer?.release?.();
    };
    for (let warm = 0; warm < 20; warm++) await round(warm % 2 === 0);
    const before = process.memoryUsage().rss;
    for (let count = 0; count < 300; count++) await round(count % 2 === 0);
    expect((process.memoryUsage().rss - before) / 300).toBeLessThan(30_000);
  });
});
