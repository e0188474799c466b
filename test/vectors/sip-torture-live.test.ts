import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { createThrowAwayAuthority } from '../../src/ocs/simulator/certificates.js';
import type { SimulatedPresence } from '../../src/ocs/simulator/presence/simulated-presence.js';
import { OcsSimulator } from '../../src/ocs/simulator/simulator.js';
import { createOcsSource } from '../../src/ocs/source.js';
import { SipFramer } from '../../src/ocs/wire/frame.js';
import { sip } from '../support/people.js';
import { skippedWithoutShared } from '../support/shared.js';
import { silentLog } from '../support/silent-log.js';
import { sipRequest } from '../support/sip-bytes.js';
import { Observer } from '../support/source-observer.js';
import { TlsInjector } from '../support/tls-injector.js';
import { tortureFiles } from '../support/torture-files.js';

const ACCOUNT = sip('bridge@contoso.example');
const ANA = sip('ana.reyes@contoso.example');
const BEN = sip('ben.okoro@contoso.example');
const PASSWORD = 'Winter-2009!';
const MEGABYTE = 1024 * 1024;
const ALLOWED_GROWTH = 8 * MEGABYTE;

const presence = (availability: number): SimulatedPresence => {
  return { availability, activity: '', note: '', outOfOffice: false, displayName: '' };
};

/** How a stream goes on behind a file: with the next message, not at all, or with one that is swallowed. */
function framingOf(bytes: Buffer): 'goes on' | 'ends' | 'waits' {
  const good = sipRequest('NOTIFY');
  let ended = false;
  let last = Buffer.alloc(0);
  const framer = new SipFramer({
    onMessage: (message) => {
      last = Buffer.from(message);
    },
    onKeepAlive: () => {},
    onError: () => {
      ended = true;
    },
  });
  framer.push(bytes);
  if (ended) return 'ends';
  framer.push(good);
  return last.equals(good) ? 'goes on' : 'waits';
}

const running: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

async function stage(authVersion: 4 | 'none') {
  const certificates = await createThrowAwayAuthority(['ocs01.contoso.example', 'localhost', '127.0.0.1']);
  const simulator = new OcsSimulator({
    accounts: [{ uri: ACCOUNT, user: 'bridge', domain: 'CONTOSO', password: PASSWORD, displayName: 'Bridge' }],
    clock: systemClock,
    random: systemRandom,
    log: silentLog,
    authVersion,
    certificates,
  });
  const address = await simulator.start();
  const injector = await TlsInjector.open(certificates, address.tlsPort ?? 0);
  simulator.setPerson(ANA, presence(3500));
  simulator.setPerson(BEN, presence(6500));
  const dropped = new Map<string, number>();
  const source = createOcsSource(
    {
      account: ACCOUNT,
      user: 'bridge',
      domain: 'CONTOSO',
      password: PASSWORD,
      server: {
        host: '127.0.0.1',
        port: injector.port,
        transport: 'tls',
        tls: { ca: certificates.caCertificate },
        serverName: 'ocs01.contoso.example',
      },
      userAgent: 'UCCAPI/3.5.6907.0 NotesPresenceBridge/0.1',
      notes: true,
      backoff: { baseMs: 1, capMs: 2 },
      epid: '5f0c9a1b2d',
      onDropped: (reason) => dropped.set(reason, (dropped.get(reason) ?? 0) + 1),
    },
    { clock: systemClock, random: systemRandom, log: silentLog },
  );
  running.push(source, injector, simulator);
  const observer = new Observer();
  source.watch([ANA, BEN]);
  source.start(observer);
  await observer.until(() => observer.people.size === 2);
  return { simulator, injector, observer, dropped };
}

const collectGarbage = (): number => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
};

const SUITE = 'torture messages over a living connection';
describe.skipIf(skippedWithoutShared(SUITE))(SUITE, () => {
  const files = [...tortureFiles('rfc4475'), ...tortureFiles('rfc5118')];

  for (const authVersion of ['none', 4] as const) {
    const how = authVersion === 'none' ? 'without signatures, so that all are taken in' : 'with signatures';
    test(`change nothing but counters, ${how}`, { timeout: 60_000 }, async () => {
      const { simulator, injector, observer, dropped } = await stage(authVersion);
      let busy = 6500;
      /** An ordinary change gets through, and nobody else's status has moved. */
      const expectAlive = async (): Promise<void> => {
        busy = busy === 6500 ? 9500 : 6500;
        simulator.setPerson(BEN, presence(busy));
        const expected = busy === 6500 ? 'busy' : 'do-not-disturb';
        await observer.until(() => observer.people.size === 2 && observer.status(BEN) === expected);
        expect(observer.status(ANA)).toBe('available');
        expect(observer.state).toBe('connected');
      };
      await expectAlive();
      const before = collectGarbage();
      for (const { name, bytes } of files) {
        const connections = injector.connections;
        const framing = framingOf(bytes);
        injector.inject(bytes);
        if (framing !== 'goes on') {
          // A server that stops in the middle of a message has gone.
          if (framing === 'waits') injector.cut();
          await observer.until(() => observer.state !== 'connected');
          await observer.until(() => observer.people.size === 2);
        }
        await expectAlive();
        const ended = framing === 'goes on' ? 0 : 1;
        expect(`${name}: ${injector.connections - connections}`).toBe(`${name}: ${ended}`);
      }
      expect(observer.lost).toEqual([]);
      expect(dropped.size).toBeGreaterThan(0);
      expect(dropped.get('failed')).toBeUndefined();
      expect(simulator.counters).toMatchObject({ malformed: 0, badSignatures: 0 });
      expect(collectGarbage() - before).toBeLessThan(ALLOWED_GROWTH);
    });
  }
});
