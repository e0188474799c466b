import type { SipUri } from '../../presence/ids.js';

export interface FlappingLimits {
  /** Changes between two writes of one person from which on the person counts as flapping. */
  readonly flapChanges: number;
  /** How long a flapping person's document is left alone after a write, milliseconds. */
  readonly restMs: number;
}

/**
 * Keeps somebody whose status jumps without end from being written without end. Whoever changes as people do is never
 * held up; a flapping person gets the newest state once per rest (RFC 3856 §6.10 lets a notifier be as sparing).
 * Holds only people with unwritten changes or in rest, so that it is as small as the trouble.
 */
export class Flapping {
  readonly #limits: FlappingLimits;
  /** Changes since the last write, of people who wait for one or rest. */
  readonly #changes = new Map<SipUri, number>();
  /** Until when people rest. All rests are equally long, so the first entry ends first. */
  readonly #resting = new Map<SipUri, number>();

  constructor(limits: FlappingLimits) {
    this.#limits = limits;
  }

  /** A further change of somebody who waits for a write or rests. */
  changed(uri: SipUri): void {
    this.#changes.set(uri, (this.#changes.get(uri) ?? 0) + 1);
  }

  /** The person is being written. True when this is the first rest and a timer must run. */
  written(uri: SipUri, now: number): boolean {
    const changes = this.#changes.get(uri) ?? 0;
    this.#changes.delete(uri);
    if (changes < this.#limits.flapChanges) return false;
    this.#resting.set(uri, now + this.#limits.restMs);
    return this.#resting.size === 1;
  }

  isResting(uri: SipUri): boolean {
    return this.#resting.has(uri);
  }

  /** Ends the rests that are over, and those that a clock put back would stretch. */
  release(now: number): readonly SipUri[] {
    const rested: SipUri[] = [];
    for (const [uri, until] of this.#resting) {
      if (until > now && until <= now + this.#limits.restMs) break;
      this.#resting.delete(uri);
      rested.push(uri);
    }
    return rested;
  }

  /** When the next rest ends, milliseconds since 1970. */
  next(): number | undefined {
    const [until] = this.#resting.values();
    return until;
  }

  forget(uri: SipUri): void {
    this.#changes.delete(uri);
    this.#resting.delete(uri);
  }

  /** Ends all rests. */
  clear(): void {
    this.#resting.clear();
  }
}
