import type { Clock, Log, LogFields } from '../ports.js';

export interface SparingLimits {
  /** Lines of one kind within `windowMs`. */
  readonly lines: number;
  readonly windowMs: number;
}

const DEFAULT_SPARING_LIMITS: SparingLimits = { lines: 20, windowMs: 60_000 };

/**
 * Warnings that may come once for each document, again and again: the first of a minute are told, of the others how many
 * there were, with the next that is told.
 */
export class SparingLog {
  readonly #event: string;
  readonly #ports: { readonly clock: Clock; readonly log: Log };
  readonly #limits: SparingLimits;
  #since = Number.NEGATIVE_INFINITY;
  #told = 0;
  #untold = 0;

  constructor(event: string, ports: { readonly clock: Clock; readonly log: Log }, limits = DEFAULT_SPARING_LIMITS) {
    this.#event = event;
    this.#ports = ports;
    this.#limits = limits;
  }

  warn(fields: LogFields): void {
    const { clock, log } = this.#ports;
    const now = clock.monotonic();
    if (now - this.#since >= this.#limits.windowMs) {
      this.#since = now;
      this.#told = 0;
    }
    if (this.#told >= this.#limits.lines) {
      this.#untold++;
      return;
    }
    this.#told++;
    log.warn(this.#event, this.#untold === 0 ? fields : { ...fields, untold: this.#untold });
    this.#untold = 0;
  }
}
