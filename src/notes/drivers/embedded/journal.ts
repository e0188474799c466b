import type { Clock, Log } from '../../../bridge/ports.js';
import { BridgeError } from '../../../presence/errors.js';
import { generationOf, journalName, newestGeneration, snapshotName } from './file-names.js';
import type { AppendFile, FolderFiles } from './folder-files.js';
import { encodeLine } from './journal-lines.js';
import { header, type Recovered, recover, snapshotLines } from './recovery.js';
import { applyChange, type Change, type Storage } from './storage.js';
import type { StoredDocument } from './stored-document.js';

export interface JournalLimits {
  /** Characters the journal may hold, when the snapshot is not larger, before it is compacted. */
  readonly maxJournal: number;
  /** How long a value that is no longer current may stay in the files, milliseconds. */
  readonly maxHistoryMs: number;
  /** The same for a document that was deleted. */
  readonly maxErasedMs: number;
}

export const DEFAULT_JOURNAL_LIMITS: JournalLimits = {
  maxJournal: 1024 * 1024,
  maxHistoryMs: 60_000,
  maxErasedMs: 5_000,
};

/**
 * Documents in memory, each change appended to a journal before it counts. A snapshot of all documents replaces the
 * journal from time to time: when it grew large, at the latest `maxHistoryMs` after a value was superseded and
 * `maxErasedMs` after a document was deleted, and at the end. So the files hold one value per person and no history
 * worth the name.
 *
 * Files carry a generation: `snapshot-7` is the state before `journal-7`. The next snapshot is complete on disk before
 * the older files go, so after a sudden end there is always a newest snapshot with its journal.
 */
export class JournalStorage implements Storage {
  readonly documents: Map<string, StoredDocument>;
  readonly #files: FolderFiles;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #limits: JournalLimits;
  #generation: number;
  #journal: AppendFile | undefined;
  #lines = 0;
  #journalSize = 0;
  #snapshotSize = 0;
  /** After a failed write the end of the journal is unknown: only a new snapshot puts that right. */
  #mustCompact = false;
  #isClosed = false;
  #compaction: { readonly at: number; readonly cancel: () => void } | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    files: FolderFiles,
    documents: Map<string, StoredDocument>,
    generation: number,
    options: JournalOptions,
  ) {
    this.#files = files;
    this.documents = documents;
    this.#generation = generation;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#limits = { ...DEFAULT_JOURNAL_LIMITS, ...options.limits };
  }

  /** Reads the folder's files; begins a new generation unless they were left tidy. Throws `NOTES_STORAGE`, or `NOTES_SCHEMA` for newer files. */
  static async open(files: FolderFiles, options: JournalOptions): Promise<JournalStorage> {
    try {
      const generation = newestGeneration(await files.list());
      const snapshot = await files.read(snapshotName(generation));
      const journal = await files.read(journalName(generation));
      const recovered = recover(snapshot, journal);
      report(recovered, options.log);
      const storage = new JournalStorage(files, recovered.documents, generation, options);
      storage.#snapshotSize = snapshot?.length ?? 0;
      const isClean = snapshot !== undefined && journal === undefined && recovered.damage === undefined;
      await (isClean ? storage.#removeOlder(undefined) : storage.#compact());
      return storage;
    } catch (error) {
      throw storageError('open', error);
    }
  }

  commit(changes: readonly Change[]): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isClosed) throw new BridgeError('NOTES_STORAGE', 'The embedded store was closed.');
      if (this.#mustCompact || this.#journalSize > Math.max(this.#limits.maxJournal, this.#snapshotSize)) {
        await this.#compact();
      }
      try {
        this.#journal ??= await this.#files.append(journalName(this.#generation));
        const text = this.#encode(changes);
        await this.#journal.write(text);
        this.#journalSize += text.length;
      } catch (error) {
        this.#mustCompact = true;
        this.#compactWithin(this.#limits.maxHistoryMs);
        throw storageError('append', error);
      }
      this.#scheduleCompaction(changes);
      for (const change of changes) applyChange(this.documents, change);
    });
  }

  /** Resolves when nothing but a snapshot is left, or rejects with `NOTES_STORAGE`; the files are whole either way. */
  close(): Promise<void> {
    return this.#inTurn(async () => {
      this.#isClosed = true;
      this.#compaction?.cancel();
      try {
        if (this.#journalSize > 0 || this.#mustCompact) await this.#compact();
      } finally {
        await this.#journal?.close();
      }
    });
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => {});
    return result;
  }

  #encode(changes: readonly Change[]): string {
    let text = this.#lines === 0 ? encodeLine(this.#lines++, header('journal')) : '';
    for (const change of changes) text += encodeLine(this.#lines++, change);
    return text;
  }

  #scheduleCompaction(changes: readonly Change[]): void {
    if (changes.some(({ kind }) => kind === 'delete')) this.#compactWithin(this.#limits.maxErasedMs);
    else if (changes.some((change) => supersedes(change, this.documents))) {
      this.#compactWithin(this.#limits.maxHistoryMs);
    }
  }

  /** An earlier moment takes the place of a later one, never the other way round. */
  #compactWithin(delay: number): void {
    const at = this.#clock.monotonic() + delay;
    if (this.#isClosed || (this.#compaction !== undefined && this.#compaction.at <= at)) return;
    this.#compaction?.cancel();
    const cancel = this.#clock.after(delay, () => {
      void this.#inTurn(async () => {
        if (!this.#isClosed) await this.#compact();
      }).catch((error: unknown) => {
        this.#log.warn('store.compaction-failed', { error });
        // Nobody may change anything for hours: what is to go must not wait for the next change.
        this.#compactWithin(this.#limits.maxHistoryMs);
      });
    });
    this.#compaction = { at, cancel };
  }

  async #compact(): Promise<void> {
    this.#compaction?.cancel();
    this.#compaction = undefined;
    // Until it succeeded nothing may be appended: the new snapshot may stand on disk already, and it hides the journal.
    this.#mustCompact = true;
    const next = this.#generation + 1;
    try {
      this.#snapshotSize = await this.#files.replace(snapshotName(next), snapshotLines([...this.documents.values()]));
    } catch (error) {
      throw storageError('snapshot', error);
    }
    const finished = this.#journal;
    this.#generation = next;
    this.#journal = undefined;
    this.#lines = 0;
    this.#journalSize = 0;
    this.#mustCompact = false;
    await this.#removeOlder(finished);
  }

  async #removeOlder(finished: AppendFile | undefined): Promise<void> {
    try {
      await finished?.close();
      for (const name of await this.#files.list()) {
        const generation = generationOf(name);
        if (generation !== undefined && generation < this.#generation) await this.#files.remove(name);
      }
    } catch (error) {
      this.#log.warn('store.old-file-kept', { error });
      this.#compactWithin(this.#limits.maxHistoryMs);
    }
  }
}

export interface JournalOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<JournalLimits>;
}

function supersedes(change: Change, documents: ReadonlyMap<string, StoredDocument>): boolean {
  return change.kind === 'put' && documents.has(change.document.unid);
}

function report(recovered: Recovered, log: Log): void {
  const fields = { documents: recovered.documents.size, journalled: recovered.journalled };
  if (recovered.damage === undefined) log.info('store.opened', fields);
  else if (recovered.damage.kind === 'torn') log.info('store.torn-line-dropped', { ...fields, ...recovered.damage });
  else log.warn('store.damaged', { ...fields, ...recovered.damage });
}

function storageError(operation: string, cause: unknown): BridgeError {
  if (cause instanceof BridgeError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return new BridgeError('NOTES_STORAGE', `The embedded store: ${message}`, { cause, details: { operation, code } });
}
