import type { Frame } from './frame.js';
import type { News, SnapshotPart } from './people-group.js';

/** What a reader needs of the group it belongs to. */
export interface ReadGroup {
  /** Whoever knows it up to this number, or a later one, knows all. */
  readonly changedAt: number;
  newsSince(known: number, resumed: boolean): News;
  part(from: number, start: number): SnapshotPart;
}

/** The same for all readers of a moment. */
export interface ReaderPace {
  /** The newest number of the journal. */
  readonly sequence: number;
  /** Monotonic. */
  readonly now: number;
  /** Not taken; beyond it the reader gets nothing more until all is taken. */
  readonly limit: number;
}

/**
 * How far one stream knows the people it follows, and what it gets next. Changes of somebody who keeps up leave with each
 * tick; somebody who does not keep up gets nothing, and once everything is taken what changed since it stopped. Of a
 * snapshot the next part follows when the last one was taken; what changes meanwhile follows after the last part, as it
 * does not count before. Pure.
 */
export class PeopleReader {
  /** Has everything up to this number of the journal; `undefined` before the end of its first snapshot. */
  #known: number | undefined;
  #snapshot: { readonly from: number; readonly start: number } | undefined;
  #isBehind = false;
  #answersCursor = false;
  /** Since when it takes nothing though there is something (monotonic). */
  #waitingSince: number | undefined;

  /** `known` where it came with a cursor that counts. */
  constructor(known?: number) {
    this.#known = known;
    this.#answersCursor = known !== undefined;
  }

  /** Since when there is something that it does not take (monotonic). */
  get waitingSince(): number | undefined {
    return this.#waitingSince;
  }

  /** Has everything up to this number and takes what it is sent; `undefined` when it needs a look of its own. */
  get inStepAt(): number | undefined {
    return this.#isBehind || this.#answersCursor ? undefined : this.#known;
  }

  /** It gets what changed after `inStepAt`, and has everything up to `sequence` with it. */
  stepTo(sequence: number): void {
    this.#known = sequence;
  }

  /** What it follows means something else: it gets everything anew. */
  beginAnew(): void {
    this.#known = undefined;
    this.#snapshot = undefined;
    this.#answersCursor = false;
  }

  /** What it gets now, at most one message. `buffered`: octets handed over that were not taken yet. */
  next(group: ReadGroup, buffered: number, pace: ReaderPace): Frame | undefined {
    const { limit, now } = pace;
    // A part waits for the one before; whoever fell behind waits for the end of what it was sent.
    const mustWait = this.#isBehind || this.#snapshot !== undefined ? buffered > 0 : buffered > limit;
    if (mustWait && this.lacks(group)) {
      this.#waitingSince ??= now;
      this.#isBehind ||= buffered > limit;
      return undefined;
    }
    if (mustWait) return undefined;
    this.#isBehind = false;
    this.#waitingSince = undefined;
    return this.#take(group, pace.sequence);
  }

  /** True while there is something that it was not told. */
  lacks({ changedAt }: ReadGroup): boolean {
    return this.#known === undefined || this.#known < changedAt;
  }

  #take(group: ReadGroup, sequence: number): Frame | undefined {
    if (this.#known !== undefined) {
      const news = group.newsSince(this.#known, this.#answersCursor);
      this.#answersCursor = false;
      if (news !== 'everything') {
        this.#known = sequence;
        return news === 'nothing' ? undefined : news;
      }
      this.beginAnew();
    }
    const { from, start } = this.#snapshot ?? { from: 0, start: sequence };
    const { frame, next } = group.part(from, start);
    this.#snapshot = next === undefined ? undefined : { from: next, start };
    if (next === undefined) this.#known = start;
    return frame;
  }
}
