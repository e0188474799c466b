import type { Clock, Log } from '../../bridge/ports.js';
import type { LookUp } from '../../presence/directory.js';
import { BridgeError, type ErrorCode } from '../../presence/errors.js';
import { AgeingCache } from './cache.js';
import { plainKeyOf } from './names.js';

export interface LookUpOptions {
  /** What the sources said when they were last read, and how long ago that was. */
  readonly known: (text: string) => LookUp;
  /** Asks the Domino Directory for one name or address; absent when there is none. Throws `BridgeError`. */
  readonly ask: ((text: string) => Promise<Omit<LookUp, 'age'>>) | undefined;
  readonly limits?: Partial<LookUpLimits>;
}

export interface LookUpLimits {
  /** Answers that are kept. */
  readonly answers: number;
  /** How long an answer is kept, milliseconds. */
  readonly foundMs: number;
  /** The same for "nobody". */
  readonly notFoundMs: number;
  /** Questions that may wait for an answer at a time. */
  readonly questions: number;
  /** After a failure nothing is asked for so long, milliseconds. */
  readonly pauseMs: number;
}

export const DEFAULT_LOOK_UP_LIMITS: LookUpLimits = {
  answers: 10_000,
  foundMs: 900_000,
  notFoundMs: 300_000,
  questions: 64,
  pauseMs: 5_000,
};

type Answer = Omit<LookUp, 'age'>;

/** Failures that say nothing of the next question: it finds too many, or Domino does not take it. */
const OF_THE_QUESTION: ReadonlySet<ErrorCode> = new Set(['DIRECTORY_SOURCE', 'NOTES_BAD_REQUEST']);

const NOBODY: Answer = { outcome: 'not-found', rows: [] };

/** Answers whom a text means: from what was read, else from the Domino Directory itself, each question once. */
export class LookUps {
  readonly #options: LookUpOptions;
  readonly #limits: LookUpLimits;
  readonly #ports: { readonly clock: Clock; readonly log: Log };
  readonly #answers: AgeingCache<Answer>;
  readonly #asked = new Map<string, Promise<Answer>>();
  #waiting = 0;
  #pause: { readonly until: number; readonly error: BridgeError } | undefined;
  /** Grows at `clear`: an answer to a question from before then is not kept. */
  #generation = 0;

  constructor(options: LookUpOptions, ports: { readonly clock: Clock; readonly log: Log }) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LOOK_UP_LIMITS, ...options.limits };
    this.#ports = ports;
    this.#answers = new AgeingCache({ clock: ports.clock, max: this.#limits.answers });
  }

  /** Throws `BridgeError` when the Domino Directory had to be asked and did not answer. */
  async lookUp(text: string): Promise<LookUp> {
    const known = this.#options.known(text);
    const key = plainKeyOf(text);
    if (known.outcome !== 'not-found' || this.#options.ask === undefined || key === undefined) return known;
    const kept = this.#answers.get(key);
    if (kept !== undefined) return { ...kept.value, age: Math.round(kept.age) };
    return { ...(await this.#once(key, text, this.#options.ask)), age: 0 };
  }

  /** Forgets all answers: what they were made of has changed. */
  clear(): void {
    this.#generation++;
    this.#asked.clear();
    this.#answers.clear();
  }

  #once(key: string, text: string, ask: (text: string) => Promise<Answer>): Promise<Answer> {
    const asked = this.#asked.get(key);
    if (asked !== undefined) return asked;
    const { clock } = this.#ports;
    if (this.#pause !== undefined && clock.monotonic() < this.#pause.until) return Promise.reject(this.#pause.error);
    if (this.#waiting >= this.#limits.questions) {
      return Promise.reject(new BridgeError('NOTES_BUSY', 'Too many look-ups wait for the Domino Directory.'));
    }
    const question = this.#ask(key, text, ask).finally(() => {
      if (this.#asked.get(key) === question) this.#asked.delete(key);
    });
    this.#asked.set(key, question);
    return question;
  }

  async #ask(key: string, text: string, ask: (text: string) => Promise<Answer>): Promise<Answer> {
    const generation = this.#generation;
    const { clock, log } = this.#ports;
    this.#waiting++;
    try {
      const { outcome, rows } = await ask(text);
      const answer: Answer = outcome === 'not-found' ? NOBODY : { outcome, rows };
      const life = outcome === 'not-found' ? this.#limits.notFoundMs : this.#limits.foundMs;
      if (generation === this.#generation) this.#answers.set(key, answer, life);
      this.#pause = undefined;
      return answer;
    } catch (thrown) {
      const error = BridgeError.from(thrown);
      if (!OF_THE_QUESTION.has(error.code)) this.#pause = { until: clock.monotonic() + this.#limits.pauseMs, error };
      // The error alone: the question names a person.
      log.warn('directory.look-up-failed', { code: error.code });
      throw error;
    } finally {
      this.#waiting--;
    }
  }
}
