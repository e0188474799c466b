import type { Clock } from '../../bridge/ports.js';
import { BridgeError } from '../../presence/errors.js';
import type { SipFramer } from '../wire/frame.js';

/** Milliseconds from the first octet of a message. */
export interface MessageTimes {
  /** Until its head must be complete. */
  readonly headMs: number;
  /** Until all of it must be. */
  readonly wholeMs: number;
}

/** The largest body that is read, 4 MB, comes in time over any line that carries 140 kB in a second. */
export const MESSAGE_TIMES: MessageTimes = { headMs: 10_000, wholeMs: 30_000 };

export interface MessageTimerPorts {
  readonly clock: Pick<Clock, 'after' | 'monotonic'>;
  /** Time is up: look again when all that was received before has been worked on. */
  onDue(): void;
  /** `OCS_TIMEOUT`: end the connection. */
  onOverdue(error: BridgeError): void;
}

/**
 * Sees to it that a message that has begun is complete in time. Nobody else notices a server that sends octet by octet:
 * each octet is a sign of life, while every message behind the slow one waits.
 */
export class MessageTimer {
  readonly #ports: MessageTimerPorts;
  readonly #times: MessageTimes;
  /** The message that is timed, as the framer counts them; 0 for none. */
  #message = 0;
  #begunAt = 0;
  #limit = 0;
  #cancel: (() => void) | undefined;

  constructor(ports: MessageTimerPorts, times: MessageTimes = MESSAGE_TIMES) {
    this.#ports = ports;
    this.#times = times;
  }

  /** To be called whenever the framer took octets, and for each `onDue`. */
  look({ begun, unfinished }: Pick<SipFramer, 'begun' | 'unfinished'>): void {
    if (unfinished === undefined) {
      if (this.#message !== 0) this.stop();
      return;
    }
    const limit = unfinished === 'head' ? this.#times.headMs : this.#times.wholeMs;
    const { clock } = this.#ports;
    if (begun !== this.#message) {
      this.#message = begun;
      this.#begunAt = clock.monotonic();
    } else if (limit === this.#limit && this.#cancel !== undefined) return;
    this.#limit = limit;
    this.#cancel?.();
    const left = this.#begunAt + limit - clock.monotonic();
    if (left > 0) {
      this.#cancel = clock.after(left, () => {
        this.#cancel = undefined;
        this.#ports.onDue();
      });
      return;
    }
    this.stop();
    const what = unfinished === 'head' ? 'the head of a message' : 'a message';
    const text = `The OCS server began ${what} and did not complete it within ${limit / 1000} s.`;
    this.#ports.onOverdue(new BridgeError('OCS_TIMEOUT', text, { details: { part: unfinished, limitMs: limit } }));
  }

  stop(): void {
    this.#message = 0;
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
