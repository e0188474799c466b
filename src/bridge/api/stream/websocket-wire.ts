import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import type { Frame } from './frame.js';
import type { CloseCode, Wire, WireEvents } from './wire.js';
import { writeTogether } from './write-together.js';

/**
 * A stream over WebSocket. The library reads, and writes control frames; messages are framed by us, once for all who get
 * them, and go straight to the socket below. Frames of both stay whole, since the library writes each of its own in one
 * go: nothing is compressed, and no message of ours comes in pieces.
 */
export class WebSocketWire implements Wire {
  readonly answers = true;
  readonly #socket: WebSocket;
  readonly #connection: Duplex;

  /** `connection` is the socket below. */
  constructor(socket: WebSocket, connection: Duplex) {
    this.#socket = socket;
    this.#connection = connection;
  }

  get buffered(): number {
    return this.#connection.writableLength;
  }

  listen(events: WireEvents): void {
    this.#socket.on('message', (data, isBinary) => events.onText(isBinary ? '' : String(data)));
    this.#socket.on('ping', () => events.onSign());
    this.#socket.on('pong', () => events.onAnswer());
    this.#socket.on('close', () => events.onClose());
    // A frame against the protocol; the library closes the connection itself.
    this.#socket.on('error', () => undefined);
    this.#connection.on('drain', () => events.onDrain());
  }

  send(frames: readonly Frame[]): void {
    // After a farewell nothing may follow (RFC 6455 §5.5.1).
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    writeTogether(this.#connection, frames, 'webSocket');
  }

  ping(): void {
    this.#socket.ping();
  }

  close(code: CloseCode, reason: string): void {
    this.#socket.close(code, reason);
  }

  terminate(): void {
    this.#socket.terminate();
  }
}
