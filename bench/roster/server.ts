import { createServer } from 'node:net';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { castOf } from '../../src/ocs/simulator/cast.js';
import { createThrowAwayAuthority, type ServerCertificate } from '../../src/ocs/simulator/certificates.js';
import { OcsSimulator } from '../../src/ocs/simulator/simulator.js';
import { parseSipUri, type SipUri } from '../../src/presence/ids.js';
import { BRIDGE_ADDRESS, type FromServer, microseconds, PASSWORD, type ToServer } from './words.js';

/** The simulated OCS of the roster benchmark, in a process of its own so that the bridge's figures are its own. */

const LEVELS = [3500, 5000, 6500, 7500, 9500, 12_500, 15_500, 18_500] as const;
/** How often requests are counted, milliseconds. */
const SAMPLE_MS = 50;

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

function say(message: FromServer): void {
  process.send?.(message);
}

function usable(text: string): SipUri {
  const parsed = parseSipUri(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.value;
}

class Server {
  readonly #people: readonly { readonly uri: SipUri; readonly displayName: string }[];
  readonly #levels: number[];
  readonly #requests = new RequestCount();
  readonly #running: OcsSimulator;
  readonly #port: number;

  constructor(count: number, port: number, certificates: ServerCertificate) {
    this.#people = castOf(count);
    this.#levels = this.#people.map((_, index) => index % LEVELS.length);
    const account = { uri: usable(BRIDGE_ADDRESS), user: 'presence.bridge', domain: 'CONTOSO' };
    this.#port = port;
    this.#running = new OcsSimulator({
      accounts: [{ ...account, password: PASSWORD, displayName: 'Bridge' }],
      // After a restart the pool must be found where it was, under the same certificate.
      ...{ listen: { host: '127.0.0.1', tlsPort: port }, certificates },
      ...{ clock: systemClock, random: systemRandom, log: silent },
    });
  }

  async open(): Promise<void> {
    for (const index of this.#people.keys()) this.#show(index);
    const { caCertificate } = await this.#running.start();
    this.#requests.watch(() => this.#running.counters.registers + this.#running.counters.subscribes);
    say({ type: 'listening', port: this.#port, ca: caCertificate });
  }

  async restart(afterMs: number): Promise<void> {
    await this.#running.stop();
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await this.#running.start();
    say({ type: 'restarted' });
  }

  /** Changes people chosen at random, evenly over time. */
  async storm(changesPerSecond: number, seconds: number): Promise<void> {
    const started = performance.now();
    const total = changesPerSecond * seconds;
    let random = 77;
    for (let done = 0; done < total; ) {
      const due = Math.min(total, Math.floor(((performance.now() - started) / 1000) * changesPerSecond));
      for (; done < due; done++) {
        random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
        const person = random % this.#people.length;
        this.#levels[person] = ((this.#levels[person] ?? 0) + 1) % LEVELS.length;
        say({ type: 'changed', person, availability: this.#levelOf(person), at: microseconds() });
        this.#show(person);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    say({ type: 'storm-over', changes: total });
  }

  report(): void {
    say({ type: 'requests', ...this.#requests.figures() });
  }

  #show(person: number): void {
    const { uri, displayName } = this.#people[person] ?? never();
    const look = { activity: '', note: '', outOfOffice: false, displayName };
    this.#running.setPerson(uri, { ...look, availability: this.#levelOf(person) });
  }

  #levelOf(person: number): number {
    return LEVELS[this.#levels[person] ?? 0] ?? 3500;
  }
}

/** Requests over time, by samples of a counter. */
class RequestCount {
  readonly #samples: { readonly at: number; readonly count: number }[] = [];
  #busiest = 0;
  #total = 0;
  #first = 0;

  watch(counter: () => number): void {
    setInterval(() => {
      const at = performance.now();
      const count = counter();
      this.#samples.push({ at, count });
      this.#total = count;
      while ((this.#samples[this.#first]?.at ?? at) < at - 1000) this.#first++;
      this.#busiest = Math.max(this.#busiest, count - (this.#samples[this.#first]?.count ?? count));
    }, SAMPLE_MS).unref();
  }

  figures(): { readonly busiestSecond: number; readonly total: number } {
    return { busiestSecond: this.#busiest, total: this.#total };
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function never(): never {
  throw new Error('there is no such person');
}

let server: Server | undefined;
process.on('message', (message: ToServer) => {
  void handle(message).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
process.on('disconnect', () => process.exit(0));

async function handle(message: ToServer): Promise<void> {
  switch (message.type) {
    case 'start':
      server = new Server(message.people, await freePort(), await createThrowAwayAuthority(['localhost', '127.0.0.1']));
      return server.open();
    case 'restart':
      return server?.restart(message.afterMs);
    case 'storm':
      return server?.storm(message.changesPerSecond, message.seconds);
    case 'report':
      server?.report();
  }
}
