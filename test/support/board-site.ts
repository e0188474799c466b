import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { type HttpServer, startHttpServer } from '../../src/bridge/api/server.js';
import type { ViewLanguage } from '../../src/bridge/api/stream/protocol.js';
import type { StreamLimits } from '../../src/bridge/api/stream/stream-limits.js';
import { createMetrics } from '../../src/bridge/observe/metrics.js';
import { systemClock } from '../../src/bridge/runtime/system.js';
import type { BridgeStatus } from '../../src/bridge/status.js';
import { bridgeStatus, statusCounts } from './bridge-status.js';
import { Office } from './office.js';
import { silentLog } from './silent-log.js';
import { FakeWatchedPeople } from './watched-people.js';

const TOKEN = 'Zm9yLXRlc3RzLW9ubHktMTI4LWJpdHM';

/** A server with the board over an office of twenty-one, and pages that look at it. */
export class BoardSite {
  readonly token = TOKEN;
  /** What the bridge says of itself instead. */
  change: Partial<BridgeStatus> = {};
  /** Errors and foreign requests of all pages. */
  readonly complaints: string[] = [];
  /** How long statuses may be shown after the last word of the bridge, milliseconds. */
  freshMs = 180_000;
  stream: Partial<StreamLimits> = {};
  office = new Office();
  watched = new FakeWatchedPeople();
  readonly #browser: Browser;
  readonly #startedAt = Date.now();
  #server: HttpServer | undefined;

  constructor(browser: Browser) {
    this.#browser = browser;
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  get port(): number {
    return this.#server?.port ?? 0;
  }

  async start({ port = 0, language = 'en' as ViewLanguage } = {}): Promise<void> {
    this.watched.set(this.office.people);
    this.#server = await startHttpServer({
      host: '127.0.0.1',
      port,
      accessToken: TOKEN,
      status: () => this.#status(),
      people: () => [],
      watched: this.watched,
      views: this.office.views,
      language,
      metrics: createMetrics({ include: 'bridge' }),
      clock: systemClock,
      log: silentLog,
      limits: { stream: this.stream },
      query: { find: (text, sees) => this.watched.resolve(text, sees), freshMs: this.freshMs },
    });
  }

  /** The bridge goes away. */
  async stop(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  /** Serves the German template from now on. */
  async serveGerman(): Promise<void> {
    await this.stop();
    this.office = new Office('de');
    await this.start({ language: 'de' });
  }

  /** The whole department, and a list of those who are on duty. */
  addLists(): void {
    const uriOf = (name: string) => this.office.people.filter(({ displayName }) => displayName === name);
    const membersOf = (...names: readonly string[]) => names.flatMap(uriOf).map(({ uri }) => uri);
    this.watched.setLists(
      {
        id: 'group:Sales',
        title: 'Sales',
        kind: 'group',
        members: membersOf('Ana Reyes', 'Rosa Altmann', 'Olivia Brandt'),
      },
      { id: 'on-call', title: 'On call', kind: 'list', members: membersOf('Tomáš Dvořák', 'Elif Yılmaz') },
    );
  }

  async open(options: BrowserContextOptions = {}, fragment = `#token=${TOKEN}`): Promise<Page> {
    const context = await this.#browser.newContext({
      viewport: { width: 1180, height: 860 },
      locale: 'en-GB',
      ...options,
    });
    const page = await context.newPage();
    const { url } = this;
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()));
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(url)) this.complaints.push(`foreign request: ${request.url()}`);
    });
    await page.goto(`${url}/${fragment}`);
    return page;
  }

  async end(): Promise<void> {
    for (const context of this.#browser.contexts()) await context.close();
    await this.stop();
  }

  #status(): BridgeStatus {
    const counts = statusCounts({});
    for (const status of this.office.statuses) counts[status] += 1;
    const people = this.office.statuses.length;
    return bridgeStatus(this.#startedAt, { bridge: 'presence-01', people, counts, ...this.change });
  }
}

/** Rows as a reader sees them: words of the icon, then the texts. */
export function rowOf(page: Page, name: string): Locator {
  return page.locator('tr.row', { has: page.getByText(name, { exact: true }) });
}

export function iconOf(page: Page, name: string): Locator {
  return rowOf(page, name).locator('img').first();
}

/** Names from top to bottom. */
export function namesOn(page: Page): Promise<readonly string[]> {
  return page.locator('tr.row th').allTextContents();
}

interface PageScope {
  getComputedStyle(element: unknown): Readonly<Record<string, string>>;
}

export function styleOf(element: Locator, property: string): Promise<string | undefined> {
  return element.evaluate(
    (found, name) => (globalThis as unknown as PageScope).getComputedStyle(found)[name],
    property,
  );
}
