import { afterEach, describe, expect, test } from 'vitest';
import type { LinkReport, PresenceSource, PresenceSourceListener } from '../../src/bridge/ports.js';
import { createThrowAwayAuthority, type ServerCertificate } from '../../src/ocs/simulator/certificates.js';
import type { SimulatorOptions } from '../../src/ocs/simulator/options.js';
import { OcsSimulator } from '../../src/ocs/simulator/simulator.js';
import { createOcsSource, type OcsSourceOptions } from '../../src/ocs/source.js';
import type { SipUri } from '../../src/presence/ids.js';
import { merge, type Observation, type Snapshot, unknownSnapshot } from '../../src/presence/snapshot.js';
import { sip } from '../support/people.js';
import { silentLog } from '../support/silent-log.js';
import { systemClock, systemRandom } from '../support/system-ports.js';

const ACCOUNT = sip('bridge@contoso.example');
const ANA = sip('ana.reyes@contoso.example');
const BEN = sip('ben.okoro@contoso.example');
const PASSWORD = 'Winter-2009!';

/** What the bridge would know: snapshots, and how the link stands. */
class Observer implements PresenceSourceListener {
  readonly links: LinkReport[] = [];
  readonly lost: { readonly uris: readonly SipUri[]; readonly reason: string }[] = [];
  readonly people = new Map<SipUri, Snapshot>();
  authoritative = 0;
  #wake: () => void = () => {};

  onLink(report: LinkReport): void {
    this.links.push(report);
    if (report.state !== 'connected') this.people.clear();
    this.#wake();
  }

  onObservations(observations: readonly Observation[], authoritative: boolean): void {
    if (authoritative) this.authoritative += observations.length;
    for (const one of observations) {
      const before = this.people.get(one.uri) ?? unknownSnapshot(one.uri);
      this.people.set(one.uri, merge(before, one, { now: Date.now(), notes: true, authoritative }));
    }
    this.#wake();
  }

  onLost(uris: readonly SipUri[], reason: string): void {
    this.lost.push({ uris, reason });
    this.#wake();
  }

  status(uri: SipUri): string {
    return this.people.get(uri)?.status ?? 'unknown';
  }

  get state(): string {
    return this.links.at(-1)?.state ?? 'none';
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

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

function sourceFor(server: OcsSourceOptions['server'], options: Partial<OcsSourceOptions> = {}) {
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
    { clock: systemClock, random: systemRandom, log: silentLog },
  );
  const observer = new Observer();
  running.unshift(source);
  return { source, observer };
}

function tls(port: number | undefined, ca: string): OcsSourceOptions['server'] {
  return { host: '127.0.0.1', port: port ?? 0, transport: 'tls', ca, serverName: 'ocs01.contoso.example' };
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
});
