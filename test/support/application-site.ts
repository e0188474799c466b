import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Scope } from '../../src/bridge/api/access/grant.js';
import { hashOf, newToken } from '../../src/bridge/api/access/tokens/token-record.js';
import { type RunningBridge, startBridge } from '../../src/bridge/compose.js';
import { loadConfig } from '../../src/bridge/config/load.js';
import type { IncomingMessage, LinkReport, LogFields } from '../../src/bridge/ports.js';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { changeTokens } from '../../src/bridge/runtime/token-files.js';
import { SimulatedSite } from '../../src/cli/site/site.js';
import { SiteFolder } from '../../src/cli/site/site-folder.js';
import type { Items } from '../../src/notes/item-value.js';
import { createDriver, type DriverConfig } from '../../src/notes/open-driver.js';
import { createOcsSource } from '../../src/ocs/source.js';
import { availabilityOf, type Status } from '../../src/presence/availability.js';
import type { SipUri } from '../../src/presence/ids.js';
import { recordingLog, silentLog } from './silent-log.js';

const LIMIT_MS = 20_000;

export interface ApplicationSiteOptions {
  /** People of the cast, besides the two guests. */
  readonly people: number;
  /** Sections of the configuration that take the place of what the simulated site writes. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** What stands in the presence database before the bridge begins. */
  readonly documents?: readonly Items[];
  /** Whose tokens there are: name, scopes, whom they see. */
  readonly tokens: readonly (readonly [name: string, scopes: readonly Scope[], people?: readonly string[]])[];
}

/** Somebody's client told the server of a status; `at` by the monotonic clock of this process. */
export interface Published {
  readonly uri: SipUri;
  readonly at: number;
}

/** A simulated server and a bridge as it is composed from a configuration file, for programs that use its API. */
export class ApplicationSite {
  readonly site: SimulatedSite;
  readonly folder: SiteFolder;
  readonly bridge: RunningBridge;
  readonly log: ReturnType<typeof recordingLog>;
  readonly tokens: ReadonlyMap<string, string>;
  /** What clients of the server said of themselves, in order. */
  readonly published: readonly Published[];
  readonly #ends: (() => Promise<void>)[] = [];

  private constructor(parts: Pick<ApplicationSite, 'site' | 'folder' | 'bridge' | 'log' | 'tokens' | 'published'>) {
    ({ site: this.site, folder: this.folder, bridge: this.bridge } = parts);
    ({ log: this.log, tokens: this.tokens, published: this.published } = parts);
  }

  /** Ready when everybody is known: all are available. */
  static async start(options: ApplicationSiteOptions): Promise<ApplicationSite> {
    const { people, config = {}, documents = [], tokens: wanted } = options;
    const folder = new SiteFolder(mkdtempSync(join(tmpdir(), 'presence-applications-')));
    const site = new SimulatedSite(
      {
        domain: 'contoso.example',
        size: people,
        seed: 1,
        pace: { kind: 'wall-clock' },
        listen: { host: '127.0.0.1', tlsPort: 0 },
        password: folder.password(systemRandom),
        certificates: await folder.certificates(['localhost']),
      },
      {
        clock: systemClock,
        random: systemRandom,
        log: { ...silentLog, debug: (event, fields) => hear(event, fields) },
      },
    );
    const published: Published[] = [];
    const hear = (event: string, { person }: LogFields = {}): void => {
      if (event === 'simulator.published') published.push({ uri: person as SipUri, at: performance.now() });
    };
    const { tlsPort = 0 } = await site.start();
    for (const { uri } of site.people) show(site, uri, 'available');
    folder.writeConfig({ account: site.service, people: site.people, tlsPort, httpPort: 0 });
    const written = parse(readFileSync(folder.configFile, 'utf8')) as Record<string, unknown>;
    writeFileSync(folder.configFile, stringify({ ...written, ...config }), { mode: 0o600 });
    const loaded = loadConfig(folder.configFile);
    await store(loaded.domino, documents);
    const tokens = new Map(wanted.map(([name]) => [name, newToken()]));
    await changeTokens(loaded.bridge.stateFolder, () =>
      wanted.map(([name, scopes, seen = ['*']]) => {
        const hash = hashOf(tokens.get(name) ?? '').toString('hex');
        return { name, hash, scopes, people: seen, created: Date.now() };
      }),
    );
    const log = recordingLog();
    const bridge = await startBridge(loaded, { log });
    const started = new ApplicationSite({ site, folder, bridge, log, tokens, published });
    await started.until(() => {
      const { counts, people: watched } = bridge.bridge.status();
      return watched >= site.people.length && counts.available >= site.people.length;
    });
    return started;
  }

  /** Where clients of the server sign in, on this machine. */
  get tlsPort(): number {
    const { server } = loadConfig(this.folder.configFile).ocs;
    return 'port' in server ? server.port : 0;
  }

  get url(): string {
    return this.bridge.http.url;
  }

  tokenOf(name: string): string {
    return this.tokens.get(name) ?? '';
  }

  /** What an application gets with its token. */
  async ask(token: string, method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.tokenOf(token)}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : JSON.parse(text) };
  }

  /** Somebody becomes this at the server. */
  becomes(uri: SipUri, status: Exclude<Status, 'unknown'>): void {
    show(this.site, uri, status);
  }

  /** One of the site's guests signs in with the project's own client, and hears what is written to it. */
  async guest(user: 'alice' | 'robert'): Promise<{ readonly uri: SipUri; readonly heard: IncomingMessage[] }> {
    const account = this.site.guests.find((one) => one.user === user) ?? never(user);
    const { ocs } = loadConfig(this.folder.configFile);
    if (!('host' in ocs.server)) throw new Error('the site has a server by name');
    const source = createOcsSource(
      {
        account: account.uri,
        user,
        domain: account.domain,
        password: account.password,
        server: ocs.server,
        notes: false,
      },
      { clock: systemClock, random: systemRandom, log: silentLog },
    );
    const heard: IncomingMessage[] = [];
    let state = '';
    source.messages.onMessage((message) => heard.push(message));
    const onLink = (report: LinkReport): void => {
      state = report.state;
    };
    source.start({ onLink, onObservations: () => undefined, onLost: () => undefined });
    this.#ends.push(() => source.stop());
    await this.until(() => state === 'connected');
    return { uri: account.uri, heard };
  }

  async until(condition: () => boolean | Promise<boolean>): Promise<void> {
    const end = performance.now() + LIMIT_MS;
    while (!(await condition())) {
      if (performance.now() > end) throw new Error(`not within ${LIMIT_MS} ms`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async ends(): Promise<void> {
    for (const end of this.#ends) await end();
    await this.bridge.stop();
    await this.site.stop();
    rmSync(this.folder.path, { recursive: true, force: true });
  }
}

async function store(domino: DriverConfig, documents: readonly Items[]): Promise<void> {
  if (documents.length === 0) return;
  const driver = createDriver(domino, { clock: systemClock, log: silentLog });
  await driver.open();
  const outcomes = await driver.create(documents);
  await driver.close();
  if (outcomes.some(({ ok }) => !ok)) throw new Error('a document was refused');
}

function show(site: SimulatedSite, uri: SipUri, status: Exclude<Status, 'unknown'>): void {
  const availability = availabilityOf(status) ?? 0;
  site.simulator.setPerson(uri, { availability, activity: '', note: '', outOfOffice: false, displayName: '' });
}

function never(user: string): never {
  throw new Error(`there is no guest ${user}`);
}
