import type { Socket } from 'node:net';

/**
 * What is written within one turn of the event loop goes to the system in one piece: a call to the system for each of many
 * short answers would cost more than to find out what they answer.
 */
export class GatheredWrites {
  readonly #socket: Pick<Socket, 'write'>;
  readonly #failure: (cause: Error) => Error;
  #parts: Buffer[] = [];
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

  /** Resolves when the system has taken the bytes; rejects when it cannot. */
  add(bytes: Buffer): Promise<void> {
    this.#parts.push(bytes);
    this.#octets += bytes.length;
    this.#sent ??= this.#begin();
    return this.#sent;
  }

  /** Hands over what is held now. */
  flush(): void {
    const [first] = this.#parts;
    if (first === undefined) return;
    const whole = this.#parts.length === 1 ? first : Buffer.concat(this.#parts, this.#octets);
    const settle = this.#settle;
    this.#parts = [];
    this.#octets = 0;
    this.#sent = undefined;
    this.#socket.write(whole, settle);
  }

  #begin(): Promise<void> {
    setImmediate(() => this.flush());
    return new Promise((resolve, reject) => {
      this.#settle = (error) => (error ? reject(this.#failure(error)) : resolve());
    });
  }
}
