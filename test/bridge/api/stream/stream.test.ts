import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BEARER, type TestServer, testServer } from '../../../support/http-server.js';
import { StreamReader } from '../../../support/stream-reader.js';

const ANA = { id: 'a', name: 'Ana', status: 'available' };
const BEN = { id: 'b', name: 'Ben', status: 'away' };
const EVE = { id: 'e', name: 'Eve', status: 'busy' };

let server: TestServer;
const open: StreamReader[] = [];

async function stream(): Promise<StreamReader> {
  const reader = await server.stream();
  open.push(reader);
  return reader;
}

/** A reader that has the first state of a view. */
async function watching(view = 'People'): Promise<StreamReader> {
  const reader = await stream();
  reader.watch(view);
  await reader.next('view');
  return reader;
}

describe('live stream', () => {
  beforeEach(async () => {
    server = await testServer();
    server.feed.put(ANA, BEN, EVE);
  });
  afterEach(async () => {
    for (const reader of open.splice(0)) reader.socket.terminate();
    await server.close();
  });

  test('welcomes with the views and the status of the bridge', async () => {
    const reader = await stream();
    const welcome = await reader.next('welcome');
    expect([welcome.protocol, welcome.views.map(({ id }) => id)]).toEqual([1, ['People', 'ByStatus']]);
    expect(welcome.language).toBe('en');
    expect(welcome.statusImages['away']).toBe('presence-away.gif');
    expect(await reader.next('status')).toMatchObject({
      now: server.clock.now(),
      bridge: 'bridge-1',
      ocs: { state: 'connected' },
      counts: { available: 1, away: 1, unknown: 0 },
    });
  });

  test('tells the language of the views', async () => {
    const german = await testServer({ language: 'de' });
    const reader = await german.stream();
    expect((await reader.next('welcome')).language).toBe('de');
    reader.socket.terminate();
    await german.close();
  });

  test('sends a view with its description and all rows in order', async () => {
    const reader = await stream();
    reader.watch('ByStatus');
    const view = await reader.next('view');
    expect(view.description).toEqual(server.feed.views()[1]);
    expect(view.rows.map((row) => [row.id, row.category])).toEqual([
      ['a', 'available'],
      ['b', 'away'],
      ['e', 'busy'],
    ]);
  });

  test('sends a change at once after a quiet time', async () => {
    const reader = await watching();
    server.feed.put({ ...BEN, status: 'available' });
    await server.clock.advance(0);
    const { view, changed, removed } = await reader.next('rows');
    expect([view, changed.map(({ id, index }) => [id, index]), removed]).toEqual(['People', [['b', 1]], []]);
  });

  test('makes one message of many changes within a tick, each row once', async () => {
    const reader = await watching();
    server.feed.put({ ...ANA, status: 'away' });
    await server.clock.advance(0);
    await reader.next('rows');
    for (let turn = 0; turn < 50; turn++) {
      server.feed.put({ ...ANA, status: `s${turn}` });
      server.feed.put({ ...EVE, name: `Eve ${turn}` });
    }
    await server.clock.advance(99);
    server.feed.remove('b');
    await server.clock.advance(1);
    const { changed, removed } = await reader.next('rows');
    expect(changed.map(({ id, index }) => [id, index])).toEqual([
      ['a', 0],
      ['e', 1],
    ]);
    expect(removed).toEqual(['b']);
    await server.clock.advance(1_000);
    expect(reader.messages.filter(({ type }) => type === 'rows')).toHaveLength(2);
  });

  test('lets a reader follow renames, moves, arrivals and departures exactly', async () => {
    const readers = [await watching('People'), await watching('ByStatus')];
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed % below;
    };
    for (let turn = 0; turn < 60; turn++) {
      for (let change = random(4); change >= 0; change--) {
        const id = `p${random(12)}`;
        if (random(4) === 0) server.feed.remove(id);
        else server.feed.put({ id, name: `N${random(30)}`, status: `s${random(4)}` });
      }
      await server.clock.advance(100);
    }
    server.feed.put({ id: 'last', name: 'Last', status: 'done' });
    await server.clock.advance(100);
    for (const [reader, view] of readers.map((reader, index) => [reader, index ? 'ByStatus' : 'People'] as const)) {
      for (;;) if ((await reader.next('rows')).changed.some(({ id }) => id === 'last')) break;
      const truth = server.feed.rows(view).map(({ cells }) => cells.map((c) => (c.kind === 'text' ? c.text : c.label)));
      expect(reader.shown()).toEqual(truth.map((texts) => texts.join(' ')));
    }
  });

  test('sends each client only the view it watches last', async () => {
    const reader = await watching('People');
    reader.watch('ByStatus');
    await reader.next('view');
    server.feed.put({ ...ANA, status: 'busy' });
    await server.clock.advance(0);
    expect((await reader.next('rows')).view).toBe('ByStatus');
    await server.clock.advance(500);
    expect(reader.messages.filter((message) => message.type === 'rows').length).toBe(1);
  });

  test('sends the status within a second of a change, and every 15 s without one', async () => {
    const reader = await watching();
    await server.clock.advance(1_000);
    const before = reader.messages.length;
    server.status = { ...server.status, ocs: { state: 'transient-disconnect', since: 1 } };
    await server.clock.advance(1_000);
    for (;;) if ((await reader.next('status')).ocs.state === 'transient-disconnect') break;
    await server.clock.advance(14_000);
    expect(reader.messages.length - before).toBeLessThanOrEqual(2);
    await server.clock.advance(1_000);
    expect((await reader.next('status')).now).toBe(server.clock.now());
  });

  test('keeps hostile text as text', async () => {
    const hostile = '<script>alert(1)</script>\n"}]} \u202e \u0000 {{x}} __proto__';
    server.feed.put({ id: 'x', name: hostile, status: '<img>' });
    const reader = await stream();
    reader.watch('People');
    const view = await reader.next('view');
    expect(view.rows.find(({ id }) => id === 'x')?.cells).toEqual([
      { kind: 'icon', image: '<img>.gif', label: '<img>' },
      { kind: 'text', text: hostile },
    ]);
  });

  test('answers what it does not understand and goes on', async () => {
    const reader = await watching();
    const bad = [
      '',
      'null',
      '[]',
      '{"type":"watch"}',
      '{"type":"watch","view":"Nobody"}',
      '{"type":"set","view":"People"}',
    ];
    for (const text of bad) reader.socket.send(text);
    reader.socket.send(Buffer.from([1, 2, 3]), { binary: true });
    for (let count = 0; count <= bad.length; count++) {
      expect(await reader.next('error')).toMatchObject({ code: 'API_BAD_REQUEST', next: expect.any(String) });
    }
    reader.watch('People');
    expect((await reader.next('view')).rows).toHaveLength(3);
  });

  test('closes a client that floods with 1008, and one that sends too much at once with 1009', async () => {
    const [flooding, huge] = [await stream(), await stream()];
    for (let count = 0; count < 61; count++) flooding.watch('People');
    huge.socket.send('x'.repeat(256 * 1024 + 1));
    expect([await flooding.closed(), await huge.closed()]).toEqual([1008, 1009]);
  });

  test('closes a client that sends a message in too many pieces', async () => {
    const reader = await stream();
    for (let piece = 0; piece < 17; piece++) reader.socket.send('x', { fin: false });
    expect(await reader.closed()).toBe(1008);
  });

  test('cuts a client that does not answer a ping by the next one, and keeps one that does', async () => {
    const alive = await stream();
    const dead = await StreamReader.open(`${server.url}/stream`, { headers: BEARER, autoPong: false });
    const pinged = new Promise((resolve) => alive.socket.once('ping', resolve));
    await server.clock.advance(30_000);
    await pinged;
    await server.get('/healthz');
    await server.clock.advance(30_000);
    expect(await dead.closed()).toBe(1006);
    expect(alive.closeCode).toBeUndefined();
    expect(await (await server.get('/metrics')).text()).toContain('stream_dropped_total{reason="silent"} 1');
  });

  test('goes on with the other views and later changes when a view fails', async () => {
    const reader = await watching();
    server.feed.broken = true;
    server.feed.put({ ...ANA, name: 'Anna' });
    await server.clock.advance(100);
    expect(server.log.entries.map(({ event }) => event)).toContain('stream-failed');
    server.feed.broken = false;
    await server.clock.advance(1_000);
    await reader.next('rows');
    expect(reader.shown()).toEqual(['available Anna', 'away Ben', 'busy Eve']);
  });

  test('says goodbye with 1001 when the bridge stops', async () => {
    const reader = await watching();
    await server.close();
    expect(await reader.closed()).toBe(1001);
  });
});

describe('a client that does not read', () => {
  const LIMIT = 256 * 1024;
  let sockets: Socket[] = [];

  beforeEach(async () => {
    server = await testServer({ limits: { stream: { buffered: LIMIT, behind: 5_000, close: 50 } } });
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets = [];
    await server.close();
  });

  /** A WebSocket by hand on a socket that is never read once the stream is open. */
  async function deafClient(): Promise<Socket> {
    const socket = connect(server.port, '127.0.0.1');
    sockets.push(socket);
    const handshake = [
      'GET /stream HTTP/1.1',
      `Host: 127.0.0.1:${server.port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      `Authorization: ${BEARER.authorization}`,
    ];
    socket.write(`${handshake.join('\r\n')}\r\n\r\n`);
    await new Promise((resolve) => socket.once('readable', resolve));
    const message = Buffer.from('{"type":"watch","view":"People"}');
    const unmasked = Buffer.from([0x81, 0x80 | message.length, 0, 0, 0, 0]);
    socket.write(Buffer.concat([unmasked, message]));
    return socket;
  }

  /** Changes a heavy row until the server stops handing it over; gives the octets handed over. */
  async function fill(turns: number): Promise<number> {
    const sent = async (): Promise<number> =>
      Number(/stream_messages_total (\d+)/.exec(await (await server.get('/metrics')).text())?.[1]);
    const before = await sent();
    for (let turn = 0; turn < turns; turn++) {
      server.feed.put({ ...ANA, name: `${turn} ${'x'.repeat(LIMIT)}` });
      await server.clock.advance(100);
      await new Promise(setImmediate);
    }
    return ((await sent()) - before) * LIMIT;
  }

  test('costs no more than its limit and is closed with 1013 while others go on', async () => {
    await deafClient();
    const reader = await watching();
    await fill(40);
    const dropped = server.log.entries.find(({ event }) => event === 'stream.dropped');
    expect(dropped).toBeUndefined();
    await server.clock.advance(6_000);
    const fields = server.log.entries.find(({ event }) => event === 'stream.dropped')?.fields;
    expect(fields).toMatchObject({ reason: 'slow' });
    expect(fields?.['buffered']).toBeLessThan(3 * LIMIT);
    expect(reader.closeCode).toBeUndefined();
    expect(await (await server.get('/metrics')).text()).toContain('stream_clients 1');
  });

  test('gets one fresh view instead of what it missed, once it reads again', async () => {
    const reader = await watching();
    reader.socket.pause();
    await fill(60);
    expect(reader.messages.filter(({ type }) => type === 'rows').length).toBeLessThan(40);
    reader.socket.resume();
    server.feed.put({ ...ANA, name: 'Newest' });
    const caughtUp = async (): Promise<void> => {
      while (!reader.shown().includes('available Newest')) {
        await new Promise(setImmediate);
        await server.clock.advance(10);
      }
    };
    await caughtUp();
    expect(reader.messages.filter(({ type }) => type === 'view').length).toBeGreaterThanOrEqual(2);
    expect(reader.closeCode).toBeUndefined();
  });
});
