import type { Clock } from '../../bridge/ports.js';
import type { SipUri } from '../../presence/ids.js';
import type { CastMember } from './cast.js';
import type { SimulatedPresence } from './presence/simulated-presence.js';
import { type DayEvent, MINUTES_PER_DAY, workingDayOf } from './working-day.js';

/** How fast the day passes. */
export type Pace =
  /** The part of a day between two minutes (0-1440) in so many milliseconds; then the next day, or the end. */
  | {
      readonly kind: 'compressed';
      readonly fromMinute: number;
      readonly toMinute: number;
      readonly durationMs: number;
      readonly afterwards: 'stop' | 'next-day';
    }
  /** As it happens, by local time, day after day. */
  | { readonly kind: 'wall-clock' };

/** Where the cast plays: the simulator, or a test. */
export interface Stage {
  setPerson(uri: SipUri, presence: SimulatedPresence): void;
}

export interface PlayerOptions {
  readonly cast: readonly CastMember[];
  readonly stage: Stage;
  readonly clock: Clock;
  readonly pace: Pace;
  readonly seed: number;
}

interface Cue extends DayEvent {
  readonly uri: SipUri;
}

const MINUTE_MS = 60_000;

/** Lets a cast live through its working day on a stage. */
export class DayPlayer {
  /** Resolves when the day is over (pace with `afterwards: 'stop'`) or the player was stopped. */
  readonly finished: Promise<void>;
  readonly #options: PlayerOptions;
  #resolve: () => void = () => undefined;
  #cancel: () => void = () => undefined;
  #day = 0;
  #played = 0;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.finished = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Changes played so far, the opening scene not counted. */
  get played(): number {
    return this.#played;
  }

  /** Puts everybody in place at once, then plays what follows. */
  start(): void {
    const { pace, clock } = this.#options;
    if (pace.kind === 'compressed') {
      this.#playDay(pace.fromMinute, pace.toMinute, clock.monotonic(), pace.durationMs);
      return;
    }
    const now = new Date(clock.now());
    const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
    const minute = Math.min(Math.floor((clock.now() - midnight) / MINUTE_MS), MINUTES_PER_DAY - 1);
    this.#day = Math.floor(midnight / (MINUTES_PER_DAY * MINUTE_MS));
    const start = clock.monotonic() - (clock.now() - midnight - minute * MINUTE_MS);
    this.#playDay(minute, MINUTES_PER_DAY, start, (MINUTES_PER_DAY - minute) * MINUTE_MS);
  }

  stop(): void {
    this.#cancel();
    this.#resolve();
  }

  /** Plays the minutes from `from` to `to`; `start` is the monotonic time at which `from` is due. */
  #playDay(from: number, to: number, start: number, durationMs: number): void {
    const { cast, stage, seed } = this.#options;
    const days = cast.map((member) => ({ uri: member.uri, events: workingDayOf(member, seed + this.#day) }));
    for (const { uri, events } of days) {
      const current = events.findLast(({ minute }) => minute <= from);
      if (current) stage.setPerson(uri, current.presence);
    }
    const cues = days
      .flatMap(({ uri, events }) => events.map((event): Cue => ({ uri, ...event })))
      .filter(({ minute }) => minute > from && minute < to)
      .sort((a, b) => a.minute - b.minute);
    const dueAt = (minute: number): number => start + ((minute - from) / Math.max(1, to - from)) * durationMs;
    this.#playCues(cues, 0, dueAt, start + durationMs);
  }

  /** One timer at a time: plays everything that is due, then waits for the next cue or the end. */
  #playCues(cues: readonly Cue[], from: number, dueAt: (minute: number) => number, end: number): void {
    const { clock, stage } = this.#options;
    const now = clock.monotonic();
    let at = from;
    for (let cue = cues[at]; cue && dueAt(cue.minute) <= now; cue = cues[at]) {
      stage.setPerson(cue.uri, cue.presence);
      this.#played += 1;
      at += 1;
    }
    const next = cues[at];
    const wait = (next ? dueAt(next.minute) : end) - now;
    this.#cancel = clock.after(Math.max(0, wait), () => {
      if (next) this.#playCues(cues, at, dueAt, end);
      else this.#nextDay();
    });
  }

  #nextDay(): void {
    const { pace, clock } = this.#options;
    this.#day += 1;
    if (pace.kind === 'wall-clock') this.start();
    else if (pace.afterwards === 'stop') this.#resolve();
    else this.#playDay(pace.fromMinute, pace.toMinute, clock.monotonic(), pace.durationMs);
  }
}
