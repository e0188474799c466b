import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { type RunningBridge, startBridge } from '../../src/bridge/compose.js';
import { loadConfig } from '../../src/bridge/config/load.js';
import { createLog } from '../../src/bridge/observe/log.js';
import type { Clock, Person } from '../../src/bridge/ports.js';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { SimulatedSite } from '../../src/cli/site/site.js';
import { SiteFolder } from '../../src/cli/site/site-folder.js';
import { canaryPeople } from './canary-bridge.js';
import { filesBelow, type Places } from './canary-search.js';
import { type CommandResult, command } from './command-line.js';
import { REST_USER, RestServer, type SeenRequest } from './rest-server.js';
import { shippedSchema } from './rest-server-schema.js';
import { silentLog } from './silent-log.js';

const DOMINO_PASSWORD = `canary-domino-&<"'-password`;
const NOTE = 'CanaryNote: at the doctor until noon';

/** A clock that goes ten times as fast: the bridge waits for its turn with the lease, and between attempts. */
const SPEED = 10;
const quickClock: Clock = {
  now: () => Date.UTC(2026, 0, 5) + SPEED * systemClock.monotonic(),
  monotonic: () => SPEED * systemClock.monotonic(),
  after: (delay, callback) => systemClock.after(delay / SPEED, callback),
};

/** The bridge as it is composed, between a simulated OCS and a stand-in of the Domino REST API that repeats what it gets. */
export class CanarySite {
  readonly folder = new SiteFolder(mkdtempSync(join(tmpdir(), 'presence-canary-')));
  readonly people = canaryPeople(3);
  readonly domino = new RestServer({
    scopes: { presence: shippedSchema('presence'), directory: shippedSchema('directory') },
  });
  readonly logLines: string[] = [];
  /** What commands and the API said. */
  readonly said: Record<string, string> = {};
  readonly #tokens: string[] = [];
  readonly #ocsPassword: string;
  readonly #ocs: SimulatedSite;
  #running: RunningBridge | undefined;
  #accessToken = '';

  private constructor(ocs: SimulatedSite, password: string) {
    this.#ocs = ocs;
    this.#ocsPassword = password;
    this.domino.password = DOMINO_PASSWORD;
    // Tokens need not look like a JSON Web Token.
    this.domino.faults.bend = ({ path }, json) => {
      if (path !== '/auth') return json;
      const token = `canary/rest+token=${this.#tokens.length}-of-some-issuer`;
      this.#tokens.push(token);
      this.domino.tokens.set(token, { scopes: ['presence', 'directory'], until: Number.POSITIVE_INFINITY });
      return { ...(json as object), bearer: token };
    };
  }

  static async start(): Promise<CanarySite> {
    const password = `canary-ocs-password-${systemRandom.bytes(6).toString('hex')}`;
    const bare = new SiteFolder(mkdtempSync(join(tmpdir(), 'presence-canary-ca-')));
    const ocs = new SimulatedSite(
      {
        domain: 'contoso.example',
        size: 2,
        seed: 1,
        pace: { kind: 'wall-clock' },
        listen: { host: '127.0.0.1', tlsPort: 0 },
        password,
        certificates: await bare.certificates(['localhost']),
      },
      { clock: systemClock, random: systemRandom, log: silentLog },
    );
    const site = new CanarySite(ocs, password);
    const { tlsPort = 0, caCertificate = '' } = await ocs.start();
    rmSync(bare.path, { recursive: true, force: true });
    for (const one of site.people) site.becomes(one, 3_500);
    site.folder.trust(caCertificate);
    site.folder.writeConfig({ account: ocs.service, people: site.people, tlsPort, httpPort: 0 });
    site.#configure(await site.domino.start());
    return site;
  }

  /** Names and addresses of people, secrets, personal notes. */
  get canaries(): Readonly<Record<string, string>> {
    const addresses = this.people.map(({ uri }) => uri.slice('sip:'.length));
    return {
      ...this.secrets,
      ...Object.fromEntries(addresses.map((address, index) => [`address ${index}`, address])),
      ...Object.fromEntries(this.people.map((_, index) => [`name ${index}`, `Surname${index}`])),
      note: 'CanaryNote',
    };
  }

  get secrets(): Readonly<Record<string, string>> {
    return {
      'OCS password': this.#ocsPassword,
      'Domino password': DOMINO_PASSWORD,
      ...Object.fromEntries(this.#tokens.map((token, index) => [`Domino token ${index}`, token])),
      'access token': this.#accessToken || 'canary-not-made-yet',
    };
  }

  get bridge(): RunningBridge {
    if (this.#running === undefined) throw new Error('the bridge does not run');
    return this.#running;
  }

  becomes({ uri }: Person, availability: number): void {
    const rest = { activity: '', note: NOTE, outOfOffice: false, displayName: '' };
    this.#ocs.simulator.setPerson(uri, { availability, ...rest });
  }

  async bridgeStarts(): Promise<void> {
    const log = createLog({ level: 'info', destination: { write: (line) => void this.logLines.push(line) } });
    this.#running = await startBridge(loadConfig(this.folder.configFile), { log, clock: quickClock });
    this.#accessToken = this.#running.token;
  }

  async bridgeStops(): Promise<void> {
    await this.#running?.stop();
    this.#running = undefined;
  }

  async ends(): Promise<void> {
    this.domino.faults.instead = () => undefined;
    await this.bridgeStops();
    await this.domino.stop();
    await this.#ocs.stop();
    rmSync(this.folder.path, { recursive: true, force: true });
  }

  async runs(...args: readonly string[]): Promise<CommandResult> {
    const result = await command(...args, '--config', this.folder.configFile);
    this.said[`${args.join(' ')} (${Object.keys(this.said).length})`] = result.out + result.err;
    return result;
  }

  async asks(path: string, init: RequestInit = {}, token = this.#accessToken): Promise<number> {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(this.bridge.http.url + path, { headers, ...init });
    const said = JSON.stringify([...answer.headers]) + (await answer.text());
    this.said[`${init.method ?? 'GET'} ${path.replace(/\?.*/, '')} (${Object.keys(this.said).length})`] = said;
    return answer.status;
  }

  /** All that is left behind where no secret and nobody's name belongs. */
  places(): Places {
    const state = filesBelow(join(this.folder.path, 'state'), 'state');
    delete state['state/access-token'];
    const documents = [...this.domino.documents.engine.find("Form = 'PresenceBridge' or Form = 'PresenceLease'")];
    return {
      log: this.logLines.join(''),
      ...state,
      'heartbeat and lease': JSON.stringify(documents),
      arguments: JSON.stringify(process.argv),
      environment: JSON.stringify(process.env),
    };
  }

  #configure(url: string): void {
    const { configFile, path } = this.folder;
    const write = (name: string, text: string): void => writeFileSync(join(path, name), text, { mode: 0o600 });
    write('ocs-password', `${this.#ocsPassword}\n`);
    write('domino-password', `${DOMINO_PASSWORD}\n`);
    write('people.csv', `name,address\n"CN=Canary Forename0 Surname0/OU=Sales/O=Contoso,"x"\n`);
    const config = parse(readFileSync(configFile, 'utf8')) as Record<string, unknown>;
    const domino = {
      driver: 'domino-rest',
      url,
      scope: 'presence',
      user: REST_USER,
      passwordFile: 'domino-password',
      allowHttp: true,
    };
    const directory = { scope: 'directory', csvFile: 'people.csv' };
    writeFileSync(configFile, stringify({ ...config, domino, directory }), { mode: 0o600 });
  }
}

/** A page such as proxies make, with everything that was sent to them. */
export function echoPage({ method, path, headers, body }: SeenRequest): string {
  const sent = JSON.stringify(body).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
  return `Authorization: ${headers.authorization} ${sent} was sent<html><title>${method} ${path} ${headers.authorization}</title><pre>${sent}</pre></html>`;
}

/** An answer in the API's own form that repeats all it got, in one line. */
export function echoMessage(status: number, { headers, body }: SeenRequest): string {
  const text = `Query is not understandable: ${String(body['query'] ?? '')} ${leaves(body).join(' ')} ${headers.authorization?.slice(7)}`;
  return JSON.stringify({ status, message: text });
}

/** Every text within a body. */
function leaves(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [];
}
