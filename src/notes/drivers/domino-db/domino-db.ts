import type { Clock } from '../../../bridge/ports.js';
import { BridgeError } from '../../../presence/errors.js';
import type { Unid } from '../../../presence/ids.js';
import type { DocumentOutcome, Driver, DriverIdentity, FindRequest, FoundDocument, ItemsChange } from '../../driver.js';
import type { Items } from '../../item-value.js';
import { CallGate, type CallGateLimits } from '../call-gate.js';
import { textsOf, textsOfQuery } from '../sent-texts.js';
import { createdOutcomes, foundDocuments, pageRange, updatedOutcomes } from './domino-db-answers.js';
import { bridgeErrorOf, saysDatabaseIsEmpty } from './domino-db-errors.js';
import type { BulkResponse, DominoDatabase, ServerConfiguration } from './domino-db-surface.js';
import type { DominoDbModule } from './load-domino-db.js';

export interface DominoDbOptions {
  readonly kind: DriverIdentity['kind'];
  /** Loads the module; called once, at first use. */
  readonly load: () => Promise<DominoDbModule>;
  /**
   * Where the server is. A function is asked at each opening: another object than before means that something in it
   * changed, and the connection is replaced. It may throw `BridgeError`.
   */
  readonly server: ServerConfiguration | (() => ServerConfiguration);
  /** Path of the database, relative to the server's data folder. */
  readonly filePath: string;
  /** Releases what stands behind the module. HCL's has nothing of that kind: its channel ends with the process. */
  readonly dispose?: () => Promise<void>;
  readonly limits?: Partial<DominoDbLimits>;
}

export interface DominoDbLimits extends CallGateLimits {
  /** Documents per page of a read; servers refuse more than 200. */
  readonly pageSize: number;
  /** Documents per bulk write. */
  readonly maxBatch: number;
  /** How often a read is repeated when the number of matches changes between its pages. */
  readonly rereads: number;
}

export const DEFAULT_DOMINO_DB_LIMITS: DominoDbLimits = {
  timeoutMs: 30_000,
  lingerMs: 60_000,
  pageSize: 200,
  maxBatch: 100,
  rereads: 2,
};

/** A million documents in pages of 100, as the smallest server gives them; whoever goes on beyond that does not end. */
const MAX_PAGES = 10_000;

const CONTINUE = { onErrorOptions: 'ON_ERROR_CONTINUE' } as const;

/** `Driver` over anything with the surface of HCL's domino-db. */
export class DominoDbDriver implements Driver {
  readonly maxBatch: number;
  readonly revisions = false;
  readonly #options: DominoDbOptions;
  readonly #limits: DominoDbLimits;
  readonly #gate: CallGate;
  #module: DominoDbModule | undefined;
  #database: DominoDatabase | undefined;
  /** With what the database object was made. */
  #server: ServerConfiguration | undefined;
  #connecting: Promise<void> | undefined;
  /** Unanswered calls of the gate when the database object was made. */
  #abandonedBefore = 0;

  constructor(options: DominoDbOptions, clock: Clock) {
    this.#options = options;
    this.#limits = { ...DEFAULT_DOMINO_DB_LIMITS, ...options.limits };
    this.maxBatch = this.#limits.maxBatch;
    this.#gate = new CallGate(clock, this.#limits);
  }

  async identify(): Promise<DriverIdentity> {
    const { name, version } = await this.#load();
    return { kind: this.#options.kind, module: name, version };
  }

  async open(): Promise<void> {
    const { server } = this.#options;
    const configuration = typeof server === 'function' ? server() : server;
    const isLost = this.#gate.abandoned > this.#abandonedBefore;
    // A connection that left a call unanswered for good is replaced, and one with a certificate that was renewed;
    // otherwise there is one for the life of the process.
    if (this.#database === undefined || isLost || configuration !== this.#server) {
      // Several stores may share a driver, and all of them open it again after an outage.
      this.#connecting ??= this.#connect(configuration).finally(() => {
        this.#connecting = undefined;
      });
      await this.#connecting;
    }
    // Nothing above contacts the server, so only a real read tells whether it is there.
    const page = await this.#readPage({ query: "Form = 'PresenceBridge'", itemNames: ['Form'] }, 0, 1);
    foundDocuments(page, ['Form'], 'open');
  }

  async find(request: FindRequest): Promise<readonly FoundDocument[]> {
    const found = new Map<Unid, FoundDocument>();
    // The server computes the matches anew for each page: when their number changes, one may have slipped through. The
    // last time it is read to its end in any case: documents of which nobody knows would be made a second time.
    for (let left = this.#limits.rereads; left >= 0; left--) {
      if ((await this.#readAll(request, found, left === 0)) === 'stable') break;
    }
    return [...found.values()];
  }

  async read(unids: readonly Unid[], itemNames: readonly string[]): Promise<readonly (FoundDocument | undefined)[]> {
    const response = await this.#bulk('read', unids.length, (database) =>
      database.bulkReadDocumentsByUnid({ unids, itemNames, ...CONTINUE }),
    );
    const documents = response === undefined ? [] : foundDocuments(response, itemNames, 'read');
    const found = new Map(documents.map((document) => [document.unid, document]));
    return unids.map((unid) => found.get(unid));
  }

  async create(documents: readonly Items[]): Promise<readonly DocumentOutcome[]> {
    const response = await this.#bulk(
      'create',
      documents.length,
      (database) => database.bulkCreateDocuments({ documents, ...CONTINUE }),
      () => documents.flatMap(textsOf),
    );
    return response === undefined
      ? []
      : createdOutcomes(response, documents.length, (index) => textsOf(documents[index] ?? {}));
  }

  async replaceItems(changes: readonly ItemsChange[]): Promise<readonly DocumentOutcome[]> {
    const replaceItemsByUnid = changes.map(({ unid, items }) => ({ '@unid': unid, ...items }));
    const response = await this.#bulk(
      'replace items',
      changes.length,
      (database) => database.bulkReplaceItemsByUnid({ replaceItemsByUnid, ...CONTINUE }),
      () => changes.flatMap(({ items }) => textsOf(items)),
    );
    const sent = changes.map(({ unid }) => unid);
    return response === undefined
      ? []
      : updatedOutcomes(response, sent, 'replace items', (index) => textsOf(changes[index]?.items ?? {}));
  }

  async remove(unids: readonly Unid[]): Promise<readonly DocumentOutcome[]> {
    const response = await this.#bulk('delete', unids.length, (database) =>
      database.bulkDeleteDocumentsByUnid({ unids, ...CONTINUE }),
    );
    return response === undefined ? [] : updatedOutcomes(response, unids, 'delete');
  }

  async close(): Promise<void> {
    this.#database = undefined;
    await this.#options.dispose?.();
  }

  async #connect(configuration: ServerConfiguration): Promise<void> {
    const { useServer } = await this.#load();
    this.#abandonedBefore = this.#gate.abandoned;
    const { filePath } = this.#options;
    // Neither contacts anything, as far as is known; but nothing of the module's has a time-out.
    const open = async (): Promise<DominoDatabase> => (await useServer(configuration)).useDatabase({ filePath });
    try {
      this.#database = await this.#gate.run('open', open);
      this.#server = configuration;
    } catch (thrown) {
      throw bridgeErrorOf(thrown, 'open');
    }
  }

  async #load(): Promise<DominoDbModule> {
    this.#module ??= await this.#options.load();
    return this.#module;
  }

  async #readAll(
    request: FindRequest,
    found: Map<Unid, FoundDocument>,
    toTheEnd: boolean,
  ): Promise<'stable' | 'changed'> {
    let total: number | undefined;
    let start = 0;
    for (let pages = 0; pages < MAX_PAGES; pages++) {
      const page = await this.#readPage(request, start, this.#limits.pageSize);
      for (const document of foundDocuments(page, request.itemNames, 'find')) found.set(document.unid, document);
      const range = pageRange(page, start);
      if (total !== undefined && total !== range.total && !toTheEnd) return 'changed';
      total = range.total;
      if (range.next <= start || range.next >= total) return 'stable';
      start = range.next;
    }
    throw new BridgeError('NOTES_INTERNAL', `A query did not end within ${MAX_PAGES} pages.`);
  }

  async #readPage(request: FindRequest, start: number, count: number): Promise<BulkResponse> {
    try {
      return await this.#call(
        'find',
        (database) => database.bulkReadDocuments({ ...request, start, count, ...CONTINUE }),
        () => textsOfQuery(request.query),
      );
    } catch (error) {
      if (error instanceof BridgeError && saysDatabaseIsEmpty(error.cause)) return { documents: [], errors: 0 };
      throw error;
    }
  }

  async #bulk(
    operation: string,
    size: number,
    call: (database: DominoDatabase) => Promise<BulkResponse>,
    secrets?: () => readonly string[],
  ): Promise<BulkResponse | undefined> {
    if (size > this.maxBatch) throw new RangeError(`${size} documents in one call, at most ${this.maxBatch} may be`);
    return size === 0 ? undefined : this.#call(operation, call, secrets);
  }

  /** `secrets`: texts that are sent, which an error may repeat. */
  async #call(
    operation: string,
    call: (database: DominoDatabase) => Promise<BulkResponse>,
    secrets: () => readonly string[] = () => [],
  ): Promise<BulkResponse> {
    const database = this.#database;
    if (database === undefined) throw new BridgeError('NOTES_UNREACHABLE', 'The database is not open.');
    let response: BulkResponse;
    try {
      response = await this.#gate.run(operation, () => call(database));
    } catch (thrown) {
      throw bridgeErrorOf(thrown, operation, secrets());
    }
    if (Array.isArray(response?.documents) && response.documents.every(isObject)) return response;
    throw new BridgeError('NOTES_INTERNAL', 'The answer holds no documents.', { details: { operation } });
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
