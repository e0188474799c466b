import type { Log } from '../bridge/ports.js';
import { BridgeError } from '../presence/errors.js';
import type { Unid } from '../presence/ids.js';
import { dqlForm, dqlIn } from './dql-text.js';
import type { DocumentOutcome, Driver, FoundDocument } from './driver.js';
import { resolveDuplicates, resolvingDuplicates } from './duplicates.js';
import { CONFLICT_ITEM } from './fields.js';
import type { Items } from './item-value.js';
import { inTurns } from './steps.js';

export interface KeyedDocumentsOptions<Key extends string> {
  readonly form: string;
  /** Item by which documents are searched. */
  readonly keyItem: string;
  /** Key of a document found, or `undefined` when it has none. */
  readonly keyOf: (items: Items) => Key | undefined;
  /** Items to read when everything is loaded. */
  readonly itemNames: readonly string[];
  /** Whether a bridge made the document, so that it may be deleted when there are two of a key. */
  readonly isOurs: (items: Items) => boolean;
  /** Documents in one call. */
  readonly batchSize: number;
  /** Asked right before each call that changes something; when it says no, the call throws `BRIDGE_STANDBY`. */
  readonly mayWrite: () => boolean;
}

/** All documents of a form. */
export interface LoadedDocuments<Key> {
  readonly kept: ReadonlyMap<Key, FoundDocument>;
  /** Keys whose document must be written anew, since there was a conflict beside it. */
  readonly contested: ReadonlySet<Key>;
  readonly duplicates: number;
  readonly conflicts: number;
  /** Further documents, conflicts and documents without a key that still stand there. */
  readonly leftAlone: number;
}

export interface KeyedOutcome<Key> {
  readonly done: readonly Key[];
  readonly failed: ReadonlyMap<Key, BridgeError>;
}

/**
 * The documents of one form, one per key. Domino gives ids at creation and knows no unique keys, so this keeps the map
 * from key to id. Creating is the only step that must not be repeated blindly: after a call whose outcome is unknown
 * the key is searched before anything is created.
 */
export class KeyedDocuments<Key extends string> {
  readonly #driver: Driver;
  readonly #options: KeyedDocumentsOptions<Key>;
  readonly #log: Log;
  readonly #unids = new Map<Key, Unid>();
  /** Keys for which a document may have been created without our knowing. */
  readonly #unsure = new Set<Key>();

  constructor(driver: Driver, options: KeyedDocumentsOptions<Key>, log: Log) {
    this.#driver = driver;
    this.#options = options;
    this.#log = log;
  }

  /**
   * Reads all documents of the form and removes those that are there twice, and conflicts. Takes the place of what was
   * known before.
   */
  async load(check: (found: readonly FoundDocument[]) => void): Promise<LoadedDocuments<Key>> {
    const { form, keyOf, isOurs } = this.#options;
    const found = await this.#driver.find({ query: dqlForm(form), itemNames: this.#itemNames });
    check(found);
    const resolved = await inTurns(resolvingDuplicates(found, keyOf, isOurs));
    const { kept, surplus, keyless, foreign, ...facts } = resolved;
    if (keyless > 0) this.#log.warn('notes.documents-without-key', { form, count: keyless });
    if (foreign > 0) this.#log.warn('notes.foreign-duplicates', { form, count: foreign });
    const refused = await this.#removeSurplus(surplus);
    this.#unids.clear();
    for (const [key, document] of kept) {
      this.#unids.set(key, document.unid);
      this.#unsure.delete(key);
    }
    return { kept, ...facts, leftAlone: keyless + foreign + refused };
  }

  /** Writes the items of each key, creating documents that are missing. Throws when a call failed as a whole. */
  async put(entries: ReadonlyMap<Key, Items>): Promise<KeyedOutcome<Key>> {
    const failed = new Map<Key, BridgeError>();
    for (const batch of batches([...entries], this.#batchSize)) {
      const keys = batch.map(([key]) => key);
      await this.#search(keys.filter((key) => this.#unsure.has(key)));
      for (const [key, error] of await this.#replace(batch.filter(([key]) => this.#unids.has(key)))) {
        failed.set(key, error);
      }
      const missing = batch.filter(([key]) => !this.#unids.has(key));
      for (const [key, error] of await this.#create(missing)) failed.set(key, error);
    }
    return { done: [...entries.keys()].filter((key) => !failed.has(key)), failed };
  }

  /** Deletes the documents of these keys, whoever made them; one that is gone already counts as done. */
  async remove(keys: readonly Key[]): Promise<KeyedOutcome<Key>> {
    const failed = new Map<Key, BridgeError>();
    for (const batch of batches(keys, this.#batchSize)) {
      // Another bridge may have made a document of which this one never heard.
      await this.#search(batch.filter((key) => this.#unsure.has(key) || !this.#unids.has(key)));
      const known = batch.filter((key) => this.#unids.has(key));
      if (known.length === 0) continue;
      this.#assertMayWrite();
      const outcomes = await this.#driver.remove(known.map((key) => this.#unidOf(key)));
      const refused = refusals(known, outcomes);
      for (const key of known) if (!refused.has(key)) this.#unids.delete(key);
      const gone = await this.#search([...refused.keys()]);
      for (const [key, error] of refused) if (!gone.has(key)) failed.set(key, error);
    }
    return { done: keys.filter((key) => !failed.has(key)), failed };
  }

  get #itemNames(): readonly string[] {
    return [...this.#options.itemNames, CONFLICT_ITEM];
  }

  #assertMayWrite(): void {
    if (!this.#options.mayWrite()) throw new BridgeError('BRIDGE_STANDBY', 'Another bridge might write by now.');
  }

  get #batchSize(): number {
    return Math.min(this.#options.batchSize, this.#driver.maxBatch);
  }

  /**
   * Replaces the items of known documents and gives back who was refused. A document may have been deleted, or deleted
   * and made anew: the answer's reason is free text, so the database is asked. What is gone leaves the map.
   */
  async #replace(entries: readonly (readonly [Key, Items])[]): Promise<ReadonlyMap<Key, BridgeError>> {
    const refused = await this.#replaceOnce(entries);
    if (refused.size === 0) return refused;
    const before = new Map([...refused.keys()].map((key) => [key, this.#unids.get(key)]));
    await this.#search([...refused.keys()]);
    const isSame = (key: Key): boolean => this.#unids.get(key) === before.get(key);
    const moved = entries.filter(([key]) => refused.has(key) && this.#unids.has(key) && !isSame(key));
    return new Map([...[...refused].filter(([key]) => isSame(key)), ...(await this.#replaceOnce(moved))]);
  }

  async #replaceOnce(entries: readonly (readonly [Key, Items])[]): Promise<ReadonlyMap<Key, BridgeError>> {
    if (entries.length === 0) return new Map();
    const changes = entries.map(([key, items]) => ({ unid: this.#unidOf(key), items }));
    this.#assertMayWrite();
    return refusals(
      entries.map(([key]) => key),
      await this.#driver.replaceItems(changes),
    );
  }

  async #create(entries: readonly (readonly [Key, Items])[]): Promise<ReadonlyMap<Key, BridgeError>> {
    if (entries.length === 0) return new Map();
    const keys = entries.map(([key]) => key);
    this.#assertMayWrite();
    for (const key of keys) this.#unsure.add(key);
    const outcomes = await this.#driver.create(entries.map(([, items]) => items));
    keys.forEach((key, index) => {
      const outcome = outcomes[index];
      // One that was refused stays unsure: an error may have come after the document was made.
      if (!outcome?.ok) return;
      this.#unids.set(key, outcome.unid);
      this.#unsure.delete(key);
    });
    return refusals(keys, outcomes);
  }

  /** Asks the database for the documents of these keys and corrects the map. Gives back the keys that have none. */
  async #search(keys: readonly Key[]): Promise<ReadonlySet<Key>> {
    if (keys.length === 0) return new Set();
    const { form, keyItem, keyOf, isOurs } = this.#options;
    const query = dqlForm(form, dqlIn(keyItem, keys));
    const found = await this.#driver.find({ query, itemNames: this.#itemNames });
    const { kept } = resolveDuplicates(found, keyOf, isOurs);
    const gone = new Set<Key>();
    for (const key of keys) {
      const document = kept.get(key);
      if (document === undefined) {
        this.#unids.delete(key);
        gone.add(key);
      } else this.#unids.set(key, document.unid);
      this.#unsure.delete(key);
    }
    return gone;
  }

  /** Gives back how many may not be deleted. */
  async #removeSurplus(surplus: readonly FoundDocument[]): Promise<number> {
    let kept = 0;
    for (const batch of batches(surplus, this.#batchSize)) {
      this.#assertMayWrite();
      const outcomes = await this.#driver.remove(batch.map(({ unid }) => unid));
      const refused = outcomes.find((outcome) => !outcome.ok);
      const removed = outcomes.filter(({ ok }) => ok).length;
      kept += batch.length - removed;
      this.#log.warn('notes.duplicates-removed', { form: this.#options.form, removed, found: batch.length });
      if (refused !== undefined && !refused.ok) this.#log.warn('notes.duplicates-kept', { error: refused.error });
    }
    return kept;
  }

  #unidOf(key: Key): Unid {
    const unid = this.#unids.get(key);
    if (unid === undefined) throw new RangeError('the key has no document');
    return unid;
  }
}

function refusals<Key>(keys: readonly Key[], outcomes: readonly DocumentOutcome[]): ReadonlyMap<Key, BridgeError> {
  const refused = new Map<Key, BridgeError>();
  keys.forEach((key, index) => {
    const outcome = outcomes[index];
    if (outcome !== undefined && !outcome.ok) refused.set(key, outcome.error);
  });
  return refused;
}

function* batches<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let start = 0; start < all.length; start += size) yield all.slice(start, start + size);
}
