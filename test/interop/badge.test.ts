import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type HttpServer, startHttpServer } from '../../src/bridge/api/server.js';
import { createMetrics } from '../../src/bridge/observe/metrics.js';
import { systemClock } from '../../src/bridge/runtime/system.js';
import { ACTIVITIES, STATUSES } from '../../src/presence/availability.js';
import { BadgePage } from '../support/badge-page.js';
import { bridgeStatus } from '../support/bridge-status.js';
import { launchBrowser, noBrowser } from '../support/chromium.js';
import { FakeViewFeed } from '../support/fake-view-feed.js';
import { Gate } from '../support/pair-gate.js';
import { person } from '../support/people.js';
import { shared, sharedPath } from '../support/shared.js';
import { silentLog } from '../support/silent-log.js';
import { TestTokens, tokenOf } from '../support/token-book.js';
import { type FakePerson, FakeWatchedPeople } from '../support/watched-people.js';

const TOKEN = 'Zm9yLXRlc3RzLW9ubHktMTI4LWJpdHM';
const PICTURES = new URL('../../build/badge/', import.meta.url).pathname;
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What a reader hears of every badge, in the order of the page. */
const HEARD = `[...document.querySelectorAll('presence-badge')].map((badge) => {
  const shown = badge.shadowRoot.querySelector('.badge');
  return (shown.getAttribute('aria-label') ?? shown.textContent).replaceAll(/[\\u2068\\u2069]/g, '');
})`;

const SHOWN = `[...document.querySelectorAll('presence-badge')].map((badge) => badge.presence?.status)`;
const LOSS_MS = 30_000;

const HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=2</script>';

describe.skipIf(noBrowser !== '')(`badges in a browser${noBrowser}`, () => {
  let browser: Browser;
  let site: BadgePage;
  let server: HttpServer;
  let watched: FakeWatchedPeople;
  let tokens: TestTokens;
  const complaints: string[] = [];
  const sockets: string[] = [];

  const ana = (told: Partial<FakePerson> = {}): FakePerson => ({
    ...person('sip:ana@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso'),
    status: 'busy',
    activity: 'on-the-phone',
    since: Date.UTC(2026, 0, 5, 8, 0, 0),
    observedAt: 1,
    ...told,
  });
  const ben = (told: Partial<FakePerson> = {}): FakePerson => ({
    ...person('sip:ben@contoso.example', 'CN=Ben Ito/OU=Sales/O=Contoso'),
    status: 'available',
    outOfOffice: true,
    observedAt: 1,
    ...told,
  });

  async function start({ port = 0, open = false } = {}): Promise<void> {
    tokens = new TestTokens({ name: 'intranet', scopes: ['stream'] });
    const clock = systemClock;
    server = await startHttpServer({
      host: '127.0.0.1',
      port,
      accessToken: TOKEN,
      tokens,
      allowedOrigins: [site.url],
      ...(open ? { withoutToken: ['stream'] as const } : {}),
      status: () => bridgeStatus(clock.now()),
      people: () => watched.all(),
      watched,
      views: new FakeViewFeed(),
      metrics: createMetrics({ include: 'bridge' }),
      clock,
      log: silentLog,
    });
    site.bridge = server.url;
  }

  async function open(options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext({ viewport: { width: 640, height: 480 }, ...options });
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('websocket', (socket) => sockets.push(socket.url()));
    await page.goto(site.url);
    return page;
  }

  const heard = (page: Page): Promise<unknown> => page.evaluate(HEARD);
  const badges = (...asked: readonly string[]): string =>
    asked.map((who) => `<p><presence-badge ${who}></presence-badge></p>`).join('');

  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    complaints.length = 0;
    sockets.length = 0;
    watched = new FakeWatchedPeople([ana(), ben()]);
    site = await BadgePage.start({
      async ticket() {
        const headers = { authorization: `Bearer ${tokenOf('intranet')}` };
        const answer = await fetch(`${server.url}/api/v1/stream-ticket`, { method: 'POST', headers });
        return ((await answer.json()) as { ticket: string }).ticket;
      },
    });
    site.head = '<meta name="presence-ticket-url" content="/ticket">';
    await start();
  });
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    await server.close();
    await site.close();
  });

  test('show people by address and by name, over one connection, and follow changes', async () => {
    site.body = badges(
      'address="ana@contoso.example"',
      'name="Ben Ito/Sales/Contoso" label="text"',
      'name="Ana Reyes"',
      'address="nobody@contoso.example"',
      '',
    );
    const page = await open();
    await expect
      .poll(() => heard(page))
      .toEqual([
        'Ana Reyes: Busy, on the phone',
        'Available. Out of office',
        'Ana Reyes: Busy, on the phone',
        'Unknown (the bridge watches nobody of this name)',
        'Unknown (no name is given)',
      ]);
    expect([sockets.length, site.tickets]).toEqual([1, 1]);
    await page.evaluate(`globalThis.heardOf = [];
      document.addEventListener('presence-change', ({ target, detail }) =>
        heardOf.push(target.getAttribute('address') + ' ' + detail.presence.status + ' ' + detail.text))`);
    const began = performance.now();
    watched.change({ uri: ana().uri, status: 'away', activity: '' });
    await expect.poll(() => page.evaluate('heardOf.length'), { timeout: 5_000 }).toBe(2);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(await page.evaluate('heardOf')).toEqual(
      ['sip:ana away Away', 'null away Away'].map((text) => text.replace('sip:ana', 'ana@contoso.example')),
    );
    expect(complaints).toEqual([]);
  });

  test('follow what scripts do to the page', async () => {
    site.body = badges('address="ana@contoso.example"');
    const page = await open();
    await expect.poll(() => heard(page)).toEqual(['Ana Reyes: Busy, on the phone']);
    await page.evaluate(`(() => {
      document.querySelector('presence-badge').address = 'ben@contoso.example';
      const added = document.createElement('presence-badge');
      added.name = 'Ana Reyes';
      added.lang = 'de';
      document.querySelector('main').append(added);
    })()`);
    await expect
      .poll(() => heard(page), { timeout: 5_000 })
      .toEqual(['Ben Ito: Available. Out of office', 'Ana Reyes: Beschäftigt, am Telefon']);
    expect(await page.evaluate("document.querySelector('presence-badge').presence.status")).toBe('available');
    expect(sockets.length).toBe(1);
  });

  test('come back by themselves with a fresh ticket, and miss nothing', async () => {
    site.body = badges('address="ana@contoso.example"');
    const page = await open();
    await expect.poll(() => heard(page)).toEqual(['Ana Reyes: Busy, on the phone']);
    const { port } = server;
    await server.close();
    watched.change({ uri: ana().uri, status: 'offline', activity: '' });
    await start({ port });
    await expect.poll(() => heard(page), { timeout: 10_000 }).toEqual(['Ana Reyes: Offline']);
    expect(site.tickets).toBeGreaterThan(1);
  });

  test('say so when tickets are refused, and show nobody any more', async () => {
    site.body = badges('address="ana@contoso.example"');
    const page = await open();
    await expect.poll(() => heard(page)).toEqual(['Ana Reyes: Busy, on the phone']);
    site.refusal = 403;
    tokens.set();
    await expect.poll(() => heard(page), { timeout: 10_000 }).toEqual(['Unknown (the bridge does not allow it)']);
  });

  test('take no tickets from elsewhere', async () => {
    site.head = '<meta name="presence-ticket-url" content="https://evil.example/ticket">';
    site.body = badges('address="ana@contoso.example"');
    const page = await open();
    await expect.poll(() => heard(page)).toEqual(['Unknown (the bridge does not allow it)']);
    expect(complaints).toEqual([]);
  });

  test('need no ticket where everybody is let in', async () => {
    const { port } = server;
    await server.close();
    await start({ port, open: true });
    site.head = '';
    site.body = badges('address="ana@contoso.example"');
    const page = await open();
    await expect.poll(() => heard(page)).toEqual(['Ana Reyes: Busy, on the phone']);
    expect(site.tickets).toBe(0);
  });

  test('keep hostile names and notes as text, and run nothing of them', async () => {
    watched.set([
      { ...ana({ note: HOSTILE, activityText: '\u202EelbaliavA\u202C' }) },
      { ...person('sip:mallory@contoso.example'), displayName: HOSTILE, observedAt: 1 },
    ]);
    site.body = badges('address="ana@contoso.example"', 'address="mallory@contoso.example" label="text"');
    const page = await open();
    await expect.poll(() => heard(page)).toEqual(['Ana Reyes: Busy, on the phone', 'Available']);
    const titles = await page.evaluate(
      `[...document.querySelectorAll('presence-badge')].map((badge) => badge.shadowRoot.querySelector('.badge').title)`,
    );
    expect(titles).toEqual([expect.stringContaining(HOSTILE), expect.stringContaining(HOSTILE)]);
    expect(String(titles)).not.toContain('\u202E');
    expect(await page.title()).toBe('People');
    expect(complaints).toEqual([]);
  });

  test.skipIf(shared === undefined)('keep the notes of published attacks as text', async () => {
    const notes = [
      'x29-cdata-script',
      'x30-note-html',
      'x31-note-formula',
      'x32-note-log-injection',
      'x33-note-bidi-override',
    ].map((name) => {
      const xml = readFileSync(sharedPath('vectors', 'xml-attacks', `${name}.xml`), 'utf8');
      const note = /<note>(.*)<\/note>/s.exec(xml)?.[1] ?? '';
      return note
        .replace(/^<!\[CDATA\[(.*)\]\]>$/s, '$1')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
        .replaceAll('&amp;', '&');
    });
    watched.set(
      notes.map((note, n) => ({ ...person(`sip:p${n}@contoso.example`), displayName: note, note, observedAt: 1 })),
    );
    site.body = badges(...notes.map((_, n) => `address="p${n}@contoso.example"`));
    const page = await open();
    await expect.poll(async () => String(await heard(page))).toContain('alert(1)');
    const inside = `[...document.querySelectorAll('presence-badge')].map((badge) => badge.shadowRoot.querySelector('script, img, b, [onerror]'))`;
    expect(await page.evaluate(inside)).toEqual(notes.map(() => null));
    expect(String(await heard(page))).not.toMatch(/[\p{Cc}\u202A-\u202E]/u);
    expect(complaints).toEqual([]);
  });

  test('follow two hundred people through a storm and a loss of the network', async () => {
    const people = Array.from({ length: 200 }, (_, n) => ({
      ...person(`sip:p${n}@contoso.example`, `CN=Person ${n}/O=Contoso`),
      status: 'available' as const,
      observedAt: 1,
    }));
    watched.set(people);
    site.body = badges(...people.map(({ uri }) => `address="${uri}"`));
    const page = await open();
    await expect.poll(async () => new Set((await heard(page)) as string[]).size).toBe(200);
    const storm = (round: number): void => {
      watched.change(...people.map(({ uri }, n) => ({ uri, status: STATUSES[(n + round) % 8] as 'away' })));
    };
    for (let round = 0; round < 20; round++) storm(round);
    await page.context().setOffline(true);
    const { port } = server;
    await server.close();
    for (let round = 20; round < 31; round++) storm(round);
    await start({ port });
    await page.context().setOffline(false);
    const expected = watched.all().map(({ status }) => status);
    await expect.poll(() => page.evaluate(SHOWN), { timeout: 15_000 }).toEqual(expected);
    expect(sockets.length).toBeLessThan(12);
  }, 60_000);

  test.each(['cut', 'silent'] as const)(
    'are right after thirty seconds without the network in a storm (%s)',
    async (state) => {
      const gate = new Gate(server.url);
      await gate.open();
      site.bridge = `http://${gate.host}`;
      const people = Array.from({ length: 200 }, (_, n) => ({
        ...person(`sip:p${n}@contoso.example`),
        status: 'available' as const,
        observedAt: 1,
      }));
      watched.set(people);
      site.body = badges(...people.map(({ uri }) => `address="${uri}"`));
      const page = await open();
      await expect.poll(() => page.evaluate(SHOWN)).toEqual(people.map(() => 'available'));
      let round = 0;
      const storm = setInterval(() => {
        round += 1;
        const some = people.flatMap(({ uri }, n) => (n % 7 === round % 7 ? [{ uri, n }] : []));
        watched.change(...some.map(({ uri, n }) => ({ uri, status: STATUSES[(n + round) % 8] as 'away' })));
      }, 20);
      try {
        gate.set(state);
        await new Promise((resolve) => setTimeout(resolve, LOSS_MS));
        gate.set('open');
        // Longer than silence may last before it is noticed, and than the wait for the next attempt.
        const before = JSON.stringify(await page.evaluate(SHOWN));
        await expect.poll(async () => JSON.stringify(await page.evaluate(SHOWN)), { timeout: 60_000 }).not.toBe(before);
      } finally {
        clearInterval(storm);
      }
      const expected = watched.all().map(({ status }) => status);
      await expect.poll(() => page.evaluate(SHOWN), { timeout: 5_000 }).toEqual(expected);
      await page.close();
      await gate.close();
    },
    150_000,
  );

  test('are readable for everybody: light, dark, forced colours, and by an accessibility audit', async () => {
    const looks = [
      ...STATUSES.map((status) => ({ status, activity: '' as const })),
      ...ACTIVITIES.slice(0, 4).map((activity) => ({
        status: activity === 'presenting' ? ('do-not-disturb' as const) : ('busy' as const),
        activity,
      })),
    ];
    watched.set(
      looks.map((look, n) => ({
        ...person(`sip:p${n}@contoso.example`, `CN=Person ${n}/O=Contoso`),
        ...look,
        outOfOffice: n % 3 === 0,
        ...(look.status === 'unknown' ? {} : { observedAt: 1 }),
      })),
    );
    site.body = looks
      .map(
        (_, n) =>
          `<p><presence-badge address="p${n}@contoso.example"></presence-badge> <presence-badge address="p${n}@contoso.example" label="text"></presence-badge></p>`,
      )
      .join('');
    for (const [name, options] of Object.entries({
      light: {},
      dark: { colorScheme: 'dark' },
      forced: { forcedColors: 'active', reducedMotion: 'reduce' },
    } satisfies Record<string, BrowserContextOptions>)) {
      const page = await open({
        deviceScaleFactor: 2,
        viewport: { width: 460, height: 700 },
        bypassCSP: true,
        ...options,
      });
      await expect.poll(async () => String(await heard(page))).toContain('presenting');
      await page.screenshot({ path: `${PICTURES}${name}.png` });
      await page.addScriptTag({ path: AXE });
      const found = (await page.evaluate('axe.run(document)')) as {
        violations: { id: string; impact: string; help: string }[];
      };
      expect(found.violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
    }
    site.language = 'de';
    const german = await open();
    await expect.poll(async () => String(await heard(german))).toContain('Nicht stören, in einer Präsentation');
  });
});
