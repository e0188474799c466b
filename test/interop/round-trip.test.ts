import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ApplicationSite } from '../support/application-site.js';
import { BadgePage } from '../support/badge-page.js';
import { launchBrowser, noBrowser } from '../support/chromium.js';
import { sip } from '../support/people.js';
import {
  badgeChannel,
  type ChannelOptions,
  eventStreamChannel,
  httpChannel,
  type PresenceChannel,
  watchChannel,
  webSocketChannel,
} from '../support/presence-channels.js';
import { eventually } from '../support/product.js';
import { buildSipePeer, type PeerEvent, SipePeer } from '../support/sipe-peer.js';

const build = buildSipePeer();
const skip = 'skip' in build ? build.skip : undefined;
if (skip !== undefined) process.stdout.write(`skipped: applications and a foreign client (${skip})\n`);

const ALICE = sip('alice@contoso.example');
const WITHIN_MS = 1_000;
/** The client tells the server of a change 1 to 2 s after the command. */
const PEER_MS = 6_000;

/** [command of the client, status, words of the badge] */
const CHANGES = [
  ['status busy', 'busy', 'Busy'],
  ['status dnd', 'do-not-disturb', 'Do not disturb'],
  ['status brb', 'be-right-back', 'Be right back'],
  ['status away', 'away', 'Away'],
  ['status available', 'available', 'Available'],
] as const;
const BADGE_WORDS = Object.fromEntries(CHANGES.map(([, status, words]) => [words, status]));

/** [status set by an application, what the client shows] */
const OWN = [
  ['busy', 'busy'],
  ['do-not-disturb', 'dnd'],
  ['be-right-back', 'brb'],
  ['away', 'away'],
  ['available', 'available'],
] as const;

describe.skipIf(skip !== undefined)('from a foreign OCS client to applications and back', () => {
  let site: ApplicationSite;
  let alice: SipePeer;
  let page: BadgePage;
  let browser: Browser | undefined;
  const channels: PresenceChannel[] = [];

  beforeAll(async () => {
    page = await BadgePage.start({
      ticket: async () => ((await site.ask('app', 'POST', '/api/v1/stream-ticket')).body as { ticket: string }).ticket,
    });
    site = await ApplicationSite.start({
      people: 3,
      tokens: [['app', ['read', 'stream', 'own-status', 'message']]],
      config: { http: { port: 0, allowedOrigins: [page.url] } },
    });
    const { url } = site;
    alice = new SipePeer({
      binary: 'binary' in build ? build.binary : '',
      user: ALICE,
      login: 'CONTOSO\\alice',
      password: site.site.guests[0]?.password ?? '',
      server: `127.0.0.1:${site.tlsPort}`,
      transport: 'tls',
      timeout: 110,
    });
    await alice.waitFor(({ event }) => event === 'connected');
    await eventually('alice told of herself', 15_000, () => (publishedBy().length > 0 ? true : undefined));
    alice.send(`add ${site.site.service.uri}`);
    const options: ChannelOptions = { url, token: site.tokenOf('app'), who: ALICE };
    channels.push(httpChannel(options), await webSocketChannel(options), await eventStreamChannel(options));
    channels.push(watchChannel(site.folder.configFile, options));
    if (noBrowser === '') channels.push(await badge());
    for (const { name, seen } of channels) {
      await eventually(`${name} shows alice`, 10_000, () => (seen.at(-1)?.status === 'available' ? true : undefined));
    }
  });

  afterAll(async () => {
    for (const channel of channels) await channel.close();
    await browser?.close();
    await alice?.quit();
    await site?.ends();
    await page?.close();
  });

  async function badge(): Promise<PresenceChannel> {
    browser = await launchBrowser();
    page.bridge = site.url;
    page.head = '<meta name="presence-ticket-url" content="/ticket">';
    page.body = `<presence-badge address="${ALICE.slice('sip:'.length)}"></presence-badge>`;
    const opened = await (await browser.newContext({ locale: 'en-GB' })).newPage();
    await opened.goto(page.url);
    return badgeChannel(opened, BADGE_WORDS);
  }

  const publishedBy = (): readonly number[] => site.published.filter(({ uri }) => uri === ALICE).map(({ at }) => at);

  test.each(CHANGES)('"%s" is seen as %s everywhere within a second', async (command, status) => {
    const [before, seenBefore] = [publishedBy().length, channels.map(({ seen }) => seen.length)];
    alice.send(command);
    const at = await eventually('alice told the server', PEER_MS, () => publishedBy()[before]);
    const took = await Promise.all(
      channels.map(async ({ name, seen }, index) => {
        const sighting = await eventually(`${name} shows ${status}`, 5_000, () =>
          seen.slice(seenBefore[index]).find((one) => one.status === status),
        );
        return [name, sighting.at - at] as const;
      }),
    );
    tell(status, took);
    for (const [name, ms] of took) expect([name, ms < WITHIN_MS]).toEqual([name, true]);
  });

  test.each(OWN)('"%s" set over HTTP for the account is seen by the client within a second', async (status, shown) => {
    const since = alice.events.length;
    const began = performance.now();
    const { status: answered } = await site.ask('app', 'PUT', '/api/v1/self', { status });
    const isIt = ({ event, who, status: seen }: PeerEvent): boolean =>
      event === 'presence' && who === site.site.service.uri && seen === shown;
    await alice.waitFor(isIt, 5_000, since);
    const took = performance.now() - began;
    tell(`own ${status}`, [['sipe-peer', took]]);
    expect([answered, took < WITHIN_MS]).toEqual([200, true]);
  });

  test('a message sent over HTTP arrives in the client, and its answer on the streams', async () => {
    const began = performance.now();
    const sent = await site.ask('app', 'POST', '/api/v1/messages', { to: ALICE, text: 'Grüße <b> & bis 12?' });
    expect(sent).toEqual({ status: 200, body: { delivered: true } });
    await alice.waitFor(({ event, text }) => event === 'im' && text === 'Grüße <b> & bis 12?');
    tell('message', [['sipe-peer', performance.now() - began]]);
    alice.send(`im ${site.site.service.uri} gern ☺ <i>`);
    for (const { name, texts } of channels.filter(({ name }) => STREAMS.includes(name))) {
      await eventually(`the answer on ${name}`, 10_000, () => (texts.length > 0 ? true : undefined));
      expect(texts).toEqual(['gern ☺ <i>']);
    }
  });
});

const STREAMS = ['WebSocket', 'server-sent events', 'presence-bridge watch'];

function tell(what: string, took: readonly (readonly [string, number])[]): void {
  const shown = took.map(([name, ms]) => `${name} ${ms.toFixed(0)} ms`).join(', ');
  process.stdout.write(`${what}: ${shown}\n`);
}
