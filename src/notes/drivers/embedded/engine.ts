import { randomBytes } from 'node:crypto';
import type { Clock } from '../../../bridge/ports.js';
import { documentNotFound, dominoDbError } from './domino-db-error.js';
import { type Matcher, matcherOf } from './dql/evaluate.js';
import { parseQuery } from './dql/parse.js';
import type { Change, Storage } from './storage.js';
import { type StoredDocument, type StoredItems, summaryBytes } from './stored-document.js';

/** What becomes of one document in a bulk call. */
export interface EditOutcome {
  readonly unid: string;
  readonly error?: Error;
}

export interface Edit {
  readonly unid: string;
  /** The document's next items, or that it goes. */
  readonly next: (items: StoredItems) => StoredItems | 'deleted';
}

export type OnError = 'continue' | 'abort-remaining';

/** Bytes of items that Domino holds in a document's summary. */
const MAX_SUMMARY_BYTES = 65_536;

/** Documents of one database: creates, edits and finds them. Edits run one after the other. */
export class DocumentEngine {
  readonly #storage: Storage;
  readonly #clock: Clock;
  #lastEdit: Promise<unknown> = Promise.resolve();
  /** Result of the last query, good until the next edit: pages of one query follow each other. */
  #lastFind: { readonly key: string; readonly found: readonly StoredDocument[] } | undefined;

  constructor(storage: Storage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  get size(): number {
    return this.#storage.documents.size;
  }

  get(unid: string): StoredDocument | undefined {
    return this.#storage.documents.get(unid.toUpperCase());
  }

  /** All documents that match, oldest first. Throws a query syntax error. */
  find(query: string, args: readonly unknown[] = []): readonly StoredDocument[] {
    const key = JSON.stringify([query, args]);
    if (this.#lastFind?.key !== key) {
      this.#lastFind = { key, found: this.#scan(matcherOf(parseQuery(query, args))) };
    }
    return this.#lastFind.found;
  }

  create(documents: readonly StoredItems[], onError: OnError = 'continue'): Promise<readonly EditOutcome[]> {
    return this.#editing(() =>
      decide(documents, onError, (items) => {
        const unid = randomBytes(16).toString('hex').toUpperCase();
        const now = this.#now();
        return checked({ unid, created: now, modified: now, items });
      }),
    );
  }

  edit(edits: readonly Edit[], onError: OnError = 'continue'): Promise<readonly EditOutcome[]> {
    return this.#editing(() => {
      // A later edit of the same document in one call builds on the earlier one.
      const edited = new Map<string, StoredDocument | undefined>();
      return decide(edits, onError, ({ unid: given, next }) => {
        const unid = given.toUpperCase();
        const document = edited.has(unid) ? edited.get(unid) : this.#storage.documents.get(unid);
        if (document === undefined) return { unid, error: documentNotFound(unid) };
        const items = next(document.items);
        if (items === 'deleted') {
          edited.set(unid, undefined);
          return { unid, change: { kind: 'delete', unid } };
        }
        const decision = checked({ ...document, modified: this.#now(), items });
        if (decision.change?.kind === 'put') edited.set(unid, decision.change.document);
        return decision;
      });
    });
  }

  async close(): Promise<void> {
    await this.#lastEdit;
    await this.#storage.close();
  }

  #scan(matches: Matcher): readonly StoredDocument[] {
    const found: StoredDocument[] = [];
    for (const document of this.#storage.documents.values()) if (matches(document)) found.push(document);
    return found;
  }

  #editing(decideAll: () => readonly Decision[]): Promise<readonly EditOutcome[]> {
    const run = async (): Promise<readonly EditOutcome[]> => {
      const decisions = decideAll();
      const changes = decisions.flatMap(({ change }) => (change === undefined ? [] : [change]));
      if (changes.length > 0) await this.#commit(changes);
      return decisions.map(({ unid, error }) => (error === undefined ? { unid } : { unid, error }));
    };
    const result = this.#lastEdit.then(run);
    this.#lastEdit = result.catch(() => {});
    return result;
  }

  async #commit(changes: readonly Change[]): Promise<void> {
    try {
      await this.#storage.commit(changes);
    } catch (cause) {
      const message = cause instanceof Error ? cause.message : String(cause);
      throw dominoDbError('ERR_INTERNAL_ERROR', message, cause);
    } finally {
      this.#lastFind = undefined;
    }
  }

  /** Domino keeps hundredths of a second. */
  #now(): number {
    return Math.floor(this.#clock.now() / 10) * 10;
  }
}

interface Decision extends EditOutcome {
  readonly change?: Change;
}

function decide<T>(inputs: readonly T[], onError: OnError, one: (input: T) => Decision): readonly Decision[] {
  const decisions: Decision[] = [];
  for (const input of inputs) {
    const decision = one(input);
    decisions.push(decision);
    if (decision.error !== undefined && onError === 'abort-remaining') break;
  }
  return decisions;
}

function checked(document: StoredDocument): Decision {
  const { unid } = document;
  if (summaryBytes(document.items) <= MAX_SUMMARY_BYTES) return { unid, change: { kind: 'put', document } };
  return {
    unid,
    error: dominoDbError('ERR_BAD_REQUEST', 'The document holds more summary data than Domino can keep.'),
  };
}
