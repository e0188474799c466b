import type {
  HeartbeatRecord,
  Log,
  PersonRecord,
  StatusStore,
  StoreContents,
  StoredPerson,
  WriteOutcome,
} from '../bridge/ports.js';
import { BridgeError } from '../presence/errors.js';
import type { SipKey } from '../presence/ids.js';
import type { Driver, FoundDocument } from './driver.js';
import { FORMS, HEARTBEAT_ITEMS, PERSON_ITEMS, SCHEMA_VERSION } from './fields.js';
import { heartbeatItems } from './heartbeat-items.js';
import { numberOf, textOf } from './item-access.js';
import type { Items } from './item-value.js';
import { personFromItems, personItems, personKeyOf } from './items.js';
import { KeyedDocuments, type KeyedOutcome } from './keyed-documents.js';

export interface DominoStoreOptions {
  readonly driver: Driver;
  /** Name of this bridge: key of its heartbeat document. */
  readonly bridge: string;
  /** Store personal notes. When off, notes that an earlier bridge stored are taken back at `open`. */
  readonly notes: boolean;
  /** Documents in one call, at most what the driver allows. */
  readonly batchSize?: number;
  /**
   * Called for each document that was read, written or removed (`undefined`): people under their `SipKey`, heartbeats
   * under `heartbeat:` and the bridge's name. Must not throw.
   */
  readonly onDocument?: (key: string, items: Items | undefined) => void;
}

const DEFAULT_BATCH = 100;

/** Statuses in a Domino database, one document per person. One call at a time: further ones wait for their turn. */
export function createDominoStore(options: DominoStoreOptions, ports: { readonly log: Log }): StatusStore {
  return new DominoStore(options, ports.log);
}

class DominoStore implements StatusStore {
  readonly #options: DominoStoreOptions;
  readonly #log: Log;
  readonly #people: KeyedDocuments<SipKey>;
  readonly #heartbeats: KeyedDocuments<string>;
  /** Keys that were reported to `onDocument`. */
  readonly #reported = new Set<string>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: DominoStoreOptions, log: Log) {
    const { driver, batchSize = DEFAULT_BATCH } = options;
    this.#options = options;
    this.#log = log;
    this.#people = new KeyedDocuments(
      driver,
      {
        form: FORMS.person,
        keyItem: PERSON_ITEMS.key,
        keyOf: personKeyOf,
        itemNames: Object.values(PERSON_ITEMS),
        isOurs: (items) => textOf(items, PERSON_ITEMS.bridge) !== '',
        batchSize,
      },
      log,
    );
    this.#heartbeats = new KeyedDocuments(
      driver,
      {
        form: FORMS.heartbeat,
        keyItem: HEARTBEAT_ITEMS.bridge,
        keyOf: (items) => textOf(items, HEARTBEAT_ITEMS.bridge) || undefined,
        itemNames: Object.values(HEARTBEAT_ITEMS),
        isOurs: () => true,
        batchSize,
      },
      log,
    );
  }

  open(): Promise<StoreContents> {
    return this.#inTurn(async () => {
      await this.#options.driver.open();
      const people = await this.#people.load(refuseNewer);
      const heartbeats = await this.#heartbeats.load(refuseNewer);
      const documents = new Map<string, Items>();
      for (const [key, { items }] of await this.#withoutNotes(people)) documents.set(key, items);
      for (const [bridge, { items }] of heartbeats) documents.set(heartbeatKey(bridge), items);
      for (const key of this.#reported) if (!documents.has(key)) this.#report(key, undefined);
      for (const [key, items] of documents) this.#report(key, items);
      this.#log.info('notes.opened', { people: people.size, bridges: heartbeats.size });
      const stored = this.#readable(people);
      const highestEpoch = stored.reduce((highest, { epoch }) => Math.max(highest, epoch), 0);
      return { people: stored, highestEpoch, duplicates: 0, conflicts: 0, leftAlone: 0 };
    });
  }

  write(records: readonly PersonRecord[]): Promise<WriteOutcome> {
    return this.#inTurn(async () => {
      // A later record of the same person takes the place of an earlier one.
      const entries = new Map(records.map((record) => [record.person.key, personItems(record, this.#options)]));
      const outcome = await this.#people.put(entries);
      for (const key of outcome.done) this.#report(key, entries.get(key));
      return written(outcome);
    });
  }

  heartbeat(record: HeartbeatRecord): Promise<void> {
    return this.#inTurn(async () => {
      const items = heartbeatItems(record);
      const { failed } = await this.#heartbeats.put(new Map([[record.bridge, items]]));
      const error = failed.get(record.bridge);
      if (error !== undefined) throw error;
      this.#report(heartbeatKey(record.bridge), items);
    });
  }

  remove(keys: readonly SipKey[]): Promise<WriteOutcome> {
    return this.#inTurn(async () => {
      const outcome = await this.#people.remove(keys);
      for (const key of outcome.done) this.#report(key, undefined);
      return written(outcome);
    });
  }

  close(): Promise<void> {
    return this.#inTurn(() => this.#options.driver.close());
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => {});
    return result;
  }

  /** A document is told under its own key; one without a readable address not at all, so that it is written anew. */
  #readable(people: ReadonlyMap<SipKey, FoundDocument>): readonly StoredPerson[] {
    return [...people].flatMap(([key, { items }]) => {
      const person = personFromItems(items);
      if (person === undefined) this.#log.warn('notes.unreadable-document', { key });
      return person === undefined ? [] : [{ ...person, key }];
    });
  }

  #report(key: string, items: Items | undefined): void {
    if (items === undefined) this.#reported.delete(key);
    else this.#reported.add(key);
    this.#options.onDocument?.(key, items);
  }

  /** Notes were turned off: those that still stand in documents go away at once, not at each person's next change. */
  async #withoutNotes(
    people: ReadonlyMap<SipKey, FoundDocument>,
  ): Promise<ReadonlyMap<SipKey, { readonly items: Items }>> {
    const holding = [...people].filter(([, { items }]) => textOf(items, PERSON_ITEMS.note) !== '');
    if (this.#options.notes || holding.length === 0) return people;
    const cleared = new Map(
      holding.map(([key, { items }]): [SipKey, Items] => [key, { ...items, [PERSON_ITEMS.note]: '' }]),
    );
    const { done, failed } = await this.#people.put(cleared);
    this.#log.info('notes.personal-notes-removed', { documents: done.length, refused: failed.size });
    const after = new Map<SipKey, { readonly items: Items }>(people);
    for (const key of done) after.set(key, { items: cleared.get(key) ?? {} });
    return after;
  }
}

function heartbeatKey(bridge: string): string {
  return `heartbeat:${bridge}`;
}

function written({ done, failed }: KeyedOutcome<SipKey>): WriteOutcome {
  return { written: done, failed };
}

/** The item has the same name in both forms. */
function refuseNewer(found: readonly FoundDocument[]): void {
  const newest = found.reduce((max, { items }) => Math.max(max, numberOf(items, PERSON_ITEMS.schemaVersion) ?? 0), 0);
  if (newest <= SCHEMA_VERSION) return;
  const message = `The documents have schema version ${newest}; this bridge knows ${SCHEMA_VERSION}.`;
  throw new BridgeError('NOTES_SCHEMA', message, { details: { found: newest, known: SCHEMA_VERSION } });
}
