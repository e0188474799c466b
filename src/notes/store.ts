import { setImmediate } from 'node:timers/promises';
import type {
  HeartbeatRecord,
  Log,
  PersonRecord,
  StatusStore,
  StoreContents,
  StoredPerson,
  WriteOutcome,
} from '../bridge/ports.js';
import type { SipKey } from '../presence/ids.js';
import type { Driver, FoundDocument } from './driver.js';
import { FORMS, HEARTBEAT_ITEMS, PERSON_ITEMS } from './fields.js';
import { heartbeatFromItems, heartbeatItems } from './heartbeat-items.js';
import { isIntact } from './intact.js';
import { textOf } from './item-access.js';
import type { Items } from './item-value.js';
import { personFromItems, personItems, personKeyOf } from './items.js';
import { KeyedDocuments, type KeyedOutcome } from './keyed-documents.js';
import { newerSchema } from './schema-version.js';
import { inTurns, STRETCH, type Steps } from './steps.js';

export interface DominoStoreOptions {
  readonly driver: Driver;
  /** Name of this bridge: key of its heartbeat document. */
  readonly bridge: string;
  /** Store personal notes. When off, notes that an earlier bridge stored are taken back at `open`. */
  readonly notes: boolean;
  /** Documents in one call, at most what the driver allows. */
  readonly batchSize?: number;
  /**
   * Asked right before each call that changes something; when it says no, nothing more is sent and the method throws
   * `BRIDGE_STANDBY`. Absent where no other bridge can be.
   */
  readonly mayWrite?: () => boolean;
  /**
   * Called for each document that was read, written or removed (`undefined`): people under their `SipKey`, heartbeats
   * under `heartbeat:` and the bridge's name. Must not throw.
   */
  readonly onDocument?: (key: string, items: Items | undefined) => void;
}

const DEFAULT_BATCH = 100;
/** Items with a person's own words. */
const NOTE_ITEMS = [PERSON_ITEMS.note, PERSON_ITEMS.activityText];
/** Documents that are looked at before everything else in the process has its turn. */
const SLICE = 50;
/** Unreadable documents that are named in the log at each reading. */
const MAX_NAMED = 20;

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
    const { driver, batchSize = DEFAULT_BATCH, mayWrite = () => true } = options;
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
        mayWrite,
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
        mayWrite,
      },
      log,
    );
  }

  open(): Promise<StoreContents> {
    return this.#inTurn(async () => {
      await this.#options.driver.open();
      const people = await this.#people.load(refuseNewer);
      const heartbeats = await this.#heartbeats.load(refuseNewer);
      const documents = await this.#withoutNotes(people.kept);
      const { stored, unreadable } = await this.#read(documents, people.contested);
      const present = new Set<string>(documents.keys());
      for (const [bridge, { items }] of heartbeats.kept) {
        present.add(heartbeatKey(bridge));
        this.#report(heartbeatKey(bridge), items);
      }
      for (const key of this.#reported) if (!present.has(key)) this.#report(key, undefined);
      const epochs = [...heartbeats.kept.values()].map(({ items }) => heartbeatFromItems(items)?.epoch ?? 0);
      const contents: StoreContents = {
        people: stored,
        unreadable,
        highestEpoch: stored.reduce((highest, { epoch }) => Math.max(highest, epoch), Math.max(0, ...epochs)),
        duplicates: people.duplicates + heartbeats.duplicates,
        conflicts: people.conflicts + heartbeats.conflicts,
        leftAlone: people.leftAlone + heartbeats.leftAlone,
      };
      const { duplicates, conflicts } = contents;
      this.#log.info('notes.opened', { people: stored.length, bridges: heartbeats.kept.size, duplicates, conflicts });
      return contents;
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

  /**
   * What the documents say, each under its own key and each compared with what a bridge would write for it. In slices:
   * with tens of thousands of documents nothing else would have its turn for seconds.
   */
  async #read(
    documents: ReadonlyMap<SipKey, { readonly items: Items }>,
    contested: ReadonlySet<SipKey>,
  ): Promise<{ readonly stored: readonly StoredPerson[]; readonly unreadable: readonly SipKey[] }> {
    const stored: StoredPerson[] = [];
    const unreadable: SipKey[] = [];
    let count = 0;
    let unusable = 0;
    for (const [key, { items }] of documents) {
      if (++count % SLICE === 0) await setImmediate();
      this.#report(key, items);
      const read = personFromItems(items);
      if (read === undefined) {
        if (++unusable <= MAX_NAMED) this.#log.warn('notes.unreadable-document', { key });
        if (textOf(items, PERSON_ITEMS.bridge) === this.#options.bridge) unreadable.push(key);
        continue;
      }
      const intact = !contested.has(key) && read.key === key && isIntact(items, read, this.#options);
      stored.push({ ...read, key, intact });
    }
    if (unusable > MAX_NAMED) this.#log.warn('notes.unreadable-documents', { count: unusable });
    return { stored, unreadable };
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
    if (this.#options.notes) return people;
    const holding = await inTurns(withNotes(people, this.#options.bridge));
    if (holding.length === 0) return people;
    const nothing = Object.fromEntries(NOTE_ITEMS.map((item) => [item, '']));
    const cleared = new Map(holding.map(([key, { items }]): [SipKey, Items] => [key, { ...items, ...nothing }]));
    const { done, failed } = await this.#people.put(cleared);
    this.#log.info('notes.personal-notes-removed', { documents: done.length, refused: failed.size });
    const after = new Map<SipKey, { readonly items: Items }>(people);
    for (const key of done) after.set(key, { items: cleared.get(key) ?? {} });
    return after;
  }
}

/** Of this bridge's documents: what another one keeps is its own affair, and may be newer by now. */
function* withNotes(people: ReadonlyMap<SipKey, FoundDocument>, bridge: string): Steps<[SipKey, FoundDocument][]> {
  const holding: [SipKey, FoundDocument][] = [];
  let count = 0;
  for (const one of people) {
    if (++count % STRETCH === 0) yield;
    const { items } = one[1];
    if (textOf(items, PERSON_ITEMS.bridge) !== bridge) continue;
    if (NOTE_ITEMS.some((item) => textOf(items, item) !== '')) holding.push(one);
  }
  return holding;
}

function heartbeatKey(bridge: string): string {
  return `heartbeat:${bridge}`;
}

function written({ done, failed }: KeyedOutcome<SipKey>): WriteOutcome {
  return { written: done, failed };
}

function refuseNewer(found: readonly FoundDocument[]): void {
  const error = newerSchema(found);
  if (error !== undefined) throw error;
}
