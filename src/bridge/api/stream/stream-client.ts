import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Grant } from '../grant.js';

/** Close codes of RFC 6455 §7.4 and its registry. */
export const CLOSE = { goingAway: 1001, policy: 1008, tryAgainLater: 1013 } as const;
export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];

export interface StreamClientEvents {
  onText(text: string): void;
  onClose(): void;
}

export interface StreamClientOptions {
  readonly socket: WebSocket;
  /** The socket below it. */
  readonly connection: Duplex;
  readonly grant: Grant;
  /** Monotonic time. */
  readonly now: number;
}

/** One open stream: what it watches, how far it is behind, whether it still answers. Decides nothing. */
export class StreamClient {
  /** The view it watches. */
  view: string | undefined;
  /** Since when it misses messages (monotonic) and whether rows were among them; `undefined` while it gets all. */
  behind: { readonly since: number; readonly rows: boolean } | undefined;
  /** When it was last pinged (monotonic). */
  pingedAt: number;
  answeredPing = true;
  /** Messages and pings it sent since it was last pinged itself. */
  received = 0;
  readonly grant: Grant;
  readonly #socket: WebSocket;
  readonly #connection: Duplex;

  constructor({ socket, connection, grant, now }: StreamClientOptions, events: StreamClientEvents) {
    this.grant = grant;
    this.#socket = socket;
    this.#connection = connection;
    this.pingedAt = now;
    socket.on('message', (data, isBinary) => {
      this.received += 1;
      events.onText(isBinary ? '' : String(data));
    });
    socket.on('ping', () => {
      this.received += 1;
    });
    socket.on('pong', () => {
      this.answeredPing = true;
    });
    socket.on('close', () => events.onClose());
    // A frame against the protocol; ws closes the connection itself.
    socket.on('error', () => undefined);
  }

  /** Octets handed over that the operating system has not taken yet. */
  get buffered(): number {
    return this.#socket.bufferedAmount;
  }

  /** Sends all messages with one write. They are shared between clients, therefore already octets. */
  send(messages: readonly Buffer[]): void {
    if (messages.length === 0) return;
    this.#connection.cork();
    for (const message of messages) this.#socket.send(message, { binary: false });
    this.#connection.uncork();
  }

  ping(now: number): void {
    this.pingedAt = now;
    this.answeredPing = false;
    this.received = 0;
    this.#socket.ping();
  }

  close(code: CloseCode, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** Without a closing handshake, which somebody who does not answer cannot take part in. */
  terminate(): void {
    this.#socket.terminate();
  }
}
