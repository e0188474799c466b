import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import type { BridgeStatus } from '../../src/bridge/status.js';
import { SimulatedSite } from '../../src/cli/site/site.js';
import { SiteFolder } from '../../src/cli/site/site-folder.js';
import type { StoredDocument } from '../../src/notes/drivers/embedded/stored-document.js';
import { FORMS } from '../../src/notes/fields.js';
import { statusOf } from '../../src/presence/availability.js';
import { isFresh } from '../../src/presence/freshness.js';
import { BridgeReader } from './bridge-reader.js';
import { number, text } from './chaos-domino.js';
import { Gate } from './pair-gate.js';
import { eventually, Product } from './product.js';
import { REST_PASSWORD, REST_USER, RestServer, type SeenRequest } from './rest-server.js';
import { silentLog } from './silent-log.js';

/** A write of a document, as the stand-in of Domino saw it come in. */
export interface SeenWrite {
  /** `performance.now()` of this process. */
  readonly at: number;
  /** `Host` of the gate it came through. */
  readonly host: string;
  readonly form: string;
  /** Of the document after the write; of a lease that was given back too. */
  readonly epoch: number;
  /** SIP address of a person; otherwise empty. */
  readonly address: string;
}

export const LEASE_MS = 15_000;
/** From a renewal on, the right to write lasts two thirds of the lease. */
export const RIGHT_MS = (LEASE_MS * 2) / 3;
export const HEARTBEAT_MS = 5_000;
const PEOPLE = 40;
const AVAILABILITIES = [3500, 6500, 9500, 15_500, 18_500] as const;

/** One of the two: a process with a state folder and a way to Domino of its own. */
export class PairBridge {
  readonly config: string;
  readonly gate: Gate;
  readonly reader: BridgeReader;
  #product: Product | undefined;

  constructor(folder: string, gate: Gate) {
    this.config = join(folder, 'bridge.yaml');
    this.gate = gate;
    this.reader = new BridgeReader(this.config);
  }

  get product(): Product {
    if (this.#product === undefined) throw new Error('it was not started');
    return this.#product;
  }

  async start(): Promise<void> {
    this.#product = new Product(['run', '--json', '--config', this.config]);
    await this.#product.ready();
  }

  async kill(): Promise<void> {
    await this.#product?.end('SIGKILL');
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.product.pid, name);
  }

  status(): Promise<BridgeStatus> {
    return this.reader.status();
  }

  async health(): Promise<{ readonly status: number; readonly healthy: boolean }> {
    const response = await fetch(new URL('/healthz', this.reader.url));
    const { healthy } = (await response.json()) as { readonly healthy: boolean };
    return { status: response.status, healthy };
  }

  /** What it logged under this event. */
  logged(event: string): readonly Readonly<Record<string, unknown>>[] {
    const lines = this.product.stderr.split('\n').filter((line) => line.includes(`"${event}"`));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }
}

/** Two bridges of one name, one account at one simulated OCS server, one database at a stand-in of the REST API. */
export class Pair {
  readonly writes: SeenWrite[] = [];
  readonly site: SimulatedSite;
  readonly domino: RestServer;
  readonly one: PairBridge;
  readonly two: PairBridge;
  readonly #folder: string;
  #turn = 0;

  private constructor(folder: string, site: SimulatedSite, domino: RestServer, gates: readonly [Gate, Gate]) {
    this.#folder = folder;
    this.site = site;
    this.domino = domino;
    this.one = new PairBridge(join(folder, 'one'), gates[0]);
    this.two = new PairBridge(join(folder, 'two'), gates[1]);
    domino.faults.bend = (request, json) => {
      this.#record(request, json);
      return json;
    };
  }

  static async start(): Promise<Pair> {
    const folder = mkdtempSync(join(tmpdir(), 'presence-pair-'));
    const shared = new SiteFolder(join(folder, 'site'));
    const site = new SimulatedSite(
      {
        domain: 'contoso.example',
        size: PEOPLE,
        seed: 1,
        pace: { kind: 'wall-clock' },
        listen: { host: '127.0.0.1', tlsPort: 0 },
        password: shared.password(systemRandom),
        certificates: await shared.certificates(['localhost']),
      },
      { clock: systemClock, random: systemRandom, log: silentLog },
    );
    const tlsPort = (await site.start()).tlsPort ?? 0;
    const domino = new RestServer();
    const url = await domino.start();
    const gates = [new Gate(url), new Gate(url)] as const;
    for (const [at, name] of (['one', 'two'] as const).entries()) {
      const gate = gates[at] as Gate;
      await gate.open();
      const home = join(folder, name);
      mkdirSync(home);
      writeFileSync(join(home, 'domino-password'), REST_PASSWORD, { mode: 0o600 });
      writeFileSync(join(home, 'bridge.yaml'), stringify(configOf(site, shared, tlsPort, gate)));
    }
    return new Pair(folder, site, domino, [gates[0], gates[1]]);
  }

  async end(): Promise<void> {
    for (const bridge of [this.one, this.two]) {
      await bridge.kill();
      await bridge.gate.close();
    }
    await this.site.stop();
    await this.domino.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  documents(form: string): readonly StoredDocument[] {
    return this.domino.documents.engine.find(`Form = '${form}'`);
  }

  /** Address and status of each document, sorted; two documents of one person show as two lines. */
  get shown(): readonly string[] {
    return this.documents(FORMS.person)
      .map(({ items }) => `${text(items['sipaddress'])} ${text(items['status'])}`)
      .sort();
  }

  isRight(): true | undefined {
    const status = (uri: (typeof this.site.people)[number]['uri']) =>
      statusOf(this.site.simulator.presenceOf(uri).availability);
    const wanted = this.site.people.map(({ uri }) => `${uri} ${status(uri)}`).sort();
    return JSON.stringify(this.shown) === JSON.stringify(wanted) ? true : undefined;
  }

  /** Gives `count` people another status; gives back who they are. */
  changes(count: number): readonly string[] {
    const changed: string[] = [];
    for (let at = 0; at < count; at++) {
      const member = this.site.cast[at % this.site.cast.length];
      const availability = AVAILABILITIES[(this.#turn + at) % AVAILABILITIES.length];
      if (member === undefined || availability === undefined) throw new Error('nobody to change');
      const { displayName, uri } = member;
      this.site.simulator.setPerson(uri, { availability, activity: '', note: '', outOfOffice: false, displayName });
      changed.push(uri);
    }
    this.#turn++;
    return changed.sort();
  }

  /** Whether a reader in Domino may believe what documents say now. */
  isFresh(): boolean {
    const [heartbeat] = this.documents(FORMS.heartbeat);
    if (heartbeat === undefined) return false;
    const { items } = heartbeat;
    const writtenAt = Date.parse(text(items['writtenat']));
    const interval = number(items['intervalseconds']) * 1000;
    return isFresh({ connected: text(items['connected']) === '1', writtenAt, interval }, Date.now());
  }

  writesBy({ gate }: PairBridge): readonly SeenWrite[] {
    return this.writes.filter(({ host }) => host === gate.host);
  }

  requestsBy({ gate }: PairBridge): readonly SeenRequest[] {
    return this.domino.seen.filter(({ headers }) => headers.host === gate.host);
  }

  /** The first bridge writes and everything is right; the second one is on standby. */
  async bothRun(): Promise<void> {
    await this.one.start();
    await eventually('the first one makes everything right', 30_000, () => this.isRight());
    await this.two.start();
    await this.standsBy(this.two);
  }

  async standsBy(bridge: PairBridge): Promise<void> {
    await eventually('standby, and signed in', 30_000, async () => {
      const { role, ocs } = await bridge.status();
      return role.state === 'standby' && ocs.state === 'connected' ? true : undefined;
    });
  }

  /** Milliseconds from now until this bridge is active and every document right. */
  async takesOver(bridge: PairBridge, within: number): Promise<number> {
    const since = performance.now();
    await eventually('the takeover', within, async () => {
      const role = (await bridge.status()).role.state;
      return role === 'active' && this.isRight() ? true : undefined;
    });
    return Math.round(performance.now() - since);
  }

  #record(request: SeenRequest, json: unknown): void {
    const at = performance.now();
    const host = request.headers.host ?? '';
    const isPatch = request.method === 'PATCH';
    if (!isPatch && request.path !== '/bulk/create' && request.path !== '/bulk/delete') return;
    for (const written of (isPatch ? [json] : json) as readonly Readonly<Record<string, unknown>>[]) {
      const form = request.path === '/bulk/delete' ? 'deleted' : String(written['Form']);
      this.writes.push({
        at,
        host,
        form,
        epoch: Number(written['Epoch']),
        address: String(written['SipAddress'] ?? ''),
      });
    }
  }
}

function configOf(site: SimulatedSite, shared: SiteFolder, tlsPort: number, gate: Gate): object {
  const { service, people } = site;
  return {
    bridge: { name: 'bridge', stateFolder: 'state', lease: '15s', heartbeat: '5s' },
    ocs: {
      account: service.uri,
      user: `${service.domain}\\${service.user}`,
      passwordFile: shared.passwordFile,
      server: { host: 'localhost', port: tlsPort, transport: 'tls' },
      tls: { caFile: shared.authorityFile },
    },
    domino: {
      driver: 'domino-rest',
      url: `http://${gate.host}`,
      allowHttp: true,
      scope: 'presence',
      user: REST_USER,
      passwordFile: 'domino-password',
    },
    http: { port: 0 },
    people: people.map(({ uri, name, displayName }) => ({
      address: uri,
      ...(name === undefined ? { displayName } : { name }),
    })),
  };
}

/** The file with the identity by which a bridge knows its own lease again. */
export function instanceOf({ config }: PairBridge): string {
  return readFileSync(join(config, '..', 'state', 'instance'), 'utf8').trim();
}
