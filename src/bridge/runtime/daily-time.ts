/**
 * A local time of day, once a day. It is asked from time to time instead of being waited for: a timer over hours would
 * be wrong after the clock was set, after summer time began or ended, and after the machine slept.
 */
export class DailyTime {
  readonly #hours: number;
  readonly #minutes: number;
  #asked: number;

  /** `time`: `HH:MM`. `now`: milliseconds since 1970; earlier moments do not count. */
  constructor(time: string, now: number) {
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    this.#hours = hours;
    this.#minutes = minutes;
    this.#asked = now;
  }

  /** True once when the time of day has come since it was asked last. */
  isDue(now: number): boolean {
    const asked = this.#asked;
    this.#asked = now;
    return asked < this.#latest(now) && asked <= now;
  }

  /** The last such moment before `now`. What a change to summer time skips counts an hour later. */
  #latest(now: number): number {
    const today = new Date(now);
    const at = (day: number): number =>
      new Date(today.getFullYear(), today.getMonth(), day, this.#hours, this.#minutes).getTime();
    return at(today.getDate()) <= now ? at(today.getDate()) : at(today.getDate() - 1);
  }
}
