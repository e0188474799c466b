import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningBridge, startBridge, templateFolder } from '../../bridge/compose.js';
import { type BridgeConfig, NO_DIRECTORY } from '../../bridge/config/config.js';
import type { Clock, Log, Random } from '../../bridge/ports.js';
import type { PlacedRow } from '../../bridge/view-ports.js';
import { VIEWS } from '../../notes/fields.js';
import type { Items } from '../../notes/item-value.js';
import { personFromItems } from '../../notes/items.js';
import { buildTemplate } from '../../notes/template/source/build.js';
import type { SimulatedPresence } from '../../ocs/simulator/presence/simulated-presence.js';
import { activityOf, type Status, statusOf } from '../../presence/availability.js';
import { BridgeError } from '../../presence/errors.js';
import { type SipUri, sipKeyOf } from '../../presence/ids.js';
import { SimulatedSite } from '../site/site.js';
import { Appearance, type Look, sameLook } from './appearance.js';
import { type ArrivalReport, Arrivals } from './arrivals.js';
import { followView } from './stream-client.js';

export interface DayOptions {
  readonly people: number;
  readonly seed: number;
  /** How long the day takes, milliseconds. */
  readonly durationMs: number;
  readonly httpPort: number;
}

export interface DayReport extends ArrivalReport {
  readonly ok: boolean;
  readonly people: number;
  readonly documents: number;
  readonly written: number;
  /** People whose document or row differs from the truth at the end. */
  readonly wrong: readonly string[];
  readonly failedLogons: number;
}

export interface DayPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Working hours of the compressed day, minutes since midnight. */
const HOURS = { fromMinute: 6 * 60 + 30, toMinute: 19 * 60 + 30 };
/** A change must arrive everywhere within this time. */
const ALLOWED_MS = 2_000;
const START_MS = 10_000;

/**
 * The main job from end to end in one process: a simulated OCS with its cast, the bridge, the embedded store, the
 * template's view and a reader of the live stream, over real TLS with NTLM on loopback. Compares on the way what is true
 * in OCS with what arrives.
 */
export class DemoDay {
  readonly #options: DayOptions;
  readonly #ports: DayPorts;
  readonly #folder = mkdtempSync(join(tmpdir(), 'presence-bridge-demo-'));
  readonly #arrivals = new Arrivals(ALLOWED_MS);
  readonly #truth = new Map<string, Look>();
  readonly #documents = new Map<string, Look>();
  readonly #appearance = new Appearance(buildTemplate({ folder: templateFolder, language: 'en' }).dxl, VIEWS.people);
  readonly #site: SimulatedSite;
  #bridge: RunningBridge | undefined;
  #stream: { close(): void } | undefined;
  #startedAt = 0;

  constructor(options: DayOptions, ports: DayPorts) {
    this.#options = options;
    this.#ports = ports;
    this.#site = new SimulatedSite(
      {
        domain: 'contoso.example',
        size: options.people,
        seed: options.seed,
        pace: { kind: 'compressed', ...HOURS, durationMs: options.durationMs, afterwards: 'stop' },
        listen: { host: '127.0.0.1', tlsPort: 0 },
        password: ports.random.bytes(12).toString('base64url'),
      },
      ports,
    );
  }

  get bridge(): RunningBridge {
    if (this.#bridge === undefined) throw new BridgeError('INTERNAL', 'the demo has not begun');
    return this.#bridge;
  }

  get site(): SimulatedSite {
    return this.#site;
  }

  /** Minutes since midnight of the day that is played. */
  get minute(): number {
    const share = Math.min(1, (this.#ports.clock.monotonic() - this.#startedAt) / this.#options.durationMs);
    return HOURS.fromMinute + share * (HOURS.toMinute - HOURS.fromMinute);
  }

  /** Rows of the view as the template draws it now. */
  get rows(): readonly PlacedRow[] {
    return this.bridge.views.rows(VIEWS.people);
  }

  /** Starts everything and waits until each person has a document. Throws `BridgeError`. */
  async open(): Promise<void> {
    const address = await this.#site.start();
    this.#bridge = await startBridge(this.#config(address.tlsPort ?? 0, address.caCertificate), {
      ...this.#ports,
      onDocument: (id, items) => this.#onDocument(id, items),
    });
    this.bridge.views.onChange((ids) => {
      for (const row of this.rows) if (ids.has(row.id)) this.#seen('view', row.id, this.#appearance.of(row));
    });
    const bridge = { url: this.bridge.http.url, token: this.bridge.token, view: VIEWS.people };
    this.#stream = await followView(bridge, (row) => this.#seen('stream', row.id, this.#appearance.of(row)));
    await this.#until('every person has a document', START_MS, () => this.#documents.size === this.#site.people.length);
    for (const { key, uri } of this.#site.people) this.#truth.set(key, lookOf(this.#site.simulator.presenceOf(uri)));
    this.#site.simulator.onChange((uri, presence) => this.#onTruth(uri, presence));
  }

  /** Plays the day and gives the account. */
  async play(): Promise<DayReport> {
    this.#startedAt = this.#ports.clock.monotonic();
    this.#site.player.start();
    await this.#site.player.finished;
    await this.#until('everything has arrived', ALLOWED_MS, () => this.#arrivals.complete).catch(() => undefined);
    const report = this.#arrivals.report();
    const rows = new Map(this.rows.map((row) => [row.id, this.#appearance.of(row)]));
    const wrong = this.#site.people.filter(({ key }) => {
      const [truth, document] = [this.#truth.get(key), this.#documents.get(key)];
      if (truth === undefined || document === undefined || !sameLook(truth, document)) return true;
      return rows.get(key) !== this.#appearance.expected(truth);
    });
    const failedLogons = this.#site.simulator.counters.logonsFailed;
    return {
      ...report,
      ok: report.missing.length === 0 && wrong.length === 0 && report.changes > 0 && failedLogons === 0,
      people: this.#site.people.length,
      documents: this.#documents.size,
      written: this.bridge.bridge.counters.written,
      wrong: wrong.map(({ uri }) => uri),
      failedLogons,
    };
  }

  async close(): Promise<void> {
    this.#stream?.close();
    await this.#bridge?.stop();
    await this.#site.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #config(port: number, ca: string): BridgeConfig {
    const { service, people } = this.#site;
    return {
      file: '(demo)',
      bridge: {
        name: 'demo',
        stateFolder: join(this.#folder, 'state'),
        language: 'en',
        window: 50,
        grace: 20_000,
        heartbeat: 5_000,
        batchSize: 100,
        sweepPerSecond: 50,
        reconcileAt: '02:30',
        lease: 90_000,
      },
      ocs: {
        account: service.uri,
        user: service.user,
        domain: service.domain,
        password: service.password,
        moreAccounts: [],
        server: { host: 'localhost', port, transport: 'tls', tls: { ca, exceptions: [] } },
        alternates: [],
        trustedDomains: [],
        dialect: 'ocs',
        batchSize: 100,
        requestsPerSecond: 10,
        allowNtlmWithoutTls: false,
        allowDigestWithoutTls: false,
      },
      domino: { kind: 'embedded', folder: join(this.#folder, 'data') },
      people,
      directory: NO_DIRECTORY,
      // These people are made up, and their notes show what the view can show.
      notes: true,
      http: { host: '127.0.0.1', port: this.#options.httpPort, allowedOrigins: [] },
      logLevel: 'warn',
    };
  }

  #onTruth(uri: SipUri, presence: SimulatedPresence): void {
    const key = sipKeyOf(uri);
    const before = this.#truth.get(key);
    const look = lookOf(presence);
    if (before === undefined || sameLook(before, look)) return;
    this.#truth.set(key, look);
    const now = this.#ports.clock.monotonic();
    const appears = this.#appearance.expected(look);
    const places = appears === this.#appearance.expected(before) ? [] : (['view', 'stream'] as const);
    this.#arrivals.changed(key, { document: wordOf(look), view: appears, stream: appears }, now, [
      'document',
      ...places,
    ]);
  }

  #onDocument(id: string, items: Items | undefined): void {
    const stored = items && personFromItems(items);
    if (stored === undefined || id !== stored.key) return;
    this.#documents.set(id, stored.snapshot);
    this.#seen('document', id, wordOf(stored.snapshot));
  }

  #seen(place: 'document' | 'view' | 'stream', id: string, shown: string): void {
    this.#arrivals.seen(place, id, shown, this.#ports.clock.monotonic());
  }

  async #until(what: string, withinMs: number, condition: () => boolean): Promise<void> {
    const end = this.#ports.clock.monotonic() + withinMs;
    while (!condition()) {
      if (this.#ports.clock.monotonic() > end) {
        const { ocs, notes } = this.bridge.bridge.status();
        throw ocs.error ?? notes.error ?? new BridgeError('INTERNAL', `not within ${withinMs} ms: ${what}`);
      }
      await new Promise<void>((resolve) => this.#ports.clock.after(10, resolve));
    }
  }
}

function lookOf(presence: SimulatedPresence): Look {
  const status: Status = statusOf(presence.availability);
  return { status, activity: activityOf(presence.activity) ?? '', outOfOffice: presence.outOfOffice };
}

function wordOf({ status, activity, outOfOffice }: Look): string {
  return [status, activity, outOfOffice ? 'out-of-office' : ''].filter(Boolean).join(' ');
}
