import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LinkReport, PresenceSource } from '../../src/bridge/ports.js';
import { systemClock, systemRandom } from '../../src/bridge/runtime/system.js';
import { createOcsSource } from '../../src/ocs/source.js';
import type { Status } from '../../src/presence/availability.js';
import type { SipUri } from '../../src/presence/ids.js';
import { merge, type Snapshot, unknownSnapshot } from '../../src/presence/snapshot.js';
import { type Kamailio, kamailioMissing, startKamailio } from '../support/kamailio.js';
import { sip } from '../support/people.js';
import { silentLog } from '../support/silent-log.js';

const PEOPLE = 200;
const missing = kamailioMissing();
if (missing !== undefined) process.stdout.write(`skipped: plain SIP presence (${missing})\n`);

/** A user agent of its own, by hand: publishes presence (RFC 3903) and counts the answers. */
class Publisher {
  readonly #socket: Socket;
  #text = '';
  #sequence = 0;
  readonly #etags = new Map<string, string>();

  constructor(port: number) {
    this.#socket = connect({ host: '127.0.0.1', port });
    this.#socket.on('data', (chunk: Buffer) => {
      this.#text += chunk.toString();
    });
  }

  async publish(uri: SipUri, basic: 'open' | 'closed', rpid = ''): Promise<void> {
    const id = `${process.pid}-${++this.#sequence}`;
    const body = `<?xml version="1.0"?><presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model" xmlns:rp="urn:ietf:params:xml:ns:pidf:rpid" entity="${uri}"><tuple id="t"><status><basic>${basic}</basic></status></tuple><dm:person id="p">${rpid}</dm:person></presence>`;
    const { port } = this.#socket.address() as { port: number };
    const etag = this.#etags.get(uri);
    this.#text = '';
    this.#socket.write(
      [
        `PUBLISH ${uri} SIP/2.0`,
        `Via: SIP/2.0/TCP 127.0.0.1:${port};branch=z9hG4bK${id};alias`,
        'Max-Forwards: 70',
        `From: <${uri}>;tag=${id}`,
        `To: <${uri}>`,
        `Call-ID: ${id}`,
        'CSeq: 1 PUBLISH',
        'Event: presence',
        'Expires: 600',
        ...(etag === undefined ? [] : [`SIP-If-Match: ${etag}`]),
        'Content-Type: application/pidf+xml',
        `Content-Length: ${Buffer.byteLength(body)}`,
        '',
        body,
      ].join('\r\n'),
    );
    while (!this.#text.includes('\r\n\r\n')) await once(this.#socket, 'data');
    expect(this.#text).toMatch(/^SIP\/2\.0 200/);
    this.#etags.set(uri, /^SIP-ETag: (.*)$/im.exec(this.#text)?.[1]?.trim() ?? '');
  }

  close(): void {
    this.#socket.destroy();
  }
}

describe.skipIf(missing !== undefined)('a server of RFC 3856 (Kamailio)', () => {
  const people = Array.from({ length: PEOPLE }, (_, index) => sip(`user${index}@contoso.example`));
  const snapshots = new Map<SipUri, Snapshot>();
  const links: LinkReport[] = [];
  const lost: string[] = [];
  let server: Kamailio;
  let source: PresenceSource;
  let publisher: Publisher;
  let wake: () => void = () => {};

  beforeAll(async () => {
    server = await startKamailio();
    publisher = new Publisher(server.port);
    source = createOcsSource(
      {
        account: sip('bridge@contoso.example'),
        user: 'bridge',
        domain: '',
        password: '',
        server: { host: '127.0.0.1', port: server.port, transport: 'tcp' },
        dialect: 'sip',
        requestsPerSecond: 100,
        notes: true,
      },
      { clock: systemClock, random: systemRandom, log: silentLog },
    );
    source.watch(people);
    source.start({
      onLink: (report) => {
        links.push(report);
        wake();
      },
      onObservations: (observations, authoritative) => {
        for (const observation of observations) {
          const before = snapshots.get(observation.uri) ?? unknownSnapshot(observation.uri);
          const options = { now: Date.now(), notes: true, authoritative };
          snapshots.set(observation.uri, merge(before, observation, options));
        }
        wake();
      },
      onLost: (uris, reason) => lost.push(`${uris.length} ${reason}`),
    });
  });

  afterAll(async () => {
    publisher?.close();
    await source?.stop();
    await server?.stop();
  });

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }

  const statusOf = (uri: SipUri | undefined): Status | undefined => uri && snapshots.get(uri)?.status;

  test('signs the bridge in without anything of Microsoft', async () => {
    await until(() => links.at(-1)?.state === 'connected');
  });

  test('tells what each of 200 people publishes', async () => {
    for (const person of people) await publisher.publish(person, 'open');
    await until(() => people.every((person) => statusOf(person) === 'available'));
    expect(lost).toEqual([]);
  });

  const statuses: readonly (readonly [Status, 'open' | 'closed', string])[] = [
    ['offline', 'closed', ''],
    ['busy', 'open', '<rp:activities><rp:busy/></rp:activities>'],
    ['away', 'open', '<rp:activities><rp:away/></rp:activities>'],
    ['available', 'open', ''],
  ];
  for (const [status, basic, rpid] of statuses) {
    test(`tells that somebody is ${status}`, async () => {
      const [person] = people;
      if (person === undefined) return;
      await publisher.publish(person, basic, rpid);
      await until(() => statusOf(person) === status);
    });
  }
});
