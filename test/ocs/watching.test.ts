import { afterEach, describe, expect, test } from 'vitest';
import type { PresenceSource, PresenceSourceListener } from '../../src/bridge/ports.js';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { DEFAULT_LIMITS, type SimulatorOptions } from '../../src/ocs/simulator/options.js';
import { OcsSimulator } from '../../src/ocs/simulator/simulator.js';
import { createOcsSource } from '../../src/ocs/source.js';
import type { Status } from '../../src/presence/availability.js';
import type { SipUri } from '../../src/presence/ids.js';
import { merge, type Snapshot, unknownSnapshot } from '../../src/presence/snapshot.js';
import { sip } from '../support/people.js';
import { silentLog } from '../support/silent-log.js';

const ACCOUNT = sip('bridge@contoso.example');
const PEOPLE = Array.from({ length: 30 }, (_, index) => sip(`p${index}@contoso.example`));
const OTHER_WATCHER = sip('other@contoso.example');

class Watching implements PresenceSourceListener {
  readonly people = new Map<SipUri, Snapshot>();
  readonly lost: string[] = [];
  #wake: () => void = () => {};

  onLink(): void {
    this.#wake();
  }

  onObservations(observations: Parameters<PresenceSourceListener['onObservations']>[0], authoritative: boolean): void {
    for (const observation of observations) {
      const before = this.people.get(observation.uri) ?? unknownSnapshot(observation.uri);
      const options = { now: Date.now(), notes: true, authoritative };
      this.people.set(observation.uri, merge(before, observation, options));
    }
    this.#wake();
  }

  onLost(uris: readonly SipUri[], reason: string): void {
    for (const uri of uris) {
      this.people.delete(uri);
      this.lost.push(reason);
    }
    this.#wake();
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  statusOf(uri: SipUri | undefined): Status | undefined {
    return uri && this.people.get(uri)?.status;
  }
}

const running: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

async function watchWith(options: Partial<SimulatorOptions>, account = ACCOUNT, batchSize = 100) {
  const server = new OcsSimulator({
    accounts: [ACCOUNT, OTHER_WATCHER].map((uri) => {
      return { uri, user: uri.slice(4, uri.indexOf('@')), domain: 'CONTOSO', password: 'secret', displayName: uri };
    }),
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    authVersion: 'none',
    listen: { host: '127.0.0.1', tcpPort: 0 },
    ...options,
  });
  const { tcpPort = 0 } = await server.start();
  running.push(server);
  for (const uri of PEOPLE) {
    server.setPerson(uri, { availability: 3500, activity: '', note: '', outOfOffice: false, displayName: uri });
  }
  const watch = (who: SipUri): { source: PresenceSource; watching: Watching } => {
    const source = createOcsSource(
      {
        account: who,
        user: who.slice(4, who.indexOf('@')),
        domain: 'CONTOSO',
        password: 'secret',
        server: { host: '127.0.0.1', port: tcpPort, transport: 'tcp' },
        notes: true,
        batchSize,
      },
      { clock: systemClock, random: systemRandom, log: silentLog },
    );
    running.unshift(source);
    const watching = new Watching();
    source.start(watching);
    return { source, watching };
  };
  return { server, watch, ...watch(account) };
}

const AWAY = { availability: 15_500, activity: '', note: '', outOfOffice: false, displayName: '' };

describe('the roster at the simulated server', () => {
  for (const dialect of ['ocs2007', 'lcs2005'] as const) {
    test(`of the dialect ${dialect}: first states, changes, people who come and go`, async () => {
      const { server, source, watching } = await watchWith({ dialect }, ACCOUNT, 10);
      source.watch(PEOPLE.slice(0, 25));
      await watching.until(() => watching.people.size === 25);
      expect([...watching.people.values()].every(({ status }) => status === 'available')).toBe(true);
      server.setPerson(PEOPLE[3] as SipUri, AWAY);
      await watching.until(() => watching.statusOf(PEOPLE[3]) === 'away');
      source.watch(PEOPLE.slice(5));
      await watching.until(() => PEOPLE.slice(5).every((uri) => watching.people.has(uri)));
      server.setPerson(PEOPLE[29] as SipUri, AWAY);
      await watching.until(() => watching.statusOf(PEOPLE[29]) === 'away');
      expect(watching.lost).toEqual([]);
      expect(server.counters.malformed).toBe(0);
    });
  }

  test('with people at another pool and people of another company: each is asked for where the server says', async () => {
    const { server, source, watching } = await watchWith({
      pools: [
        { hostName: 'pool1.contoso.example', listen: { host: '127.0.0.1', tcpPort: 0 } },
        { hostName: 'pool2.contoso.example', listen: { host: '127.0.0.1', tcpPort: 0 } },
      ],
    });
    for (const uri of PEOPLE.slice(0, 10)) server.movePerson(uri, { kind: 'pool', hostName: 'pool2.contoso.example' });
    for (const uri of PEOPLE.slice(10, 13)) server.movePerson(uri, { kind: 'federated' });
    source.watch(PEOPLE);
    await watching.until(() => watching.people.size === PEOPLE.length);
    for (const index of [0, 10, 20]) server.setPerson(PEOPLE[index] as SipUri, AWAY);
    await watching.until(() => [0, 10, 20].every((index) => watching.statusOf(PEOPLE[index]) === 'away'));
    // One batch at home, one at the other pool, one dialog for each of the three.
    expect(server.counters.subscribes).toBe(5);
    expect(watching.lost).toEqual([]);
  });

  test('with people who have too many watchers: they are asked about, nobody is lost', async () => {
    const { watch, source, watching } = await watchWith({ limits: { ...DEFAULT_LIMITS, watchersPerPerson: 1 } });
    const full = PEOPLE.slice(0, 3);
    source.watch(full);
    await watching.until(() => watching.people.size === 3);
    const second = watch(OTHER_WATCHER);
    second.source.watch(PEOPLE);
    await second.watching.until(() => second.watching.people.size === PEOPLE.length);
    expect(full.map((uri) => second.watching.statusOf(uri))).toEqual(['available', 'available', 'available']);
    expect(second.watching.lost).toEqual([]);
  });
});
