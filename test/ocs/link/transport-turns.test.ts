import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OcsTransport, type TransportSink } from '../../../src/ocs/link/ocs-transport.js';
import type { SipMessage } from '../../../src/ocs/wire/message.js';
import { silentLog } from '../../support/silent-log.js';
import { SimulatedClock } from '../../support/simulated-clock.js';
import { sipRequest } from '../../support/sip-bytes.js';

/** A clock on which every look takes a millisecond: the time of a turn is over after a few messages. */
class HurriedClock extends SimulatedClock {
  #looks = 0;

  override monotonic(): number {
    this.#looks += 1;
    return super.monotonic() + this.#looks;
  }
}

const numbered = (number: number, body = ''): Buffer =>
  sipRequest('BENOTIFY', ['Content-Type: text/plain'], { replaced: { cseq: `CSeq: ${number} BENOTIFY` }, body });

class Wire implements TransportSink {
  readonly clock = new HurriedClock();
  readonly said: string[] = [];
  readonly transport: OcsTransport;
  #wake: () => void = () => {};

  constructor(port: number) {
    const ports = { clock: this.clock, log: silentLog, count: () => {} };
    this.transport = new OcsTransport({ host: '127.0.0.1', port, transport: 'tcp' }, this, ports);
  }

  prepare(message: SipMessage): Iterator<unknown, void, undefined> | undefined {
    const slices = Number(message.body.toString());
    return slices === 0 ? undefined : this.#slices(slices);
  }

  *#slices(count: number): Generator<undefined, void, undefined> {
    for (let slice = 0; slice < count; slice++) {
      this.#say('slice');
      yield;
    }
  }

  onRequest(message: SipMessage): void {
    this.#say(String(message.cseq?.number));
  }

  onResponse(): void {}

  onClose(): void {
    this.#say('closed');
  }

  /** Lets turns pass until enough was said. */
  async until(count: number): Promise<void> {
    while (this.said.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setImmediate(resolve);
      });
      await this.clock.advance(0);
    }
  }

  async firstWord(): Promise<void> {
    while (this.said.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #say(word: string): void {
    this.said.push(word);
    this.#wake();
  }
}

let server: Server;
let accepted: Promise<Socket>;
let wire: Wire;

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  accepted = once(server, 'connection').then(([socket]) => socket as Socket);
  wire = new Wire((server.address() as AddressInfo).port);
  const connection = await wire.transport.connect();
  expect(connection.peer).toBeUndefined();
  wire.transport.establish();
});

afterEach(() => {
  wire.transport.close();
  server.close();
});

describe('a transport that gets much at once', () => {
  test('hands over only some of it in one turn, and the rest in order', async () => {
    const socket = await accepted;
    socket.end(Buffer.concat(Array.from({ length: 30 }, (_, number) => numbered(number))));
    await wire.firstWord();
    expect(wire.said.length).toBeLessThan(30);
    await wire.until(31);
    expect(wire.said).toEqual([...Array.from({ length: 30 }, (_, number) => String(number)), 'closed']);
  });

  test('lets no message overtake one that needs long preparation', async () => {
    const socket = await accepted;
    socket.write(Buffer.concat([numbered(1), numbered(2, '9'), numbered(3)]));
    await wire.until(12);
    expect(wire.said.filter((word) => word !== 'slice')).toEqual(['1', '2', '3']);
  });

  test('reports its end although messages were waiting when it closed', async () => {
    const socket = await accepted;
    socket.end(Buffer.concat(Array.from({ length: 30 }, (_, number) => numbered(number))));
    await wire.firstWord();
    wire.transport.close();
    const said = wire.said.length;
    await wire.until(said + 1);
    expect(wire.said.at(-1)).toBe('closed');
    expect(wire.said).toHaveLength(said + 1);
  });

  test('closes at a framing error only after all that came before it', async () => {
    const socket = await accepted;
    const messages = Array.from({ length: 9 }, (_, number) => numbered(number));
    socket.write(Buffer.concat([...messages, Buffer.from('OPTIONS sip:a SIP/2.0\r\n\r\n')]));
    await wire.until(10);
    expect(wire.said).toEqual([...Array.from({ length: 9 }, (_, number) => String(number)), 'closed']);
  });
});
