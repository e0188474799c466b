import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { castOf } from '../../src/ocs/simulator/cast.js';
import { createOcsSource, type OcsSource } from '../../src/ocs/source.js';
import type { Status } from '../../src/presence/availability.js';
import type { SipUri } from '../../src/presence/ids.js';
import { merge, type Snapshot, unknownSnapshot } from '../../src/presence/snapshot.js';
import { type Kamailio, kamailioMissing, startKamailio } from '../support/kamailio.js';
import { sip } from '../support/people.js';
import { silentLog } from '../support/silent-log.js';

const missing = kamailioMissing();
if (missing !== undefined) process.stdout.write(`skipped: plain SIP presence with Kamailio (${missing})\n`);

const PEOPLE = castOf(200).map(({ uri }) => uri);
const BRIDGE = sip('bridge@contoso.example');
const OTHER = sip('other@contoso.example');
const PASSWORD = 'Winter-2009!';

type Published = readonly [basic: 'open' | 'closed', person: string, seen: Status];

/** What people publish (RFC 3863, RFC 4480), and what must be seen of it. */
const PUBLISHED: readonly [Published, ...Published[]] = [
  ['open', '', 'available'],
  ['open', '<r:user-input>idle</r:user-input>', 'available-idle'],
  ['open', '<r:activities><r:busy/></r:activities>', 'busy'],
  ['open', '<r:activities><r:busy/></r:activities><r:user-input>idle</r:user-input>', 'busy-idle'],
  ['open', '<r:activities><r:presentation/></r:activities>', 'do-not-disturb'],
  ['open', '<r:activities><r:away/></r:activities>', 'away'],
  ['closed', '', 'offline'],
];

function pidf(uri: SipUri, basic: 'open' | 'closed', person: string): string {
  const names =
    'xmlns="urn:ietf:params:xml:ns:pidf" xmlns:d="urn:ietf:params:xml:ns:pidf:data-model" xmlns:r="urn:ietf:params:xml:ns:pidf:rpid"';
  const tuple = `<tuple id="t1"><status><basic>${basic}</basic></status><contact>${uri}</contact></tuple>`;
  const about = person === '' ? '' : `<d:person id="p1">${person}</d:person>`;
  return `<?xml version="1.0" encoding="UTF-8"?><presence ${names} entity="${uri}">${tuple}${about}</presence>`;
}

/** Publishes for everybody (RFC 3903) over one connection, without any code of the product. */
class Publisher {
  readonly #socket: Socket;
  readonly #waiting = new Map<string, (answer: string) => void>();
  readonly #tags = new Map<SipUri, string>();
  #received = '';
  #calls = 0;

  static async open(port: number): Promise<Publisher> {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    return new Publisher(socket);
  }

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (text: string) => this.#receive(text));
  }

  /** Replaces what the person published before; resolves when the server has taken it. */
  async publish(uri: SipUri, body: string): Promise<void> {
    const callId = `publish-${this.#socket.localPort}-${++this.#calls}`;
    const before = this.#tags.get(uri);
    const answer = new Promise<string>((resolve) => this.#waiting.set(callId, resolve));
    this.#socket.write(
      [
        `PUBLISH ${uri} SIP/2.0`,
        `Via: SIP/2.0/TCP 127.0.0.1:${this.#socket.localPort};branch=z9hG4bK${callId}`,
        `From: <${uri}>;tag=${callId}`,
        `To: <${uri}>`,
        `Call-ID: ${callId}`,
        'CSeq: 1 PUBLISH',
        'Max-Forwards: 70',
        'Event: presence',
        'Expires: 3600',
        ...(before === undefined ? [] : [`SIP-If-Match: ${before}`]),
        'Content-Type: application/pidf+xml',
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    );
    const text = await answer;
    const tag = /^SIP-ETag: (.+)$/im.exec(text)?.[1]?.trim();
    if (!text.startsWith('SIP/2.0 200') || tag === undefined) throw new Error(text);
    this.#tags.set(uri, tag);
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(text: string): void {
    this.#received += text;
    for (let end = this.#received.indexOf('\r\n\r\n'); end >= 0; end = this.#received.indexOf('\r\n\r\n')) {
      const head = this.#received.slice(0, end);
      this.#received = this.#received.slice(end + 4);
      const callId = /^Call-ID: (.+)$/im.exec(head)?.[1]?.trim() ?? '';
      this.#waiting.get(callId)?.(head);
      this.#waiting.delete(callId);
    }
  }
}

/** Somebody who watches, and what is known by it. */
class Watcher {
  readonly source: OcsSource;
  readonly snapshots = new Map<SipUri, Snapshot>();
  state = '';

  constructor(port: number, account: SipUri, password = '') {
    this.source = createOcsSource(
      {
        ...{ account, user: account.slice('sip:'.length, account.indexOf('@')), domain: '', password, notes: true },
        server: { host: '127.0.0.1', port, transport: 'tcp' },
        ...{ dialect: 'sip', allowDigestWithoutTls: true, requestsPerSecond: 200 },
      },
      { clock: systemClock, random: systemRandom, log: silentLog },
    );
  }

  watch(people: readonly SipUri[]): void {
    this.source.watch(people);
    this.source.start({
      onLink: ({ state }) => {
        this.state = state;
      },
      onLost: (uris) => {
        for (const uri of uris) this.snapshots.delete(uri);
      },
      onObservations: (observations, authoritative) => {
        for (const observation of observations) {
          const before = this.snapshots.get(observation.uri) ?? unknownSnapshot(observation.uri);
          this.snapshots.set(
            observation.uri,
            merge(before, observation, { now: Date.now(), notes: true, authoritative }),
          );
        }
      },
    });
  }

  statuses(people: readonly SipUri[]): readonly (Status | undefined)[] {
    return people.map((uri) => this.snapshots.get(uri)?.status);
  }
}

async function signedIn(watcher: Watcher, people: readonly SipUri[]): Promise<Watcher> {
  watcher.watch(people);
  await expect.poll(() => watcher.state, { timeout: 10_000 }).toBe('connected');
  return watcher;
}

describe.skipIf(missing !== undefined)('plain SIP presence with Kamailio', () => {
  let kamailio: Kamailio;
  const watchers: Watcher[] = [];
  const watcher = (account: SipUri, password?: string): Watcher => {
    const made = new Watcher(kamailio.port, account, password);
    watchers.push(made);
    return made;
  };

  beforeAll(async () => {
    kamailio = await startKamailio({ digest: { realm: 'contoso.example', user: 'bridge', password: PASSWORD } });
  });
  afterEach(async () => {
    await Promise.all(watchers.splice(0).map(({ source }) => source.stop()));
  });
  afterAll(() => kamailio.stop());

  test('each status of 200 people arrives', async () => {
    const publisher = await Publisher.open(kamailio.port);
    const bridge = await signedIn(watcher(BRIDGE, PASSWORD), PEOPLE);
    const wanted = PEOPLE.map((_, index) => index % PUBLISHED.length);
    const publishFor = async (index: number): Promise<void> => {
      const [basic, person] = PUBLISHED[wanted[index] ?? 0] ?? PUBLISHED[0];
      await publisher.publish(PEOPLE[index] ?? BRIDGE, pidf(PEOPLE[index] ?? BRIDGE, basic, person));
    };
    const allArrived = () =>
      expect
        .poll(() => bridge.statuses(PEOPLE), { timeout: 20_000 })
        .toEqual(wanted.map((turn) => PUBLISHED[turn]?.[2]));
    await Promise.all(PEOPLE.map((_, index) => publishFor(index)));
    await allArrived();
    // Then each tenth person goes through all of them.
    for (const _ of PUBLISHED) {
      for (let index = 0; index < PEOPLE.length; index += 10) {
        wanted[index] = ((wanted[index] ?? 0) + 1) % PUBLISHED.length;
        await publishFor(index);
      }
      await allArrived();
    }
    publisher.close();
  });

  test('a wrong password is told as such', async () => {
    const bridge = watcher(BRIDGE, 'guess');
    bridge.watch(PEOPLE.slice(0, 1));
    await expect.poll(() => bridge.state, { timeout: 20_000 }).toBe('bad-credentials');
  });

  test('an account that nobody asks for a password watches as well', async () => {
    const publisher = await Publisher.open(kamailio.port);
    const [person = OTHER] = PEOPLE;
    await publisher.publish(person, pidf(person, 'open', ''));
    const other = await signedIn(watcher(OTHER), [person]);
    await expect.poll(() => other.snapshots.get(person)?.status, { timeout: 10_000 }).toBe('available');
    publisher.close();
  });

  test('the own status is published, seen by somebody else, changed, cleared, and gone after the sign-off', async () => {
    const bridge = await signedIn(watcher(BRIDGE, PASSWORD), []);
    const other = await signedIn(watcher(OTHER), [BRIDGE]);
    const seen = (): unknown => {
      const { status, activity, note } = other.snapshots.get(BRIDGE) ?? {};
      return [status, activity, note];
    };
    const { own } = bridge.source;
    await own.publish({ status: 'busy', activity: 'in-a-meeting', note: 'In a wörkshop' });
    await expect.poll(seen, { timeout: 10_000 }).toEqual(['busy', 'in-a-meeting', 'In a wörkshop']);
    await own.publish({ status: 'away' });
    await expect.poll(seen, { timeout: 10_000 }).toEqual(['away', 'away', '']);
    await own.clear();
    await expect.poll(seen, { timeout: 10_000 }).not.toEqual(['away', 'away', '']);
    await own.publish({ status: 'busy' });
    await expect.poll(() => other.snapshots.get(BRIDGE)?.status, { timeout: 10_000 }).toBe('busy');
    await bridge.source.stop();
    await expect.poll(() => other.snapshots.get(BRIDGE)?.status, { timeout: 10_000 }).not.toBe('busy');
  });

  test('texts go both ways outside of a dialog, and one to nobody fails with the reason', async () => {
    const [bridge, other] = [await signedIn(watcher(BRIDGE, PASSWORD), []), await signedIn(watcher(OTHER), [])];
    const texts: string[] = [];
    other.source.messages.onMessage(({ from, text }) => texts.push(`${from}: ${text}`));
    await bridge.source.messages.send(OTHER, 'grüße\n<one> & two ☺');
    expect(texts).toEqual([`${BRIDGE}: grüße\n<one> & two ☺`]);
    await expect(other.source.messages.send(BRIDGE, 'nobody listens')).rejects.toMatchObject({
      code: 'OCS_MESSAGE',
      details: { status: 480 },
    });
    await expect(bridge.source.messages.send(sip('nobody@contoso.example'), 'x')).rejects.toMatchObject({
      code: 'OCS_MESSAGE',
      details: { status: 404 },
    });
  });
});
