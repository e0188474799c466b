import type { Clock } from '../../../bridge/ports.js';
import { BridgeError } from '../../../presence/errors.js';
import type { LoginGuard } from './refused-logins.js';
import type { TokenSource } from './token-sources.js';

/** Of a token's lifetime, after which a new one is fetched. */
const RENEW_AT = 0.8;
/** Pause after a renewal that failed while the token still counts, milliseconds. */
const RENEW_AGAIN_MS = 60_000;

interface Held {
  readonly text: string;
  readonly secret: string;
  /** Both on the monotonic clock. */
  renewAt: number;
  readonly endsAt: number;
  /** The server took it at least once. */
  wasAccepted: boolean;
}

/** The one token: fetched by one caller while the others wait, and only rarely once it was refused. */
export class Tokens {
  readonly #source: TokenSource;
  readonly #guard: LoginGuard;
  readonly #clock: Clock;
  #held: Held | undefined;
  #recent: readonly string[] = [];
  #pending: Promise<string> | undefined;
  #fetched = 0;

  constructor(source: TokenSource, guard: LoginGuard, clock: Clock) {
    this.#source = source;
    this.#guard = guard;
    this.#clock = clock;
  }

  /** How often a token was fetched. */
  get fetched(): number {
    return this.#fetched;
  }

  /** The token, if there is one, that came from a login. */
  get toEnd(): string | undefined {
    return this.#source.isLogin ? this.#held?.text : undefined;
  }

  /** This token and the one before it, which answers that are under way may still repeat. */
  get recent(): readonly string[] {
    return this.#recent;
  }

  /** A token that should be good. Throws `NOTES_CREDENTIALS`, or what hinders the login. */
  get(): Promise<string> {
    if (this.#held !== undefined && this.#clock.monotonic() < this.#held.renewAt) {
      return Promise.resolve(this.#held.text);
    }
    this.#pending ??= this.#fetch().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  /** The server took it. */
  accepted(text: string): void {
    if (this.#held?.text !== text || this.#held.wasAccepted) return;
    this.#held.wasAccepted = true;
    this.#guard.accepted();
  }

  /**
   * The server answered 401. Of several callers with the same token only the first one counts. One that was never taken
   * counts as a refused login: fetching ever new ones would lead nowhere.
   */
  refused(text: string): void {
    if (this.#held?.text !== text) return;
    const { secret, wasAccepted } = this.#held;
    this.#held = undefined;
    if (!wasAccepted) this.#guard.refused(secret);
  }

  async #fetch(): Promise<string> {
    const secret = await this.#source.secret();
    this.#guard.check(secret);
    try {
      const { text, lifetimeMs } = await this.#source.obtain(secret);
      const now = this.#clock.monotonic();
      const life = lifetimeMs ?? Number.POSITIVE_INFINITY;
      this.#recent = [text, ...this.#recent].slice(0, 2);
      this.#held = { text, secret, renewAt: now + life * RENEW_AT, endsAt: now + life, wasAccepted: false };
      this.#fetched++;
      return text;
    } catch (thrown) {
      const error = BridgeError.from(thrown);
      if (error.code === 'NOTES_CREDENTIALS') this.#guard.refused(secret);
      const held = this.#held;
      const now = this.#clock.monotonic();
      if (held === undefined || now >= held.endsAt || error.retry !== 'later') throw error;
      // Only logging in is out of order.
      held.renewAt = Math.min(now + RENEW_AGAIN_MS, held.endsAt);
      return held.text;
    }
  }
}
