/**
 * How long what the bridge said may be shown, by its own word.
 *
 * @typedef {object} Moment a point in time by both of the reader's clocks
 * @property {number} wall milliseconds since 1970; goes on while the machine sleeps, but may be set
 * @property {number} monotonic milliseconds; never set, but may stand still while the machine sleeps
 *
 * @typedef {object} Word
 * @property {number} now the bridge's clock
 * @property {number} [freshUntil] by the same clock; without it nothing is known of an end
 */

/** @returns {Moment} */
export function momentNow() {
  return { wall: Date.now(), monotonic: performance.now() };
}

/** Knows when the bridge was heard last, and whether that still counts. */
export class Freshness {
  /** @type {Moment | undefined} */
  #heard;
  #life = Number.POSITIVE_INFINITY;

  /**
   * The bridge confirmed all that is shown.
   *
   * @param {Word} word
   * @param {Moment} moment when it came
   */
  confirm({ now, freshUntil }, moment) {
    this.#heard = moment;
    this.#life = freshUntil === undefined ? Number.POSITIVE_INFINITY : freshUntil - now;
  }

  /** When the bridge was heard last, by the reader's clock, ms since 1970. */
  get heardAt() {
    return this.#heard?.wall;
  }

  /**
   * True when nothing that was said counts any more. The clock that went further decides: the other one stood still.
   *
   * @param {Moment} now
   */
  isOver(now) {
    if (this.#heard === undefined) return false;
    const passed = Math.max(now.wall - this.#heard.wall, now.monotonic - this.#heard.monotonic);
    return passed >= this.#life;
  }
}
