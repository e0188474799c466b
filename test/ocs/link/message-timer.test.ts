import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../../src/bridge/ports.js';
import { systemClock } from '../../../src/bridge/runtime/system.js';
import { MessageTimer, type MessageTimes } from '../../../src/ocs/link/message-timer.js';
import { OcsTransport } from '../../../src/ocs/link/ocs-transport.js';
import { SipFramer } from '../../../src/ocs/wire/frame.js';
import type { BridgeError } from '../../../src/presence/errors.js';
import { silentLog } from '../../support/silent-log.js';
import { SimulatedClock } from '../../support/simulated-clock.js';
import { sipRequest } from '../../support/sip-bytes.js';

const MESSAGE = sipRequest('BENOTIFY', ['Content-Type: text/plain'], { body: 'some text that takes its time' });
const HEAD = MESSAGE.indexOf('\r\n\r\n') + 4;

/** A stream whose messages are timed, in simulated time. */
class Stream {
  readonly clock = new SimulatedClock();
  readonly errors: BridgeError[] = [];
  messages = 0;
  readonly #framer = new SipFramer({
    onMessage: () => {
      this.messages++;
    },
    onKeepAlive: () => {},
    onError: () => {},
  });
  readonly timer = new MessageTimer({
    clock: this.clock,
    onDue: () => this.timer.look(this.#framer),
    onOverdue: (error) => this.errors.push(error),
  });

  take(bytes: Buffer): void {
    this.#framer.push(bytes);
    this.timer.look(this.#framer);
  }

  /** One octet after the other, with as much time between them. */
  async drip(bytes: Buffer, everyMs: number): Promise<void> {
    for (const octet of bytes) {
      if (this.errors.length > 0) return;
      this.take(Buffer.of(octet));
      await this.clock.advance(everyMs);
    }
  }
}

describe('a message that has begun', () => {
  test('must have its head complete ten seconds later, however steadily octets come', async () => {
    const stream = new Stream();
    const start = stream.clock.monotonic();
    await stream.drip(MESSAGE, 1_000);
    expect(stream.errors).toMatchObject([{ code: 'OCS_TIMEOUT', details: { part: 'head', limitMs: 10_000 } }]);
    expect(stream.clock.monotonic() - start).toBe(10_000);
  });

  test('must be complete thirty seconds after its first octet, not after its head', async () => {
    const stream = new Stream();
    stream.take(MESSAGE.subarray(0, 1));
    await stream.clock.advance(9_000);
    stream.take(MESSAGE.subarray(1, HEAD));
    await stream.clock.advance(20_999);
    expect(stream.errors).toEqual([]);
    await stream.clock.advance(1);
    expect(stream.errors).toMatchObject([{ code: 'OCS_TIMEOUT', details: { part: 'body', limitMs: 30_000 } }]);
  });

  test('is taken when it is slow but in time', async () => {
    const stream = new Stream();
    await stream.drip(MESSAGE, Math.floor(9_999 / HEAD));
    expect([stream.messages, stream.errors, stream.clock.pendingTimers]).toEqual([1, [], 0]);
  });

  test('is timed by itself, not by those before it', async () => {
    const stream = new Stream();
    for (let count = 0; count < 20; count++) {
      // Each read brings the end of one message and the beginning of the next.
      stream.take(Buffer.concat([count === 0 ? Buffer.alloc(0) : MESSAGE.subarray(20), MESSAGE.subarray(0, 20)]));
      await stream.clock.advance(9_000);
    }
    expect([stream.messages, stream.errors]).toEqual([19, []]);
    await stream.clock.advance(1_000);
    expect(stream.errors).toHaveLength(1);
  });

  test('does not come about by keep-alives', async () => {
    const stream = new Stream();
    stream.take(Buffer.from('\r\n\r\n\r'));
    expect(stream.clock.pendingTimers).toBe(0);
  });
});

interface Wire {
  readonly socket: Socket;
  readonly transport: OcsTransport;
  /** How the transport says that it ended. */
  readonly ended: Promise<BridgeError | undefined>;
}

/** A transport and the server's end of its connection. */
async function connected(
  clock: Clock,
  times: MessageTimes | undefined,
  act: (wire: Wire) => Promise<void>,
): Promise<void> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection').then(([socket]) => socket as Socket);
  let onClose: (error: BridgeError | undefined) => void = () => {};
  const ended = new Promise<BridgeError | undefined>((resolve) => {
    onClose = resolve;
  });
  const transport = new OcsTransport(
    { host: '127.0.0.1', port: (server.address() as AddressInfo).port, transport: 'tcp' },
    { onRequest() {}, onResponse() {}, onClose: (error) => onClose(error) },
    { clock, log: silentLog, count() {} },
    undefined,
    times,
  );
  await transport.connect();
  const socket = await accepted;
  socket.on('error', () => {});
  try {
    await act({ socket, transport, ended });
  } finally {
    socket.destroy();
    transport.close();
    server.close();
  }
}

test('a connection on which one octet comes in a second is ended when the time for a head is over', async () => {
  await connected(systemClock, { headMs: 1_500, wholeMs: 5_000 }, async ({ socket, ended }) => {
    let sent = 0;
    const drip = (): void => {
      socket.write(MESSAGE.subarray(sent, ++sent));
    };
    drip();
    const timer = setInterval(drip, 1_000);
    const error = await ended;
    clearInterval(timer);
    expect(error).toMatchObject({ code: 'OCS_TIMEOUT', details: { part: 'head' } });
    expect(sent).toBe(2);
  });
});

test('a connection that is closed in the middle of a message leaves no timer behind', async () => {
  const clock = new SimulatedClock();
  await connected(clock, undefined, async ({ socket, transport, ended }) => {
    const before = clock.pendingTimers;
    socket.write(MESSAGE.subarray(0, 5));
    while (clock.pendingTimers <= before) await new Promise((resolve) => setImmediate(resolve));
    transport.close();
    expect(await ended).toBeUndefined();
    expect(clock.pendingTimers).toBe(0);
  });
});
