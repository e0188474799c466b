import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock, systemRandom } from '../../../src/bridge/runtime/system.js';
import { OcsClient } from '../../../src/ocs/agent/client.js';
import { memoryAttempts } from '../../../src/ocs/auth/attempts.js';
import type { BridgeError } from '../../../src/presence/errors.js';
import { sip } from '../../support/people.js';
import { silentLog } from '../../support/silent-log.js';

const LIVENESS = { idleMs: 60, patienceMs: 40, misses: 2 };

let server: Server;
let client: OcsClient;
let socket: Socket | undefined;
/** A server that is stopped in mid-life: its sockets stay open, and nobody reads or writes. */
let stopped: boolean;
let asked: string[];

beforeEach(async () => {
  stopped = false;
  socket = undefined;
  asked = [];
  server = createServer((accepted) => {
    socket = accepted;
    accepted.on('error', () => {});
    accepted.on('data', (chunk: Buffer) => {
      if (!stopped) answer(accepted, chunk.toString());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  socket?.destroy();
  await client.stop();
  server.close();
});

function answer(accepted: Socket, text: string): void {
  for (const request of text.split(/(?=^(?:REGISTER|SUBSCRIBE|OPTIONS) sip:)/m)) {
    const method = /^(\w+) sip:/.exec(request)?.[1];
    if (method === undefined) continue;
    asked.push(method);
    const copied = request.split('\r\n').filter((line) => /^(via|from|to|call-id|cseq):/i.test(line));
    const status = method === 'OPTIONS' ? '405 Method Not Allowed' : '200 OK';
    accepted.write([`SIP/2.0 ${status}`, ...copied, 'Expires: 7200', 'Content-Length: 0', '', ''].join('\r\n'));
  }
}

/** Resolves with the reason of the end. */
function run(onSignedIn: () => void): Promise<BridgeError> {
  return new Promise((resolve) => {
    client = new OcsClient(
      {
        account: sip('bridge@contoso.example'),
        identity: { user: '', domain: '', password: '', workstation: '' },
        server: { host: '127.0.0.1', port: (server.address() as AddressInfo).port, transport: 'tcp' },
        userAgent: 'test',
        epid: '5f0c9a1b2d',
        batchSize: 100,
        maxInFlight: 8,
        categories: ['state'],
        allowNtlmWithoutTls: true,
        liveness: LIVENESS,
      },
      { onConnected: () => {}, onSignedIn, onObservations: () => {}, onLost: () => {}, onEnd: resolve },
      { clock: systemClock, random: systemRandom, log: silentLog, attempts: memoryAttempts(), count: () => {} },
    );
    client.watch(new Set());
    client.start();
  });
}

test('a server that simply stops is noticed on a real connection, which stays open', async () => {
  let silentSince = 0;
  const error = await run(() => {
    stopped = true;
    silentSince = performance.now();
  });
  const took = performance.now() - silentSince;
  expect(error.code).toBe('OCS_TIMEOUT');
  expect(socket?.destroyed).toBe(false);
  expect(took).toBeGreaterThan(LIVENESS.idleMs);
  expect(took).toBeLessThan(2_000);
});

test('a server that answers its questions is left alone until it stops', async () => {
  const error = run(() => {});
  while (asked.filter((method) => method === 'OPTIONS').length < 3) {
    if (socket === undefined) await once(server, 'connection');
    else await once(socket, 'data');
  }
  stopped = true;
  expect((await error).code).toBe('OCS_TIMEOUT');
  expect(asked).toEqual(['REGISTER', 'OPTIONS', 'OPTIONS', 'OPTIONS']);
});
