import type { Clock } from '../../bridge/ports.js';
import { LIVENESS, type LivenessLimits, livenessTurn, type Questions } from '../link/liveness.js';

export interface LivenessPorts {
  readonly clock: Clock;
  /** When a byte came last, monotonic. */
  lastReceivedAt(): number;
  /** Makes the server answer something; `count` is the number of the question in this silence, from 1. */
  ask(count: number): void;
  onDead(): void;
}

/** Nobody may be shown as available because of a connection that died without a word. */
export class LivenessCheck {
  readonly #ports: LivenessPorts;
  readonly #limits: LivenessLimits;
  #questions: Questions | undefined;
  #cancel: () => void = () => {};

  constructor(ports: LivenessPorts, limits: LivenessLimits = LIVENESS) {
    this.#ports = ports;
    this.#limits = limits;
  }

  start(): void {
    const { clock } = this.#ports;
    const next = livenessTurn(this.#ports.lastReceivedAt(), this.#questions, clock.monotonic(), this.#limits);
    if (next.turn === 'dead') {
      this.#ports.onDead();
      return;
    }
    this.#cancel = clock.after(next.delay, () => this.start());
    if (next.turn !== 'ask') return;
    this.#questions = next.questions;
    this.#ports.ask(next.questions.count);
  }

  stop(): void {
    this.#cancel();
  }
}
