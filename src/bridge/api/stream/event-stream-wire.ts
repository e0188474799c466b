import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Frame } from './frame.js';
import type { Wire, WireEvents } from './wire.js';
import { writeTogether } from './write-together.js';

/** How long a reader waits before it comes back, milliseconds. */
const RETRY_MS = 3_000;

/** Silence after which the operating system asks whether the other side is still there. */
const KEEP_ALIVE_MS = 30_000;

/**
 * A stream of server-sent events. Its answer ends with the connection (RFC 9112 §6.3), so that after the head the same
 * octets go to all streams, straight to the socket.
 */
export class EventStreamWire implements Wire {
  readonly answers = false;
  readonly #answer: ServerResponse;
  readonly #socket: Socket;

  /** Sends the head. */
  constructor(answer: ServerResponse, socket: Socket, headers: OutgoingHttpHeaders) {
    this.#answer = answer;
    this.#socket = socket;
    answer.useChunkedEncodingByDefault = false;
    answer.shouldKeepAlive = false;
    // Somebody who only listens is silent.
    socket.setTimeout(0);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.setNoDelay(true);
    answer.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    answer.flushHeaders();
    socket.write(`retry: ${RETRY_MS}\n\n`);
  }

  get buffered(): number {
    return this.#socket.writableLength;
  }

  listen(events: WireEvents): void {
    this.#socket.on('drain', () => events.onDrain());
    this.#answer.on('close', () => events.onClose());
  }

  send(frames: readonly Frame[]): void {
    if (!this.#socket.writable) return;
    writeTogether(this.#socket, frames, 'eventStream');
  }

  ping(): void {}

  close(): void {
    // Who does not take what is left within the time of a farewell is cut.
    this.#answer.end();
    if (this.buffered > 0) this.terminate();
  }

  terminate(): void {
    this.#socket.destroy();
  }
}
