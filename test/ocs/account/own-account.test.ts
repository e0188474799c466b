import { afterEach, describe, expect, test, vi } from 'vitest';
import type { IncomingMessage, LinkReport } from '../../../src/bridge/ports.js';
import { systemClock, systemRandom } from '../../../src/bridge/runtime/system.js';
import { readFault } from '../../../src/ocs/simulator/faults/fault-spec.js';
import type { SimulatorOptions } from '../../../src/ocs/simulator/options.js';
import { OcsSimulator } from '../../../src/ocs/simulator/simulator.js';
import { createOcsSource, type OcsSource } from '../../../src/ocs/source.js';
import type { SipUri } from '../../../src/presence/ids.js';
import { sip } from '../../support/people.js';
import { silentLog } from '../../support/silent-log.js';

const BRIDGE = sip('bridge@contoso.example');
const ANA = sip('ana.reyes@contoso.example');
const BEN = sip('ben.okoro@contoso.example');
const PASSWORD = 'Winter-2009!';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

async function simulator(options: Partial<SimulatorOptions> = {}) {
  const accounts = [BRIDGE, ANA, BEN].map((uri) => ({
    uri,
    user: uri.slice(4, uri.indexOf('@')),
    domain: 'CONTOSO',
    password: PASSWORD,
    displayName: uri,
  }));
  const server = new OcsSimulator({ accounts, clock: systemClock, random: systemRandom, log: silentLog, ...options });
  const address = await server.start();
  running.push(server);
  const signIn = async (
    account: SipUri,
    epid = '5f0c9a1b2d',
  ): Promise<OcsSource & { readonly links: LinkReport[] }> => {
    const links: LinkReport[] = [];
    const source = createOcsSource(
      {
        account,
        user: account.slice(4, account.indexOf('@')),
        domain: 'CONTOSO',
        password: PASSWORD,
        server: {
          host: '127.0.0.1',
          port: address.tlsPort ?? 0,
          transport: 'tls',
          tls: { ca: address.caCertificate },
          serverName: 'ocs01.contoso.example',
        },
        notes: true,
        backoff: { baseMs: 5, capMs: 20 },
        epid,
      },
      { clock: systemClock, random: systemRandom, log: silentLog },
    );
    running.unshift(source);
    source.start({ onLink: (report) => links.push(report), onObservations: () => {}, onLost: () => {} });
    await vi.waitFor(() => expect(links.at(-1)?.state).toBe('connected'));
    return { ...source, links };
  };
  return { server, signIn };
}

describe('the own status', () => {
  test('is shown with activity and note, changed, and taken back', async () => {
    const { server, signIn } = await simulator();
    const { own } = await signIn(BRIDGE);
    await own.publish({ status: 'busy', activity: 'in-a-meeting', note: 'Room 4 & <more>' });
    expect(server.presenceOf(BRIDGE)).toMatchObject({
      availability: 6500,
      activity: 'in-a-meeting',
      note: 'Room 4 & <more>',
    });
    expect(own.current()).toMatchObject({ status: 'busy' });
    await own.publish({ status: 'be-right-back' });
    expect(server.presenceOf(BRIDGE)).toMatchObject({ availability: 12_500, activity: '', note: '' });
    await own.clear();
    expect(server.presenceOf(BRIDGE).availability).toBe(18_500);
    expect(own.current()).toBeUndefined();
    expect(server.counters).toMatchObject({ badSignatures: 0, malformed: 0, conflicts: 0 });
  });

  test.each([
    ['available', 3500],
    ['do-not-disturb', 9500],
    ['away', 15_500],
    ['offline', 18_500],
  ] as const)('%s is published as %i', async (status, availability) => {
    const { server, signIn } = await simulator();
    const { own } = await signIn(BRIDGE);
    await own.publish({ status });
    expect(server.presenceOf(BRIDGE).availability).toBe(availability);
  });

  test('is the newest of many wishes, in few requests', async () => {
    const { server, signIn } = await simulator();
    const { own } = await signIn(BRIDGE);
    const words = ['busy', 'away', 'available', 'do-not-disturb'] as const;
    await Promise.all(Array.from({ length: 40 }, (_, index) => own.publish({ status: words[index % 4] ?? 'busy' })));
    expect(server.presenceOf(BRIDGE).availability).toBe(9500);
    expect(server.counters.publishes).toBeLessThanOrEqual(3);
  });

  test('comes back by itself after the connection was lost', async () => {
    const { server, signIn } = await simulator();
    const { own, links } = await signIn(BRIDGE);
    await own.publish({ status: 'busy' });
    server.dropConnections();
    await vi.waitFor(() => expect(links.length).toBeGreaterThan(2));
    await vi.waitFor(() => expect(server.presenceOf(BRIDGE).availability).toBe(6500), { timeout: 5_000 });
  });

  test('is withdrawn at the sign-off, though another endpoint of the account stays', async () => {
    const { server, signIn } = await simulator();
    const first = await signIn(BRIDGE);
    const second = await signIn(BRIDGE, '0a0b0c0d0e');
    await second.own.publish({ status: 'available' });
    await first.own.publish({ status: 'do-not-disturb', note: 'here' });
    await vi.waitFor(() => expect(server.presenceOf(BRIDGE).availability).toBe(9500));
    await first.stop();
    expect(server.presenceOf(BRIDGE)).toMatchObject({ availability: 3500, note: '' });
  });

  test('leaves the choice of another client alone when it is withdrawn', async () => {
    const { server, signIn } = await simulator();
    const [first, second] = [await signIn(BRIDGE), await signIn(BRIDGE, '0a0b0c0d0e')];
    await first.own.publish({ status: 'busy' });
    await second.own.publish({ status: 'away' });
    await first.own.clear();
    expect(server.presenceOf(BRIDGE).availability).toBe(15_500);
    // Another client was quicker; its version is taken and the newer wish wins.
    await first.own.publish({ status: 'busy' });
    expect(server.presenceOf(BRIDGE).availability).toBe(6500);
  });

  test('stays as it was, and ends when it should, when the next one is refused', async () => {
    const { server, signIn } = await simulator();
    const bridge = await signIn(BRIDGE);
    await bridge.own.publish({ status: 'busy', until: Date.now() + 1_000 });
    const fault = readFault('refuse=SERVICE/403');
    if (fault.ok) server.beginFault(fault.value);
    await expect(bridge.own.publish({ status: 'away' })).rejects.toMatchObject({ details: { kept: false } });
    expect(bridge.own.current()).toMatchObject({ status: 'busy' });
    expect(server.presenceOf(BRIDGE).availability).toBe(6500);
    server.endFaults();
    await vi.waitFor(() => expect(server.presenceOf(BRIDGE).availability).toBe(18_500), { timeout: 3_000 });
  });

  test('ends by itself when its time is over', async () => {
    const { server, signIn } = await simulator();
    const { own } = await signIn(BRIDGE);
    await own.publish({ status: 'busy', until: Date.now() + 150 });
    expect(server.presenceOf(BRIDGE).availability).toBe(6500);
    await vi.waitFor(() => expect(server.presenceOf(BRIDGE).availability).toBe(18_500), { timeout: 5_000 });
    expect(own.current()).toBeUndefined();
    await expect(own.publish({ status: 'busy', until: Date.now() - 1 })).rejects.toMatchObject({ code: 'OCS_PUBLISH' });
  });

  test('waits for the sign-in, and says so', async () => {
    const { server, signIn } = await simulator();
    const { own, links } = await signIn(BRIDGE);
    server.dropConnections();
    await vi.waitFor(() => expect(links.length).toBeGreaterThan(2));
    const outcome = await own.publish({ status: 'busy' }).then(
      () => 'published',
      (error: unknown) => error,
    );
    if (outcome !== 'published') expect(outcome).toMatchObject({ code: 'OCS_PUBLISH', details: { kept: true } });
    await vi.waitFor(() => expect(server.presenceOf(BRIDGE).availability).toBe(6500), { timeout: 5_000 });
  });
});

describe('the own status on a server of LCS 2005', () => {
  test.each([
    ['available', 3500],
    ['busy', 6500],
    ['do-not-disturb', 9500],
    ['be-right-back', 12_500],
    ['away', 15_500],
    ['offline', 18_500],
  ] as const)('%s is published as %i', async (status, availability) => {
    const { server, signIn } = await simulator({ dialect: 'lcs2005' });
    const { own } = await signIn(BRIDGE);
    await own.publish({ status, note: 'Room 4 & more' });
    expect(server.presenceOf(BRIDGE)).toMatchObject({ availability, note: 'Room 4 & more' });
    expect(server.counters).toMatchObject({ badSignatures: 0, malformed: 0 });
  });

  test('goes with its note when it is cleared or the account signs off, and the note of another client stays', async () => {
    const { server, signIn } = await simulator({ dialect: 'lcs2005' });
    const [first, second] = [await signIn(BRIDGE), await signIn(BRIDGE, '0a0b0c0d0e')];
    await second.own.publish({ status: 'available', note: 'theirs' });
    await first.own.publish({ status: 'do-not-disturb' });
    expect(server.presenceOf(BRIDGE)).toMatchObject({ availability: 9500, note: 'theirs' });
    await first.own.publish({ status: 'busy', note: 'ours' });
    expect(server.presenceOf(BRIDGE).note).toBe('ours');
    await first.stop();
    await second.own.clear();
    expect(server.presenceOf(BRIDGE)).toMatchObject({ availability: 18_500, note: '' });
  });
});

describe('instant messages', () => {
  function inbox(source: OcsSource) {
    const messages: IncomingMessage[] = [];
    const typing: [SipUri, boolean][] = [];
    source.messages.onTyping((from, active) => typing.push([from, active]));
    const stop = source.messages.onMessage((message) => messages.push(message));
    return { messages, typing, stop, texts: () => messages.map(({ text }) => text) };
  }

  test('go both ways over one dialog, in order, and so does typing', async () => {
    const { server, signIn } = await simulator();
    const [bridge, ana] = [await signIn(BRIDGE), await signIn(ANA)];
    const [atBridge, atAna] = [inbox(bridge), inbox(ana)];
    await Promise.all([
      bridge.messages.send(ANA, 'grüße <one> & two'),
      bridge.messages.send(ANA, 'zwei ☺'),
      bridge.messages.send(ANA, 'drei'),
    ]);
    expect(atAna.texts()).toEqual(['grüße <one> & two', 'zwei ☺', 'drei']);
    expect(atAna.messages[0]?.from).toBe(BRIDGE);
    ana.messages.typing(BRIDGE, true);
    await ana.messages.send(BRIDGE, 'answer');
    expect(atBridge.texts()).toEqual(['answer']);
    expect(atBridge.typing).toEqual([[ANA, true]]);
    expect(server.counters).toMatchObject({ messages: 4, badSignatures: 0, malformed: 0 });
  });

  test('to somebody who is not signed in, or does not exist, fail with the reason', async () => {
    const { signIn } = await simulator();
    const { messages } = await signIn(BRIDGE);
    await expect(messages.send(BEN, 'hello')).rejects.toMatchObject({
      code: 'OCS_MESSAGE',
      message: expect.stringContaining('nobody is signed in there (480)'),
      details: { status: 480 },
    });
    await expect(messages.send(sip('nobody@contoso.example'), 'hello')).rejects.toMatchObject({
      details: { status: 404, diagnostics: expect.stringContaining('User does not exist') },
    });
  });

  test('are refused as if nobody were there while nobody listens', async () => {
    const { signIn } = await simulator();
    const [bridge, ana] = [await signIn(BRIDGE), await signIn(ANA)];
    await expect(bridge.messages.send(ANA, 'hello')).rejects.toMatchObject({ details: { status: 480 } });
    const { stop, texts } = inbox(ana);
    await bridge.messages.send(ANA, 'now');
    stop();
    await expect(bridge.messages.send(ANA, 'too late')).rejects.toMatchObject({ details: { status: 480 } });
    expect(texts()).toEqual(['now']);
  });

  test('reach somebody who came back, in a new dialog', async () => {
    const { signIn } = await simulator();
    const [bridge, ana] = [await signIn(BRIDGE), await signIn(ANA)];
    inbox(ana);
    await bridge.messages.send(ANA, 'one');
    await ana.stop();
    const { texts } = inbox(await signIn(ANA));
    await bridge.messages.send(ANA, 'two');
    expect(texts()).toEqual(['two']);
  });

  test('are refused when empty, too long, or before the sign-in', async () => {
    const { server, signIn } = await simulator();
    const { messages, links } = await signIn(BRIDGE);
    await expect(messages.send(ANA, ' \n')).rejects.toThrow('it is empty');
    await expect(messages.send(ANA, 'é'.repeat(4097))).rejects.toThrow('more than 8192 octets');
    await server.stop();
    await vi.waitFor(() => expect(links.at(-1)?.state).toBe('transient-disconnect'));
    await expect(messages.send(ANA, 'hello')).rejects.toThrow('not signed in');
  });

  test('that are under way fail when the connection is lost', async () => {
    const { server, signIn } = await simulator();
    const bridge = await signIn(BRIDGE);
    const lost = expect(bridge.messages.send(BEN, 'hello')).rejects.toMatchObject({ code: 'OCS_MESSAGE' });
    server.dropConnections();
    await lost;
  });
});
