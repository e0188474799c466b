import type { Clock } from '../../../bridge/ports.js';
import { BridgeError } from '../../../presence/errors.js';

/**
 * One call at a time. The next one starts only when nothing of the one before is under way any more (`idle`), so that no
 * write overtakes an older one of the same document, not even one that timed out.
 */
export class Turns {
  readonly #clock: Clock;
  readonly #idle: () => Promise<void>;
  #free: Promise<void> = Promise.resolve();

  constructor(clock: Clock, idle: () => Promise<void>) {
    this.#clock = clock;
    this.#idle = idle;
  }

  /** Throws what `call` throws, or `NOTES_TIMEOUT` with `sent: false` when the turn does not come within `waitMs`. */
  async run<T>(operation: string, waitMs: number, call: () => Promise<T>): Promise<T> {
    const before = this.#free;
    let release = (): void => {};
    this.#free = new Promise((resolve) => {
      release = resolve;
    });
    if (await this.#isLate(waitMs, before)) {
      void before.then(release);
      const message = 'An earlier request to Domino is still unanswered; nothing was sent.';
      throw new BridgeError('NOTES_TIMEOUT', message, { details: { operation, sent: false } });
    }
    try {
      return await call();
    } finally {
      void this.#idle().then(release);
    }
  }

  #isLate(milliseconds: number, settled: Promise<void>): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(milliseconds, () => resolve(true));
      void settled.then(() => {
        cancel();
        resolve(false);
      });
    });
  }
}
