import type { Grant } from '../access/grant.js';
import type { Frame } from './frame.js';
import type { PeopleReader } from './people-reader.js';
import type { CloseCode, Wire } from './wire.js';

export interface StreamClientEvents {
  onText(text: string): void;
  onDrain(): void;
  onClose(): void;
}

export interface StreamClientOptions {
  readonly wire: Wire;
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
  /** The people it follows, and how far it knows them. */
  people: PeopleReader | undefined;
  /** When it was last pinged (monotonic). */
  pingedAt: number;
  answeredPing = true;
  /** Messages and pings it sent since it was last pinged itself. */
  received = 0;
  readonly grant: Grant;
  readonly #wire: Wire;

  constructor({ wire, grant, now }: StreamClientOptions, events: StreamClientEvents) {
    this.grant = grant;
    this.#wire = wire;
    this.pingedAt = now;
    wire.listen({
      onText: (text) => {
        this.received += 1;
        events.onText(text);
      },
      onSign: () => {
        this.received += 1;
      },
      onAnswer: () => {
        this.answeredPing = true;
      },
      onDrain: () => events.onDrain(),
      onClose: () => events.onClose(),
    });
  }

  /** Octets handed over that the operating system has not taken yet. */
  get buffered(): number {
    return this.#wire.buffered;
  }

  /** Sends all messages with one write. */
  send(frames: readonly Frame[]): void {
    if (frames.length > 0) this.#wire.send(frames);
  }

  ping(now: number): void {
    this.pingedAt = now;
    this.answeredPing = !this.#wire.answers;
    this.received = 0;
    this.#wire.ping();
  }

  close(code: CloseCode, reason: string): void {
    this.#wire.close(code, reason);
  }

  /** Without a closing handshake, which somebody who does not answer cannot take part in. */
  terminate(): void {
    this.#wire.terminate();
  }
}
