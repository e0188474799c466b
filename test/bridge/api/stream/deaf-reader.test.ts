import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BEARER, type TestServer, testServer } from '../../../support/http-server.js';
import { person } from '../../../support/people.js';
import { PeopleState } from '../../../support/people-state.js';
import { StreamReader } from '../../../support/stream-reader.js';
import { FakeWatchedPeople } from '../../../support/watched-people.js';

/** More than the buffers of the operating system take for a socket that nobody reads. */
const PEOPLE = 5_000;
const people = Array.from({ length: PEOPLE }, (_, number) => ({
  ...person(`sip:person.number.${number}@contoso.example`, `Person Number ${number}/Sales/Contoso`),
  status: 'busy' as const,
  observedAt: 1,
  note: 'x'.repeat(300),
}));
const FIRST = 'sip:person.number.0@contoso.example';
const everybody = (status: 'busy' | 'away') => people.map(({ uri }) => ({ uri, status }));
const LIMIT = 64 * 1024;

let server: TestServer;
let watched: FakeWatchedPeople;
const sockets: Socket[] = [];

/** Opens a stream of everybody on a socket that is never read once the stream is open. */
async function deaf(wire: 'WebSocket' | 'server-sent events'): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1');
  sockets.push(socket);
  const upgrade = [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  ];
  const lines = [
    `GET ${wire === 'WebSocket' ? '/stream' : '/api/v1/stream?list=everybody'} HTTP/1.1`,
    `Host: 127.0.0.1:${server.port}`,
    `Authorization: ${BEARER.authorization}`,
    ...(wire === 'WebSocket' ? upgrade : []),
  ];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  await new Promise((resolve) => socket.once('readable', resolve));
  const message = Buffer.from('{"type":"subscribe","lists":["everybody"]}');
  if (wire === 'WebSocket')
    socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | message.length, 0, 0, 0, 0]), message]));
  return socket;
}

beforeEach(async () => {
  watched = new FakeWatchedPeople(people);
  const limits = { stream: { buffered: LIMIT, part: LIMIT / 4, changes: LIMIT, behind: 5_000, close: 50 } };
  server = await testServer({ watched, limits });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
});

describe.each(['WebSocket', 'server-sent events'] as const)('a reader of %s that does not read', (wire) => {
  test('is sent no more than its limit and a part, and closed, while others go on', async () => {
    await deaf(wire);
    const state = new PeopleState();
    const reader = await StreamReader.open(`${server.url}/stream`, { headers: BEARER });
    reader.subscribe({ people: [FIRST] });
    await reader.next('snapshot');
    for (let turn = 0; turn < 14; turn++) {
      watched.change(...everybody(turn % 2 ? 'busy' : 'away'));
      await server.clock.advance(1_000);
      await reader.next('changes');
    }
    const fields = server.log.entries.find(({ event }) => event === 'stream.dropped')?.fields;
    expect(fields).toMatchObject({ reason: 'slow' });
    expect(fields?.['buffered']).toBeLessThan(3 * LIMIT);
    for (const message of reader.messages) state.take(message);
    expect(state.statuses()).toEqual({ [FIRST]: 'busy' });
    expect(reader.closeCode).toBeUndefined();
    reader.socket.terminate();
  }, 20_000);
});
