import type { DominoDatabase, DominoServer, UseServer } from '../../src/notes/drivers/domino-db/domino-db-surface.js';
import type { Change, Storage } from '../../src/notes/drivers/embedded/storage.js';
import type { StoredDocument, StoredItems, StoredValue } from '../../src/notes/drivers/embedded/stored-document.js';
import { createEmbeddedModule, type EmbeddedModule } from '../../src/notes/drivers/embedded/use-server.js';
import type { SipKey } from '../../src/presence/ids.js';
import type { ProcessClock } from './chaos-clock.js';
import { sentAt } from './chaos-tally.js';
import type { SimulatedClock } from './simulated-clock.js';

/** A person's document as it stands. */
export interface PersonDocument {
  readonly unid: string;
  readonly key: SipKey;
  readonly address: string;
  readonly name: string;
  readonly status: string;
  readonly activity: string;
  readonly bridge: string;
  readonly epoch: number;
  readonly seq: number;
  readonly items: StoredItems;
}

/** One change of a document that a bridge made. */
export interface RecordedWrite {
  /** When the bridge sent it; it may have been on its way for long. */
  readonly sentAt: number;
  readonly at: number;
  readonly before: StoredDocument | undefined;
  readonly after: StoredDocument;
}

export interface HeartbeatDocument {
  readonly bridge: string;
  readonly epoch: number;
  readonly writtenAt: number;
  readonly interval: number;
  readonly connected: boolean;
}

const ROUND_TRIP_MS = 20;

/** A Domino server with the presence database, which outlives all bridges, and the people who use it. */
export class ChaosDomino {
  /** Called with each document that a bridge wrote. */
  onWrite: (write: RecordedWrite) => void = () => undefined;
  readonly people = new Map<string, PersonDocument>();
  readonly heartbeats = new Map<string, HeartbeatDocument>();
  /** How long a call and its answer travel, milliseconds each. */
  travelMs = ROUND_TRIP_MS / 2;
  readonly #clock: SimulatedClock;
  readonly #module: EmbeddedModule;
  readonly #documents = new Map<string, StoredDocument>();
  readonly #byKey = new Map<SipKey, Set<string>>();
  #byHand = false;

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
    const storage: Storage = {
      documents: this.#documents,
      commit: (changes) => {
        for (const change of changes) this.#apply(change);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
    this.#module = createEmbeddedModule({ clock, openStorage: () => Promise.resolve(storage) });
  }

  documentsOf(key: SipKey): readonly PersonDocument[] {
    return [...(this.#byKey.get(key) ?? [])].map((unid) => this.people.get(unid)).filter((one) => one !== undefined);
  }

  get size(): number {
    return this.#documents.size;
  }

  all(): Iterable<StoredDocument> {
    return this.#documents.values();
  }

  /** What somebody with a Notes client does, past all troubles of the network. */
  async byHand(work: (database: DominoDatabase) => Promise<unknown>): Promise<void> {
    const server = await this.#module.useServer({ hostName: 'localhost', connection: { port: '1352' } });
    this.#byHand = true;
    try {
      await work(await server.useDatabase({ filePath: 'presence.nsf' }));
    } finally {
      this.#byHand = false;
    }
  }

  /**
   * The way of one process to the server. What it sent before it was killed may or may not arrive, by `arrives`; answers
   * reach only a process that lives and runs.
   */
  useServer(process: ProcessClock, arrives: () => boolean): UseServer {
    return async (configuration) => {
      const server = await this.#module.useServer(configuration);
      return {
        useDatabase: async (options) => this.#over(await server.useDatabase(options), process, arrives),
      } satisfies DominoServer;
    };
  }

  #over(database: DominoDatabase, process: ProcessClock, arrives: () => boolean): DominoDatabase {
    const call = async (run: () => Promise<unknown>): Promise<unknown> => {
      if (process.isKilled) return never();
      await new Promise<void>((resolve) => this.#clock.after(this.travelMs, resolve));
      if (process.isKilled && !arrives()) return never();
      const outcome = await run().then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      if (process.isKilled) return never();
      await new Promise<void>((resolve) => process.after(this.travelMs, resolve));
      if ('error' in outcome) throw outcome.error;
      return outcome.value;
    };
    const names = Object.keys(database) as (keyof DominoDatabase)[];
    const wrapped = names.map((name) => [name, (options: never) => call(() => database[name](options))]);
    return Object.fromEntries(wrapped) as DominoDatabase;
  }

  #keep(document: PersonDocument): void {
    this.people.set(document.unid, document);
    const unids = this.#byKey.get(document.key) ?? new Set();
    this.#byKey.set(document.key, unids.add(document.unid));
  }

  #forget(unid: string): void {
    const document = this.people.get(unid);
    if (document === undefined) return;
    this.people.delete(unid);
    const unids = this.#byKey.get(document.key);
    unids?.delete(unid);
    if (unids?.size === 0) this.#byKey.delete(document.key);
  }

  #apply(change: Change): void {
    if (change.kind === 'delete') {
      this.#documents.delete(change.unid);
      this.#forget(change.unid);
      return;
    }
    const { document } = change;
    const before = this.#documents.get(document.unid);
    this.#documents.set(document.unid, document);
    const form = text(document.items['form']);
    this.#forget(document.unid);
    if (form === 'Presence') this.#keep(personDocument(document));
    if (form === 'PresenceBridge') {
      const heartbeat = heartbeatDocument(document.items);
      this.heartbeats.set(heartbeat.bridge, heartbeat);
    }
    const now = this.#clock.now();
    if (!this.#byHand) this.onWrite({ sentAt: sentAt() ?? now, at: now, before, after: document });
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

function personDocument({ unid, items }: StoredDocument): PersonDocument {
  return {
    unid,
    key: text(items['sipkey']) as SipKey,
    address: text(items['sipaddress']),
    name: text(items['personname']),
    status: text(items['status']),
    activity: text(items['activity']),
    bridge: text(items['bridge']),
    epoch: number(items['epoch']),
    seq: number(items['seq']),
    items,
  };
}

function heartbeatDocument(items: StoredItems): HeartbeatDocument {
  return {
    bridge: text(items['bridge']),
    epoch: number(items['epoch']),
    writtenAt: Date.parse(text(items['writtenat'])),
    interval: number(items['intervalseconds']) * 1000,
    connected: text(items['connected']) === '1',
  };
}

/** First text of a stored value, read without the product's own code. */
export function text(value: StoredValue | undefined): string {
  const data = typeof value === 'object' && 'type' in value ? value.data : value;
  const first: unknown = Array.isArray(data) ? data[0] : data;
  return typeof first === 'string' ? first : '';
}

export function number(value: StoredValue | undefined): number {
  const data = typeof value === 'object' && 'type' in value ? value.data : value;
  return typeof data === 'number' ? data : 0;
}
