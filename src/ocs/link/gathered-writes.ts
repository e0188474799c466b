import type { Socket } from 'node:net';

/** Many answers fit into it; what is longer gets a buffer of its own length. */
const CAPACITY = 32 * 1024;
/** An UTF-16 unit takes no more octets than this in UTF-8. */
const MAX_OCTETS = 3;

/**
 * What is written within one turn of the event loop goes to the system in one piece: a call to the system for each of many
 * short answers would cost more than to find out what they answer.
 */
export class GatheredWrites {
  readonly #socket: Pick<Socket, 'write'>;
  readonly #failure: (cause: Error) => Error;
  #held = Buffer.alloc(0);
  #octets = 0;
  #sent: Promise<void> | undefined;
  #settle: (error?: Error | null) => void = () => {};

  /** @param failure what `add` rejects with, made of what the socket says */
  constructor(socket: Pick<Socket, 'write'>, failure: (cause: Error) => Error) {
    this.#socket = socket;
    this.#failure = failure;
  }

  /** Octets that are still held here. */
  get octets(): number {
    return this.#octets;
  }

  /** Takes a copy, text as UTF-8. Resolves when the system has taken it; rejects when it cannot. */
  add(data: Buffer | string): Promise<void> {
    if (typeof data === 'string') {
      this.#reserve(data.length * MAX_OCTETS);
      this.#octets += this.#held.write(data, this.#octets);
    } else {
      this.#reserve(data.length);
      this.#octets += data.copy(this.#held, this.#octets);
    }
    this.#sent ??= this.#begin();
    return this.#sent;
  }

  /** Hands over what is held now. */
  flush(): void {
    if (this.#sent === undefined) return;
    const whole = this.#held.subarray(0, this.#octets);
    const settle = this.#settle;
    // The system may still read it: what comes next goes behind it, or into another one.
    this.#held = this.#held.subarray(this.#octets);
    this.#octets = 0;
    this.#sent = undefined;
    this.#socket.write(whole, settle);
  }

  #reserve(octets: number): void {
    const needed = this.#octets + octets;
    if (needed <= this.#held.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(CAPACITY, 2 * needed));
    this.#held.copy(larger, 0, 0, this.#octets);
    this.#held = larger;
  }

  #begin(): Promise<void> {
    setImmediate(() => this.flush());
    return new Promise((resolve, reject) => {
      this.#settle = (error) => (error ? reject(this.#failure(error)) : resolve());
    });
  }
}
