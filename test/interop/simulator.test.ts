import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import type { SimulatorAccount, SimulatorOptions } from '../../src/ocs/simulator/options.js';
import type { SimulatedPresence } from '../../src/ocs/simulator/presence/simulated-presence.js';
import { OcsSimulator, type SimulatorAddress } from '../../src/ocs/simulator/simulator.js';
import { parseSipUri, type SipUri } from '../../src/presence/ids.js';
import { recordingLog } from '../support/silent-log.js';
import { buildSipePeer, canNameMachine, type PeerEvent, type PeerOptions, SipePeer } from '../support/sipe-peer.js';

const build = buildSipePeer();
const skip = 'skip' in build ? build.skip : undefined;
const binary = 'binary' in build ? build.binary : '';
if (skip !== undefined) process.stdout.write(`skipped: the simulator before a foreign client (${skip})\n`);

const uri = (name: string): SipUri => {
  const result = parseSipUri(`${name}@contoso.example`);
  if (!result.ok) throw new Error(result.reason);
  return result.value;
};
const account = (user: string, displayName: string): SimulatorAccount => ({
  uri: uri(user),
  user,
  domain: 'CONTOSO',
  password: 'Winter-2009!',
  displayName,
});
const accounts = [account('alice', 'Alice Áström'), account('robert', 'Robert Li'), account('carol', 'Carol Ng')];

const peers: SipePeer[] = [];
function signIn(user: string, options: Partial<PeerOptions> & Pick<PeerOptions, 'server'>): SipePeer {
  const peer = new SipePeer({
    binary,
    user: uri(user),
    login: `CONTOSO\\${user}`,
    password: 'Winter-2009!',
    transport: 'tls',
    ...options,
  });
  peers.push(peer);
  return peer;
}

afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.quit()));
});

interface Running {
  readonly simulator: OcsSimulator;
  readonly address: SimulatorAddress;
  readonly log: ReturnType<typeof recordingLog>;
}

async function startSimulator(options: Partial<SimulatorOptions> = {}): Promise<Running> {
  const log = recordingLog();
  const simulator = new OcsSimulator({ accounts, clock: systemClock, random: systemRandom, log, ...options });
  return { simulator, address: await simulator.start(), log };
}

const isPresence = (who: string, status: string) => (event: PeerEvent) =>
  event.event === 'presence' && event['who'] === uri(who) && event['status'] === status;
const connected = (event: PeerEvent): boolean => event.event === 'connected';

/**
 * Signs in and waits until each client has read its contact list and published: a contact added earlier would be thrown
 * out again when the list arrives.
 */
async function signInAll(
  simulator: OcsSimulator,
  users: readonly string[],
  options: Partial<PeerOptions> & Pick<PeerOptions, 'server'>,
): Promise<readonly SipePeer[]> {
  const { publishes } = simulator.counters;
  const all = users.map((user) => signIn(user, options));
  await Promise.all(all.map((peer) => peer.waitFor(connected)));
  await expect
    .poll(() => simulator.counters.publishes - publishes, { timeout: 15_000 })
    .toBeGreaterThanOrEqual(users.length);
  return all;
}

async function alone(simulator: OcsSimulator, user: string, server: string): Promise<SipePeer> {
  const [peer] = await signInAll(simulator, [user], { server });
  if (!peer) throw new Error('nobody signed in');
  return peer;
}

async function pair(
  simulator: OcsSimulator,
  options: Partial<PeerOptions> & Pick<PeerOptions, 'server'>,
): Promise<readonly [alice: SipePeer, robert: SipePeer]> {
  const [alice, robert] = await signInAll(simulator, ['alice', 'robert'], options);
  if (!alice || !robert) throw new Error('nobody signed in');
  return [alice, robert];
}

/** What a foreign OCS client (pidgin-sipe) makes of the simulator: the only judge that shares none of our beliefs. */
describe.skipIf(skip !== undefined)('the simulator before a foreign client', () => {
  describe('over TLS with NTLM, version 4', () => {
    let running: Running;
    let server: string;
    beforeAll(async () => {
      running = await startSimulator();
      server = `127.0.0.1:${running.address.tlsPort}`;
    });
    afterAll(() => running.simulator.stop());

    test('a second client sees each status of the first', async () => {
      const [alice, robert] = await pair(running.simulator, { server });
      robert.send(`add ${uri('alice')}`);
      await robert.waitFor(isPresence('alice', 'available'));
      const steps = [
        ['busy In a wörkshop & "2"', 'busy', 6500, 'In a wörkshop & "2"'],
        ['dnd', 'dnd', 9500, ''],
        ['brb', 'brb', 12_500, ''],
        ['away', 'away', 15_500, ''],
        ['invisible', 'offline', 18_500, ''],
        ['available', 'available', 3500, ''],
      ] as const;
      for (const [command, seen, availability, note] of steps) {
        const since = robert.events.length;
        alice.send(`status ${command}`);
        const event = await robert.waitFor(isPresence('alice', seen), 15_000, since);
        expect(event['alias']).toBe('Alice Áström');
        if (note !== '') expect(event['message']).toBe(note);
        expect(running.simulator.presenceOf(uri('alice'))).toMatchObject({ availability, note });
      }
      const since = robert.events.length;
      await alice.quit();
      await robert.waitFor(isPresence('alice', 'offline'), 15_000, since);
      expect(running.simulator.counters.badSignatures).toBe(0);
    });

    test('an idle machine shows as away, and as available after it was touched again', async () => {
      const [alice, robert] = await pair(running.simulator, { server });
      robert.send(`add ${uri('alice')}`);
      await robert.waitFor(isPresence('alice', 'available'));
      // The client compares a change with its last publication, which it must have seen answered.
      alice.send('sleep 1');
      alice.send('idle 660');
      await robert.waitFor(isPresence('alice', 'away'));
      const since = robert.events.length;
      alice.send('sleep 1');
      alice.send('idle 0');
      await robert.waitFor(isPresence('alice', 'available'), 15_000, since);
    });

    test('instant messages and typing go both ways', async () => {
      const [alice, robert] = await pair(running.simulator, { server });
      alice.send(`im ${uri('robert')} grüße <one> & two`);
      const first = await robert.waitFor(({ event, from }) => event === 'im' && from === uri('alice'));
      expect(first['text']).toBe('grüße <one> & two');
      robert.send(`typing ${uri('alice')}`);
      await alice.waitFor(({ event, who }) => event === 'typing' && who === uri('robert'));
      robert.send(`im ${uri('alice')} danke ☺`);
      const second = await alice.waitFor(({ event, from }) => event === 'im' && from === uri('robert'));
      expect(second['text']).toBe('danke ☺');
      alice.send(`typing ${uri('robert')}`);
      await robert.waitFor(({ event, who }) => event === 'typing' && who === uri('alice'));
      alice.send(`close ${uri('robert')}`);
      const { relayed } = running.simulator.counters;
      alice.send(`im ${uri('robert')} again`);
      await robert.waitFor(({ event, text }) => event === 'im' && text === 'again');
      expect(running.simulator.counters.relayed).toBeGreaterThan(relayed);
      expect(running.simulator.counters.badSignatures).toBe(0);
    });

    test('a message to somebody who is not signed in is reported as not delivered', async () => {
      const alice = signIn('alice', { server });
      await alice.waitFor(connected);
      alice.send(`im ${uri('carol')} are you there?`);
      const error = await alice.waitFor(({ event }) => event === 'im-error');
      expect(error['text']).toContain('offline');
    });

    test('contacts are added, kept over a new sign-in, and removed', async () => {
      const presence: SimulatedPresence = {
        availability: 6500,
        activity: 'in-a-meeting',
        note: 'Zürich',
        outOfOffice: false,
        displayName: 'Dave Ünal',
      };
      running.simulator.setPerson(uri('dave'), presence);
      const first = await alone(running.simulator, 'carol', server);
      first.send(`add ${uri('dave')}`);
      const seen = await first.waitFor(isPresence('dave', 'busy'));
      expect(seen).toMatchObject({ message: 'Zürich', text: 'In a meeting - Zürich', alias: 'Dave Ünal' });
      const since = first.events.length;
      running.simulator.setPerson(uri('dave'), { ...presence, availability: 3500, activity: '', note: '' });
      await first.waitFor(isPresence('dave', 'available'), 15_000, since);
      await first.quit();
      const second = signIn('carol', { server });
      await second.waitFor(isPresence('dave', 'available'));
      second.send(`remove ${uri('dave')}`);
      await second.waitFor(({ event, who }) => event === 'contact-removed' && who === uri('dave'));
      await second.quit();
      const third = signIn('carol', { server });
      await third.waitFor(connected);
      third.send('contacts');
      third.send(`info ${uri('dave')}`);
      await third.waitFor(({ event }) => event === 'info');
      expect(third.events.some(({ event, who }) => event === 'contact-added' && who === uri('dave'))).toBe(false);
    });

    test('an out-of-office message and somebody presenting are shown as such', async () => {
      const base = { note: '', outOfOffice: false, activity: '', displayName: 'Erin Fox' };
      running.simulator.setPerson(uri('erin'), {
        ...base,
        availability: 15_500,
        activity: 'out-of-office',
        note: 'Back on Monday',
        outOfOffice: true,
      });
      const alice = await alone(running.simulator, 'alice', server);
      alice.send(`add ${uri('erin')}`);
      const away = await alice.waitFor(isPresence('erin', 'away'));
      expect(away).toMatchObject({ message: 'Back on Monday', text: 'Out of office - Back on Monday' });
      const since = alice.events.length;
      running.simulator.setPerson(uri('erin'), { ...base, availability: 9500, activity: 'presenting' });
      const presenting = await alice.waitFor(isPresence('erin', 'dnd'), 15_000, since);
      expect(String(presenting['text'])).toContain('Presenting');
    });

    test('a wrong password is refused, and the reason is counted and logged', async () => {
      const before = running.simulator.counters.logonsFailed;
      const mallory = signIn('alice', { server, password: 'guess' });
      const error = await mallory.waitFor(({ event }) => event === 'error');
      expect(String(error['text'])).toContain('Authentication failed');
      expect(await mallory.exited).toBe(3);
      expect(running.simulator.counters.logonsFailed).toBe(before + 1);
      expect(running.log.entries.some(({ event }) => event === 'simulator.sign-in-refused')).toBe(true);
    });

    test('after all connections were cut, the client can sign in again and is offline in between', async () => {
      const alice = signIn('alice', { server });
      await alice.waitFor(connected);
      await expect.poll(() => running.simulator.presenceOf(uri('alice')).availability, { timeout: 10_000 }).toBe(3500);
      running.simulator.dropConnections();
      expect(running.simulator.presenceOf(uri('alice')).availability).toBe(18_500);
      await alice.waitFor(({ event }) => event === 'error' || event === 'disconnected');
      const again = signIn('alice', { server });
      await again.waitFor(connected);
      await expect.poll(() => running.simulator.presenceOf(uri('alice')).availability, { timeout: 10_000 }).toBe(3500);
    });

    test.skipIf(!canNameMachine())('two endpoints of one user are one person to colleagues', async () => {
      const [robert] = await signInAll(running.simulator, ['robert'], { server });
      const [office] = await signInAll(running.simulator, ['alice'], { server, machine: 'office' });
      const [home] = await signInAll(running.simulator, ['alice'], { server, machine: 'home' });
      if (!robert || !office || !home) throw new Error('nobody signed in');
      robert.send(`add ${uri('alice')}`);
      await robert.waitFor(isPresence('alice', 'available'));
      let since = robert.events.length;
      home.send('status busy At home');
      expect((await robert.waitFor(isPresence('alice', 'busy'), 15_000, since))['message']).toBe('At home');
      since = robert.events.length;
      office.send('status away');
      await robert.waitFor(isPresence('alice', 'away'), 15_000, since);
      since = robert.events.length;
      await home.quit();
      expect(running.simulator.presenceOf(uri('alice')).availability).toBe(15_500);
      await office.quit();
      await robert.waitFor(isPresence('alice', 'offline'), 15_000, since);
      expect(running.simulator.counters).toMatchObject({ badSignatures: 0 });
    });

    test('a user principal name signs in as well', async () => {
      const alice = signIn('alice', { server, login: 'alice@contoso.example' });
      await alice.waitFor(connected);
    });
  });

  test('registration and subscriptions are renewed in time', async () => {
    const { simulator, address } = await startSimulator({ registrationSeconds: 33, subscriptionSeconds: 242 });
    try {
      const [alice, robert] = await pair(simulator, { server: `127.0.0.1:${address.tlsPort}` });
      robert.send(`add ${uri('alice')}`);
      await robert.waitFor(isPresence('alice', 'available'));
      await expect.poll(() => simulator.counters.registers, { timeout: 20_000 }).toBeGreaterThanOrEqual(6);
      const since = robert.events.length;
      alice.send('status busy');
      await robert.waitFor(isPresence('alice', 'busy'), 15_000, since);
      expect(simulator.counters).toMatchObject({ logonsOk: 2, badSignatures: 0 });
    } finally {
      await Promise.all(peers.splice(0).map((peer) => peer.quit()));
      await simulator.stop();
    }
  });

  describe('in the dialect of LCS 2005, over TLS with NTLM', () => {
    let running: Running;
    let server: string;
    beforeAll(async () => {
      running = await startSimulator({ dialect: 'lcs2005' });
      server = `127.0.0.1:${running.address.tlsPort}`;
    });
    afterAll(() => running.simulator.stop());

    test('a second client sees each status of the first, with and without a note', async () => {
      const [alice, robert] = await pair(running.simulator, { server });
      robert.send(`add ${uri('alice')}`);
      await robert.waitFor(isPresence('alice', 'available'));
      const statuses = [
        ['busy', 'busy', 6500],
        ['dnd', 'dnd', 9500],
        ['brb', 'brb', 12_500],
        ['away', 'away', 15_500],
        ['invisible', 'offline', 18_500],
        ['available', 'available', 3500],
      ] as const;
      for (const [command, seen, availability] of statuses) {
        // Offline has no note in the foreign client.
        for (const note of seen === 'offline' ? [''] : ['In a wörkshop & "2"', '']) {
          const since = robert.events.length;
          alice.send(`status ${command} ${note}`.trim());
          const event = await robert.waitFor(
            (one) => isPresence('alice', seen)(one) && (one['message'] ?? '') === note,
            15_000,
            since,
          );
          expect(event['alias']).toBe('Alice Áström');
          expect(running.simulator.presenceOf(uri('alice'))).toMatchObject({ availability, note });
        }
      }
      const since = robert.events.length;
      await alice.quit();
      await robert.waitFor(isPresence('alice', 'offline'), 15_000, since);
      expect(running.simulator.counters).toMatchObject({ badSignatures: 0, malformed: 0 });
    }, 90_000);

    test('an idle machine shows as away, and as available after it was touched again', async () => {
      const [alice, robert] = await pair(running.simulator, { server });
      robert.send(`add ${uri('alice')}`);
      await robert.waitFor(isPresence('alice', 'available'));
      alice.send('sleep 1');
      alice.send('idle 660');
      await robert.waitFor(isPresence('alice', 'away'));
      const since = robert.events.length;
      alice.send('sleep 1');
      alice.send('idle 0');
      await robert.waitFor(isPresence('alice', 'available'), 15_000, since);
    });

    test('contacts are added, seen from the list at the next sign-in, and removed', async () => {
      const presence = { availability: 9500, activity: 'presenting', note: 'Zürich', outOfOffice: false };
      running.simulator.setPerson(uri('dave'), { ...presence, displayName: 'Dave Ünal' });
      const first = await alone(running.simulator, 'carol', server);
      first.send(`add ${uri('dave')}`);
      expect(await first.waitFor(isPresence('dave', 'dnd'))).toMatchObject({ message: 'Zürich', alias: 'Dave Ünal' });
      await first.quit();
      const second = signIn('carol', { server });
      await second.waitFor(isPresence('dave', 'dnd'));
      const since = second.events.length;
      running.simulator.setPerson(uri('dave'), {
        ...{ ...presence, availability: 6500, activity: 'on-the-phone', note: '' },
        displayName: 'Dave Ünal',
      });
      await second.waitFor(isPresence('dave', 'busy'), 15_000, since);
      second.send(`remove ${uri('dave')}`);
      await second.waitFor(({ event, who }) => event === 'contact-removed' && who === uri('dave'));
      await second.quit();
      const third = await alone(running.simulator, 'carol', server);
      third.send('contacts');
      third.send(`info ${uri('dave')}`);
      await third.waitFor(({ event }) => event === 'info');
      expect(third.events.some(({ event, who }) => event === 'contact-added' && who === uri('dave'))).toBe(false);
    });

    test('instant messages go both ways', async () => {
      const [alice, robert] = await pair(running.simulator, { server });
      alice.send(`im ${uri('robert')} grüße <one> & two`);
      const first = await robert.waitFor(({ event, from }) => event === 'im' && from === uri('alice'));
      expect(first['text']).toBe('grüße <one> & two');
      robert.send(`im ${uri('alice')} danke ☺`);
      const second = await alice.waitFor(({ event, from }) => event === 'im' && from === uri('robert'));
      expect(second['text']).toBe('danke ☺');
      expect(running.simulator.counters.badSignatures).toBe(0);
    });
  });

  describe('with several pools', () => {
    const [pool1, pool2, legacy] = ['pool1', 'pool2', 'pool3'].map((name) => `${name}.contoso.example`);
    const homes: Readonly<Record<string, string | undefined>> = { alice: pool1, robert: pool2, carol: legacy };
    let running: Running;
    const serverOf = (hostName: string | undefined): string =>
      `127.0.0.1:${running.address.pools.find((pool) => pool.hostName === hostName)?.tlsPort}`;
    beforeAll(async () => {
      const contactHost = '127.0.0.1';
      running = await startSimulator({
        accounts: accounts.map((one) => ({ ...one, pool: homes[one.user] ?? '' })),
        pools: [
          { hostName: 'director.contoso.example', director: true },
          { hostName: pool1 ?? '', contactHost },
          { hostName: pool2 ?? '', contactHost },
          { hostName: legacy ?? '', contactHost, dialect: 'lcs2005' },
        ],
      });
    });
    afterAll(() => running.simulator.stop());

    test('a director sends clients to their home pools, whose people see each other and talk', async () => {
      const director = serverOf('director.contoso.example');
      const { redirects } = running.simulator.counters;
      const [alice, robert] = await pair(running.simulator, { server: director });
      expect(running.simulator.counters.redirects).toBe(redirects + 2);
      robert.send(`add ${uri('alice')}`);
      await robert.waitFor(isPresence('alice', 'available'));
      const since = robert.events.length;
      alice.send('status busy Reading');
      expect((await robert.waitFor(isPresence('alice', 'busy'), 15_000, since))['message']).toBe('Reading');
      alice.send(`im ${uri('robert')} hello`);
      await robert.waitFor(({ event, text }) => event === 'im' && text === 'hello');
      robert.send(`im ${uri('alice')} hello yourself`);
      await alice.waitFor(({ event, text }) => event === 'im' && text === 'hello yourself');
      expect(running.simulator.counters.badSignatures).toBe(0);
    });

    test('a client of LCS 2005 and one of OCS 2007 see the same status of each other', async () => {
      const carol = await alone(running.simulator, 'carol', serverOf(legacy));
      const robert = await alone(running.simulator, 'robert', serverOf(pool2));
      robert.send(`add ${uri('carol')}`);
      carol.send(`add ${uri('robert')}`);
      await robert.waitFor(isPresence('carol', 'available'));
      await carol.waitFor(isPresence('robert', 'available'));
      for (const [command, seen] of [
        ['dnd Focus', 'dnd'],
        ['brb', 'brb'],
        ['available', 'available'],
      ] as const) {
        const [sinceRobert, sinceCarol] = [robert.events.length, carol.events.length];
        carol.send(`status ${command}`);
        robert.send(`status ${command}`);
        await robert.waitFor(isPresence('carol', seen), 15_000, sinceRobert);
        await carol.waitFor(isPresence('robert', seen), 15_000, sinceCarol);
      }
    });
  });

  const modes = [
    { title: 'TLS and NTLM without a version', authVersion: 2, transport: 'tls' },
    { title: 'TLS and NTLM, version 3', authVersion: 3, transport: 'tls' },
    { title: 'TCP and NTLM, version 4', authVersion: 4, transport: 'tcp' },
    { title: 'TLS without authentication', authVersion: 'none', transport: 'tls' },
    { title: 'TCP without authentication', authVersion: 'none', transport: 'tcp' },
  ] as const;
  for (const { title, authVersion, transport } of modes) {
    test(`over ${title}, two clients see each other and talk`, async () => {
      const listen = { host: '127.0.0.1', ...(transport === 'tls' ? { tlsPort: 0 } : { tcpPort: 0 }) };
      const { simulator, address } = await startSimulator({ authVersion, listen });
      try {
        const server = `127.0.0.1:${transport === 'tls' ? address.tlsPort : address.tcpPort}`;
        const [alice, robert] = await pair(simulator, { server, transport });
        robert.send(`add ${uri('alice')}`);
        await robert.waitFor(isPresence('alice', 'available'));
        alice.send('status busy Reading');
        expect((await robert.waitFor(isPresence('alice', 'busy')))['message']).toBe('Reading');
        robert.send(`im ${uri('alice')} hello`);
        await alice.waitFor(({ event, text }) => event === 'im' && text === 'hello');
        alice.send(`im ${uri('robert')} hello yourself`);
        await robert.waitFor(({ event, text }) => event === 'im' && text === 'hello yourself');
        expect(simulator.counters.badSignatures).toBe(0);
      } finally {
        await Promise.all(peers.splice(0).map((peer) => peer.quit()));
        await simulator.stop();
      }
    });
  }
});
