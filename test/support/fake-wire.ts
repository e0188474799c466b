import type { Frame } from '../../src/bridge/api/stream/frame.js';
import type { Wire, WireEvents } from '../../src/bridge/api/stream/wire.js';
import type { StreamMessage } from './stream-reader.js';

/** A wire without a network: its reader takes everything at once, or nothing until it is told to. */
export class FakeWire implements Wire {
  readonly answers = true;
  readonly messages: StreamMessage[] = [];
  /** Number of writes. */
  writes = 0;
  isStalled = false;
  closed: string | undefined;
  pings = 0;
  #events: WireEvents | undefined;
  #queue: readonly Frame[] = [];
  readonly #onMessage: (message: StreamMessage) => void;

  constructor(onMessage: (message: StreamMessage) => void = () => undefined) {
    this.#onMessage = onMessage;
  }

  get buffered(): number {
    return this.#queue.reduce((octets, { webSocket }) => octets + webSocket.length, 0);
  }

  listen(events: WireEvents): void {
    this.#events = events;
  }

  send(frames: readonly Frame[]): void {
    this.writes++;
    this.#queue = [...this.#queue, ...frames];
    if (!this.isStalled) this.#deliver();
  }

  ping(): void {
    this.pings++;
    if (!this.isStalled) this.#events?.onAnswer();
  }

  close(_code: number, reason: string): void {
    this.#end(reason);
  }

  terminate(): void {
    this.#end('terminated');
  }

  /** What its reader sends. */
  says(message: unknown): void {
    this.#events?.onText(JSON.stringify(message));
  }

  /** The reader takes what waits for it; whether it goes on reading is another matter. */
  take(): void {
    this.#deliver();
    this.#events?.onDrain();
  }

  /** The network takes the connection away, with all that was on its way. */
  cut(): void {
    this.#queue = [];
    this.#end('cut');
  }

  #deliver(): void {
    const queue = this.#queue;
    this.#queue = [];
    for (const { eventStream } of queue) {
      const message = JSON.parse(/^data: (.*)$/m.exec(eventStream.toString())?.[1] ?? '') as StreamMessage;
      this.messages.push(message);
      this.#onMessage(message);
    }
  }

  #end(reason: string): void {
    if (this.closed !== undefined) return;
    this.closed = reason;
    this.#events?.onClose();
  }
}
