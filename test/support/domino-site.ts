import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { SimulatedSite } from '../../src/cli/site/site.js';
import { SiteFolder } from '../../src/cli/site/site-folder.js';
import type { Items } from '../../src/notes/item-value.js';
import type { CastMember } from '../../src/ocs/simulator/cast.js';
import { statusOf } from '../../src/presence/availability.js';
import { Product } from './product.js';
import { silentLog } from './silent-log.js';

/** Documents as both stand-ins have them: item names in lower case, whole values. */
export interface SiteDocument {
  readonly unid: string;
  readonly items: Readonly<Record<string, unknown>>;
}

/** The two databases of a site behind the back of the product. */
export interface SiteDatabases {
  find(database: 'presence' | 'directory', form: string): Promise<readonly SiteDocument[]>;
  create(database: 'presence' | 'directory', documents: readonly Items[]): Promise<void>;
  change(database: 'presence' | 'directory', unid: string, items: Items): Promise<void>;
  remove(database: 'presence' | 'directory', unid: string): Promise<void>;
  /** An opt-out document, made as an administrator's own program would. */
  optOut(name: string): Promise<void>;
}

/** What the configuration says of Domino. */
export interface SiteConfig {
  readonly domino: object;
  readonly directory: object;
}

export const WATCHED_GROUP = 'Presence Users';
const AVAILABILITIES = [3500, 6500, 9500, 12_500, 15_500] as const;

/** First text of a value of either stand-in. */
export function shown(value: unknown): string {
  const data = typeof value === 'object' && value !== null && 'data' in value ? value.data : value;
  const first: unknown = Array.isArray(data) ? data[0] : data;
  return typeof first === 'string' ? first : '';
}

/** A simulated company, its Domino Directory, and the built product with its command line. */
export class DominoSite {
  readonly site: SimulatedSite;
  readonly config: string;
  readonly #folder: string;
  readonly #databases: SiteDatabases;
  #bridge: Product | undefined;
  #turn = 0;

  private constructor(folder: string, site: SimulatedSite, databases: SiteDatabases, config = 'bridge.yaml') {
    this.#folder = folder;
    this.site = site;
    this.config = join(folder, config);
    this.#databases = databases;
  }

  static async start(size: number, databases: SiteDatabases, of: (folder: string) => SiteConfig): Promise<DominoSite> {
    const folder = mkdtempSync(join(tmpdir(), 'presence-domino-'));
    const files = new SiteFolder(folder);
    const site = new SimulatedSite(
      {
        domain: 'contoso.example',
        size,
        seed: 1,
        pace: { kind: 'wall-clock' },
        listen: { host: '127.0.0.1', tlsPort: 0 },
        password: files.password(systemRandom),
        certificates: await files.certificates(['localhost']),
      },
      { clock: systemClock, random: systemRandom, log: silentLog },
    );
    const tlsPort = (await site.start()).tlsPort ?? 0;
    const { domino, directory } = of(folder);
    const config = {
      bridge: { name: 'bridge', stateFolder: 'state', heartbeat: '5s', lease: '15s' },
      ocs: {
        account: site.service.uri,
        user: `${site.service.domain}\\${site.service.user}`,
        passwordFile: 'ocs-password',
        server: { host: 'localhost', port: tlsPort, transport: 'tls' },
        tls: { caFile: 'ca.pem' },
      },
      domino,
      directory: { sipItems: ['SIPAddress'], groups: [WATCHED_GROUP], refresh: '1m', ...directory },
      http: { port: 0 },
    };
    writeFileSync(join(folder, 'bridge.yaml'), stringify(config));
    return new DominoSite(folder, site, databases);
  }

  async end(): Promise<void> {
    await this.#bridge?.end('SIGKILL');
    await this.site.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The same site with another bridge of the same name, to be ended by its user. */
  another(): DominoSite {
    const config = readFileSync(this.config, 'utf8').replace('stateFolder: state', 'stateFolder: another-state');
    writeFileSync(join(this.#folder, 'another.yaml'), config);
    return new DominoSite(this.#folder, this.site, this.#databases, 'another.yaml');
  }

  async bridgeStarts(): Promise<void> {
    this.#bridge = new Product(['run', '--json', '--config', this.config]);
    await this.#bridge.ready();
  }

  get bridge(): Product {
    if (this.#bridge === undefined) throw new Error('the bridge was not started');
    return this.#bridge;
  }

  /** What a command prints for people. */
  async says(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await Product.run([...args, '--config', this.config]);
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
    return stdout;
  }

  /** Runs a command with `--json`, and reads what it prints. */
  async command<T>(...args: readonly string[]): Promise<T & { readonly ok: boolean }> {
    return JSON.parse(await this.says(...args, '--json')) as T & { readonly ok: boolean };
  }

  /** Person documents of the company: an address in its item, only a mail address, or none at all. */
  async hires(): Promise<void> {
    const { cast } = this.site;
    const documents = cast.map((member, at) => personDocument(member, at % 3 === 1 ? 'InternetAddress' : 'SIPAddress'));
    await this.#databases.create('directory', [
      ...documents,
      { ...nameless('CN=Nadia Noone/OU=Sales/O=Contoso'), LastName: 'Noone' },
      {
        Form: 'Group',
        ListName: [WATCHED_GROUP],
        Members: names(['CN=Nadia Noone/OU=Sales/O=Contoso', ...cast.map(({ notesName }) => notesName as string)]),
      },
    ]);
  }

  /** Another name after a marriage, as the administration process leaves it: the previous one stays. */
  async renames(member: CastMember, name: string): Promise<void> {
    const document = await this.#personDocument(member);
    await this.#databases.change('directory', document.unid, {
      FullName: names([name, member.displayName, member.notesName]),
    });
    const [group] = await this.#databases.find('directory', 'Group');
    const members = this.site.cast.map((one) => (one === member ? name : (one.notesName as string)));
    await this.#databases.change('directory', group?.unid ?? '', { Members: names(members) });
  }

  async optsOut(member: CastMember): Promise<void> {
    await this.#databases.optOut(member.notesName);
  }

  /** Everybody gets another status. */
  changes(): void {
    this.#turn++;
    for (const [at, { uri, displayName }] of this.site.cast.entries()) {
      const availability = AVAILABILITIES[(at + this.#turn) % AVAILABILITIES.length] ?? 3500;
      this.site.simulator.setPerson(uri, {
        availability,
        activity: '',
        note: 'nobody shall read that',
        outOfOffice: false,
        displayName,
      });
    }
  }

  people(): Promise<readonly SiteDocument[]> {
    return this.#databases.find('presence', 'Presence');
  }

  async documentOf({ uri }: CastMember): Promise<SiteDocument | undefined> {
    return (await this.people()).find(({ items }) => shown(items['sipaddress']) === uri);
  }

  /** Whether these people, and nobody else, have a document each, with what OCS says of them. */
  async isRight(members: readonly CastMember[] = this.site.cast): Promise<true | undefined> {
    const documents = (await this.people()).map(
      ({ items }) => `${shown(items['sipaddress'])} ${shown(items['status'])} ${items['note'] ?? ''}`,
    );
    const wanted = members.map(({ uri }) => `${uri} ${statusOf(this.site.simulator.presenceOf(uri).availability)} `);
    return documents.sort().join('\n') === wanted.sort().join('\n') ? true : undefined;
  }

  async #personDocument({ notesName }: CastMember): Promise<SiteDocument> {
    const documents = await this.#databases.find('directory', 'Person');
    const found = documents.find(({ items }) => shown(items['fullname']) === notesName);
    if (found === undefined) throw new Error(`${notesName} has no Person document`);
    return found;
  }
}

function names(data: readonly string[]): Items[string] {
  return { type: 'text', data, names: true };
}

function nameless(name: string): Items {
  return { Form: 'Person', FullName: names([name]) };
}

function personDocument({ notesName, displayName, uri }: CastMember, item: string): Items {
  const address = item === 'SIPAddress' ? (uri as string) : uri.slice('sip:'.length);
  return {
    Form: 'Person',
    FullName: names([notesName, displayName]),
    LastName: displayName.split(' ').at(-1) ?? '',
    [item]: address,
  };
}
