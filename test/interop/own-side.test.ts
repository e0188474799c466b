import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { IncomingMessage } from '../../src/bridge/ports.js';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { OcsSimulator, type SimulatorAddress } from '../../src/ocs/simulator/simulator.js';
import { createOcsSource, type OcsSource } from '../../src/ocs/source.js';
import type { SipUri } from '../../src/presence/ids.js';
import { sip } from '../support/people.js';
import { silentLog } from '../support/silent-log.js';
import { buildSipePeer, type PeerEvent, SipePeer } from '../support/sipe-peer.js';

const build = buildSipePeer();
const skip = 'skip' in build ? build.skip : undefined;
const binary = 'binary' in build ? build.binary : '';
if (skip !== undefined) process.stdout.write(`skipped: own status and messages before a foreign client (${skip})\n`);

const PASSWORD = 'Winter-2009!';
const [BRIDGE, ALICE, CAROL] = [
  sip('bridge@contoso.example'),
  sip('alice@contoso.example'),
  sip('carol@contoso.example'),
];
const userOf = (uri: SipUri): string => uri.slice('sip:'.length, uri.indexOf('@'));

/** What a foreign OCS client (pidgin-sipe) sees of our account, and hears from it. */
describe.skipIf(skip !== undefined)('our account before a foreign client', () => {
  let server: OcsSimulator;
  let address: SimulatorAddress;
  let running: OcsSimulator[] = [];
  const peers: SipePeer[] = [];
  const sources: OcsSource[] = [];
  async function start(dialect: 'ocs2007' | 'lcs2005'): Promise<void> {
    server = new OcsSimulator({
      dialect,
      accounts: [BRIDGE, ALICE, CAROL].map((uri) => ({
        uri,
        user: userOf(uri),
        domain: 'CONTOSO',
        password: PASSWORD,
        displayName: userOf(uri),
      })),
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
    });
    address = await server.start();
    running.push(server);
  }
  beforeAll(() => start('ocs2007'));
  afterEach(async () => {
    await Promise.all(peers.splice(0).map((peer) => peer.quit()));
    await Promise.all(sources.splice(0).map((source) => source.stop()));
  });
  afterAll(async () => {
    await Promise.all(running.map((one) => one.stop()));
    running = [];
  });

  /** Waits until the client has read its contact list and published: a contact added earlier would be thrown out again. */
  async function alice(): Promise<SipePeer> {
    const { publishes } = server.counters;
    const peer = new SipePeer({
      binary,
      user: ALICE,
      login: 'CONTOSO\\alice',
      password: PASSWORD,
      server: `127.0.0.1:${address.tlsPort}`,
      transport: 'tls',
    });
    peers.push(peer);
    await peer.waitFor(({ event }) => event === 'connected');
    await expect.poll(() => server.counters.publishes, { timeout: 15_000 }).toBeGreaterThan(publishes);
    return peer;
  }

  async function bridge(): Promise<OcsSource> {
    let state = '';
    const source = createOcsSource(
      {
        account: BRIDGE,
        user: 'bridge',
        domain: 'CONTOSO',
        password: PASSWORD,
        server: {
          host: '127.0.0.1',
          port: address.tlsPort ?? 0,
          transport: 'tls',
          tls: { ca: address.caCertificate },
          serverName: 'ocs01.contoso.example',
        },
        notes: false,
      },
      { clock: systemClock, random: systemRandom, log: silentLog },
    );
    sources.push(source);
    source.start({
      onLink: (report) => {
        state = report.state;
      },
      onObservations: () => {},
      onLost: () => {},
    });
    await vi.waitFor(() => expect(state).toBe('connected'), { timeout: 5_000 });
    return source;
  }

  const shows = (status: string) => (event: PeerEvent) =>
    event.event === 'presence' && event['who'] === BRIDGE && event['status'] === status;

  test('each status and the note are seen, and offline after the sign-off', async () => {
    const peer = await alice();
    const { own, stop } = await bridge();
    peer.send(`add ${BRIDGE}`);
    const steps = [
      ['available', 'available', ''],
      ['busy', 'busy', 'Wörkshop <& "2">'],
      ['do-not-disturb', 'dnd', ''],
      ['be-right-back', 'brb', 'back at 3'],
      ['away', 'away', ''],
    ] as const;
    for (const [status, seen, note] of steps) {
      const since = peer.events.length;
      await own.publish({ status, note });
      const event = await peer.waitFor(shows(seen), 15_000, since);
      if (note !== '') expect(event['message']).toBe(note);
    }
    const since = peer.events.length;
    await stop();
    await peer.waitFor(shows('offline'), 15_000, since);
    expect(server.counters).toMatchObject({ badSignatures: 0, malformed: 0 });
  });

  test('an activity is shown in its words, and a status that is cleared is gone', async () => {
    const peer = await alice();
    const { own } = await bridge();
    peer.send(`add ${BRIDGE}`);
    await own.publish({ status: 'busy', activity: 'in-a-meeting' });
    expect(String((await peer.waitFor(shows('busy')))['text'])).toContain('In a meeting');
    const since = peer.events.length;
    await own.clear();
    await peer.waitFor(shows('offline'), 15_000, since);
  });

  test('messages and typing go both ways, whoever begins', async () => {
    const peer = await alice();
    const { messages } = await bridge();
    const heard: IncomingMessage[] = [];
    const typing: boolean[] = [];
    messages.onMessage((message) => heard.push(message));
    messages.onTyping((_from, active) => typing.push(active));

    await messages.send(ALICE, 'grüße <one> & two');
    const first = await peer.waitFor(({ event, from }) => event === 'im' && from === BRIDGE);
    expect(first['text']).toBe('grüße <one> & two');
    messages.typing(ALICE, true);
    await peer.waitFor(({ event, who }) => event === 'typing' && who === BRIDGE);
    peer.send(`im ${BRIDGE} danke ☺ <b>`);
    await vi.waitFor(() => expect(heard.map(({ text }) => text)).toEqual(['danke ☺ <b>']), { timeout: 10_000 });
    expect(heard[0]?.from).toBe(ALICE);
    peer.send(`typing ${BRIDGE}`);
    await vi.waitFor(() => expect(typing).toContain(true), { timeout: 10_000 });

    peer.send(`close ${BRIDGE}`);
    peer.send('sleep 1');
    peer.send(`im ${BRIDGE} again`);
    await vi.waitFor(() => expect(heard.at(-1)?.text).toBe('again'), { timeout: 10_000 });
    const since = peer.events.length;
    await messages.send(ALICE, 'and again');
    await peer.waitFor(({ event, text }) => event === 'im' && text === 'and again', 15_000, since);
    expect(server.counters).toMatchObject({ badSignatures: 0, malformed: 0 });
  });

  test('a message to somebody who is offline fails; one to us fails while nobody listens', async () => {
    const peer = await alice();
    const { messages } = await bridge();
    await expect(messages.send(CAROL, 'hello')).rejects.toMatchObject({ details: { status: 480 } });
    peer.send(`im ${BRIDGE} is anybody there?`);
    await peer.waitFor(({ event }) => event === 'im-error');
  });

  test('on a server of LCS 2005, status, note and messages arrive as well', async () => {
    await start('lcs2005');
    const peer = await alice();
    const { own, messages, stop } = await bridge();
    const heard: IncomingMessage[] = [];
    messages.onMessage((message) => heard.push(message));
    peer.send(`add ${BRIDGE}`);
    const steps = [
      ['busy', 'busy', 'Wörkshop & <more>'],
      ['do-not-disturb', 'dnd', ''],
      ['away', 'away', ''],
      ['available', 'available', 'back'],
    ] as const;
    for (const [status, seen, note] of steps) {
      const since = peer.events.length;
      await own.publish({ status, note });
      const event = await peer.waitFor(shows(seen), 15_000, since);
      if (note !== '') expect(event['message']).toBe(note);
    }
    await messages.send(ALICE, 'grüße');
    await peer.waitFor(({ event, text }) => event === 'im' && text === 'grüße');
    peer.send(`im ${BRIDGE} danke`);
    await vi.waitFor(() => expect(heard.map(({ text }) => text)).toEqual(['danke']), { timeout: 10_000 });
    const since = peer.events.length;
    await stop();
    await peer.waitFor(shows('offline'), 15_000, since);
    expect(server.counters).toMatchObject({ badSignatures: 0, malformed: 0 });
  });
});
