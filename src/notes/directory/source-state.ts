import type { Clock, Log } from '../../bridge/ports.js';
import type { SourceReport } from '../../presence/directory.js';
import { BridgeError } from '../../presence/errors.js';

export interface SourceOptions<Content> {
  /** For people and logs: `Domino Directory`. */
  readonly name: string;
  /** What counts until it was read for the first time. */
  readonly empty: Content;
  readonly read: () => Promise<Content>;
  readonly isSame: (before: Content, after: Content) => boolean | Promise<boolean>;
  /** Entries of a content, for reports. */
  readonly count: (content: Content) => number;
  /** Documents that could not be used. */
  readonly skipped?: (content: Content) => number;
}

/** One source of the directory: what it said last, when, and what went wrong since. */
export class SourceState<Content> {
  readonly #options: SourceOptions<Content>;
  readonly #ports: { readonly clock: Clock; readonly log: Log };
  #content: Content;
  #readAt: number | undefined;
  #error: BridgeError | undefined;
  #failures = 0;
  #readMonotonic: number | undefined;

  constructor(options: SourceOptions<Content>, ports: { readonly clock: Clock; readonly log: Log }) {
    this.#options = options;
    this.#ports = ports;
    this.#content = options.empty;
  }

  get content(): Content {
    return this.#content;
  }

  /** Whether it was read at least once. */
  get isKnown(): boolean {
    return this.#readAt !== undefined;
  }

  /** Whether reading it was tried at least once. */
  get isTried(): boolean {
    return this.isKnown || this.#error !== undefined;
  }

  /** Milliseconds since it was read; 0 when it never was. */
  get age(): number {
    return this.#readMonotonic === undefined ? 0 : this.#ports.clock.monotonic() - this.#readMonotonic;
  }

  /** True when something else stands there than before. Throws `BridgeError`; what was read before then still counts. */
  async refresh(): Promise<boolean> {
    const { clock, log } = this.#ports;
    const { name, read, isSame, count, skipped } = this.#options;
    const begun = clock.monotonic();
    let content: Content;
    try {
      content = await read();
    } catch (thrown) {
      this.#fail(BridgeError.from(thrown));
      throw this.#error;
    }
    if (this.#error !== undefined) log.info('directory.source-recovered', { source: name, failures: this.#failures });
    this.#error = undefined;
    this.#failures = 0;
    const changed = this.#readAt === undefined || !(await isSame(this.#content, content));
    this.#content = content;
    this.#readAt = clock.now();
    this.#readMonotonic = clock.monotonic();
    log[changed ? 'info' : 'debug']('directory.read', {
      source: name,
      entries: count(content),
      skipped: skipped?.(content) ?? 0,
      changed,
      milliseconds: Math.round(this.#readMonotonic - begun),
    });
    return changed;
  }

  report(): SourceReport {
    const error = this.#error;
    const { name, count, skipped } = this.#options;
    return {
      source: name,
      entries: count(this.#content),
      skipped: skipped?.(this.#content) ?? 0,
      readAt: this.#readAt,
      failures: this.#failures,
      error: error === undefined ? undefined : { code: error.code, message: error.message },
    };
  }

  /** The first of several equal failures is told; the others would fill the log. */
  #fail(error: BridgeError): void {
    const isNew = this.#error?.code !== error.code || this.#error.message !== error.message;
    this.#error = error;
    this.#failures++;
    const fields = {
      source: this.#options.name,
      failures: this.#failures,
      entries: this.#options.count(this.#content),
    };
    this.#ports.log[isNew ? 'warn' : 'debug']('directory.source-failed', { ...fields, error });
  }
}
