import type { Clock } from '../../bridge/ports.js';
import { BridgeError } from '../../presence/errors.js';

export interface CallGateLimits {
  /** How long a call may take, and how long it may wait for its turn, milliseconds. */
  readonly timeoutMs: number;
  /** How long after its time-out an unanswered call still keeps others from starting, milliseconds. */
  readonly lingerMs: number;
}

/**
 * Lets one call through at a time and limits how long each may take: domino-db has no time-out of its own, and a host
 * that swallows packets lets its promise hang. A call that timed out may still take effect; therefore the next one
 * starts only when the late answer is there, or after `lingerMs`, so that an old write rarely overtakes a newer one.
 */
export class CallGate {
  readonly #clock: Clock;
  readonly #limits: CallGateLimits;
  #free: Promise<void> = Promise.resolve();
  #abandoned = 0;

  constructor(clock: Clock, limits: CallGateLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Calls that were given up without ever being answered. While it grows the connection is of no use. */
  get abandoned(): number {
    return this.#abandoned;
  }

  /** Throws what `call` throws, or `NOTES_TIMEOUT`; its detail `sent` tells whether the call had begun. */
  async run<T>(operation: string, call: () => Promise<T>): Promise<T> {
    const before = this.#free;
    let release = (): void => {};
    this.#free = new Promise((resolve) => {
      release = resolve;
    });
    const { timeoutMs, lingerMs } = this.#limits;
    if ((await this.#within(timeoutMs, before)) === 'late') {
      void before.then(release);
      throw timeOut(operation, 'An earlier call to Domino is still unanswered; nothing was sent.', false);
    }
    const answer = invoke(call);
    const settled = answer.then(
      () => {},
      () => {},
    );
    if ((await this.#within(timeoutMs, settled)) !== 'late') {
      release();
      return answer;
    }
    void this.#within(lingerMs, settled).then((outcome) => {
      if (outcome === 'late') this.#abandoned++;
      release();
    });
    throw timeOut(operation, `Domino did not answer within ${timeoutMs / 1000} s.`, true);
  }

  #within(milliseconds: number, settled: Promise<void>): Promise<'in-time' | 'late'> {
    return new Promise((resolve) => {
      const cancel = this.#clock.after(milliseconds, () => resolve('late'));
      void settled.then(() => {
        cancel();
        resolve('in-time');
      });
    });
  }
}

/** Turns a synchronous throw into a rejection. */
async function invoke<T>(call: () => Promise<T>): Promise<T> {
  return call();
}

function timeOut(operation: string, message: string, sent: boolean): BridgeError {
  return new BridgeError('NOTES_TIMEOUT', message, { details: { operation, sent } });
}
