import { afterEach, describe, expect, test } from 'vitest';
import type { LinkReport } from '../../../../src/bridge/ports.js';
import type { SimulatorAddress } from '../../../../src/ocs/simulator/simulator.js';
import { createOcsSource, type OcsSource } from '../../../../src/ocs/source.js';
import { FaultyServer } from '../../../support/faulty-server.js';
import { paced } from '../../../support/paced-clock.js';
import { silentLog } from '../../../support/silent-log.js';
import { seededRandom } from '../../../support/simulated-clock.js';
import { ana, ben } from '../../../support/simulator-client.js';

const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0)) await end();
});

/** The own client, signed in as Ana with NTLM, watching Ben. */
class Watcher {
  readonly links: LinkReport[] = [];
  readonly seen: number[] = [];
  readonly dropped: string[] = [];
  readonly source: OcsSource;
  readonly #server: FaultyServer;

  constructor(server: FaultyServer, { tlsPort = 0, caCertificate }: SimulatorAddress, tls: object = {}) {
    this.#server = server;
    this.source = createOcsSource(
      {
        account: ana,
        user: 'ana',
        domain: 'CONTOSO',
        password: 'secret',
        server: {
          host: '127.0.0.1',
          port: tlsPort,
          transport: 'tls',
          serverName: 'localhost',
          tls: { ca: caCertificate, ...tls },
        },
        notes: false,
        onDropped: (reason) => this.dropped.push(reason),
      },
      { clock: server.clock, random: seededRandom(2), log: silentLog },
    );
    this.source.watch([ben]);
    this.source.start({
      onLink: (report) => this.links.push(report),
      onObservations: (observations) => {
        for (const { state } of observations) if (state) this.seen.push(state.availability);
      },
      onLost: () => undefined,
    });
    cleanUp.unshift(() => paced(server.clock, 60_000, this.source.stop()));
  }

  /** Simulated time passes until the condition holds. */
  async until(condition: () => boolean, limitMs = 600_000): Promise<void> {
    const poll = async (): Promise<void> => {
      while (!condition()) await new Promise((resolve) => setImmediate(resolve));
    };
    await paced(this.#server.clock, limitMs, poll());
  }

  async passes(milliseconds: number): Promise<void> {
    const end = this.#server.clock.monotonic() + milliseconds;
    await this.until(() => this.#server.clock.monotonic() >= end, milliseconds * 2 + 1_000);
  }
}

async function stage() {
  const server = new FaultyServer({ authVersion: 4, listen: { host: '127.0.0.1', tlsPort: 0 } });
  const address = await server.start();
  cleanUp.push(() => server.simulator.stop());
  server.become(ben, 3500);
  return { server, address };
}

async function signedIn() {
  const { server, address } = await stage();
  const watcher = new Watcher(server, address);
  await watcher.until(() => watcher.seen.length === 1);
  return { server, watcher };
}

describe('a fault of signatures, seen by the own client', () => {
  test('wrong-signature: the client believes nothing more of this connection, and ends it', async () => {
    const { server, watcher } = await signedIn();
    server.begin('wrong-signature;count=1');
    server.become(ben, 6500);
    await watcher.until(() => watcher.links.some(({ error }) => error?.code === 'OCS_SIGNATURE'));
    expect(watcher.seen).toEqual([3500]);
    await watcher.until(() => watcher.seen.at(-1) === 6500);
  });

  test('unsigned: the message is dropped, and the status in it is not believed', async () => {
    const { server, watcher } = await signedIn();
    server.begin('unsigned;count=1');
    server.become(ben, 6500);
    await watcher.until(() => watcher.dropped.length > 0);
    expect(watcher.seen).toEqual([3500]);
  });

  test('every n-th is hit, the others are not', async () => {
    const { server, watcher } = await signedIn();
    server.begin('unsigned=3;count=1');
    for (const availability of [6500, 9500, 12_500]) server.become(ben, availability);
    await watcher.until(() => watcher.dropped.length > 0 && watcher.seen.length >= 3);
    expect(watcher.seen).toEqual([3500, 6500, 9500]);
  });

  test.each(['replay', 'duplicate'])('%s: what comes again is not taken twice', async (fault) => {
    const { server, watcher } = await signedIn();
    server.begin(fault);
    for (const availability of [6500, 9500, 12_500]) server.become(ben, availability);
    await watcher.until(() => watcher.seen.length >= 4 && watcher.dropped.length >= 2);
    await watcher.passes(1_000);
    expect(watcher.seen).toEqual([3500, 6500, 9500, 12_500]);
  });

  test('forgotten-association: the client signs in anew over the same connection', async () => {
    const { server, watcher } = await signedIn();
    server.begin('forgotten-association;count=1', 'subscription-ends=deactivated;from=1s');
    await watcher.until(() => server.simulator.counters.logonsOk === 2);
    await watcher.until(() => watcher.seen.length >= 2);
    expect(server.simulator.counters.connections).toBe(1);
  });
});

describe('a fault of the certificate, seen by the own client', () => {
  test.each([
    ['certificate=expired', 'OCS_TLS_UNTRUSTED'],
    ['certificate=wrong-name', 'OCS_TLS_NAME'],
    ['certificate=unknown-authority', 'OCS_TLS_UNTRUSTED'],
    ['old-tls=1.0', 'OCS_TLS_PROTOCOL'],
    ['old-tls=1.1', 'OCS_TLS_PROTOCOL'],
  ])('%s ends in %s', async (fault, code) => {
    const server = new FaultyServer({ listen: { host: '127.0.0.1', tlsPort: 0 } });
    cleanUp.push(() => server.simulator.stop());
    server.begin(fault);
    const watcher = new Watcher(server, await server.start());
    await watcher.until(() => watcher.links.some(({ error }) => error !== undefined));
    expect(watcher.links.find(({ error }) => error !== undefined)?.error?.code).toBe(code);
    expect(server.simulator.counters.registers).toBe(0);
  });

  test('old-tls is spoken with a client that has an exception for this server', async () => {
    const { server, address } = await stage();
    server.begin('old-tls=1.1');
    await server.simulator.stop();
    await server.simulator.start();
    const exceptions = [{ host: 'localhost', minVersion: 'TLSv1', securityLevel: 0 }];
    const watcher = new Watcher(server, address, { exceptions });
    await watcher.until(() => watcher.seen.length === 1);
    expect(watcher.links.at(-1)?.state).toBe('connected');
  });
});
