import type { Clock } from '../../src/bridge/ports.js';
import type {
  BulkResponse,
  DominoDatabase,
  DominoServer,
  UseServer,
} from '../../src/notes/drivers/domino-db/domino-db-surface.js';
import type { DriverFaults, Trouble } from '../contract/driver-faults.js';

type Call = keyof DominoDatabase;

/** Troubles of a Domino server that a test switches on and off, whatever stands behind `useServer`. */
export class DominoFaults implements DriverFaults {
  /** `unreachable`: nothing arrives. `hanging`: nothing is answered. `hanging-after`: it takes effect unanswered. */
  link: 'up' | 'unreachable' | 'hanging' | 'hanging-after' = 'up';
  /** So many next writes take effect, and then their answer is lost. */
  lostAnswers = 0;
  /** Rights that are missing. */
  denied: 'nothing' | 'writing' | 'everything' = 'nothing';
  /** Documents that are refused singly, by what is sent for them (items, or the UNID in `@unid`). */
  refuses: (document: Readonly<Record<string, unknown>>) => boolean = () => false;
  /** Documents that readers fields hide: they are answered as ids alone. */
  readonly hidden = new Set<string>();
  /** What the database as a whole refuses writes with: as an error of each document, as in answers to bulk calls. */
  refusal: Refusal | undefined;
  /** Nothing is found under the path of the database. */
  missing = false;
  /** Every call takes so long by `clock`. */
  latencyMs = 0;
  /** Runs after each page of a read. */
  afterPage: () => Promise<void> = () => Promise.resolve();
  /** Calls in the order in which they began. */
  readonly calls: Call[] = [];
  connections = 0;
  mostAtOnce = 0;
  largestWrite = 0;
  #atOnce = 0;
  readonly #hanging: (() => void)[] = [];
  #delayed = 0;
  readonly #clock: Clock | undefined;

  /** `clock`: needed for latency alone. */
  constructor(clock?: Clock) {
    this.#clock = clock;
  }

  begin(trouble: Trouble): void {
    switch (trouble.kind) {
      case 'unreachable':
        this.link = 'unreachable';
        return;
      case 'hang':
        this.link = trouble.after === true ? 'hanging-after' : 'hanging';
        return;
      case 'latency':
        this.latencyMs = trouble.milliseconds;
        return;
      case 'lost-answer':
        this.lostAnswers = 1;
        return;
      case 'refused-document':
        this.refuses = ({ '@unid': unid, ...items }) =>
          trouble.isRefused({ unid: typeof unid === 'string' ? unid : undefined, items });
        return;
      case 'acl-denied':
        this.denied = trouble.what;
        return;
      case 'hidden-documents':
        for (const unid of trouble.unids) this.hidden.add(unid);
        return;
      case 'changed-between-pages':
        this.afterPage = async () => {
          this.afterPage = () => Promise.resolve();
          await trouble.change();
        };
        return;
      case 'full':
      case 'read-only':
        this.refusal = REFUSALS[trouble.kind];
        return;
      case 'no-database':
        this.missing = true;
        return;
    }
  }

  heal(): void {
    this.release();
    this.lostAnswers = 0;
    this.denied = 'nothing';
    this.refuses = () => false;
    this.hidden.clear();
    this.refusal = undefined;
    this.missing = false;
    this.latencyMs = 0;
    this.afterPage = () => Promise.resolve();
  }

  get isWaiting(): boolean {
    return this.#hanging.length > 0 || this.#delayed > 0;
  }

  /** Lets calls that hang end, and the link be up again. */
  release(): void {
    this.link = 'up';
    for (const go of this.#hanging.splice(0)) go();
  }

  count(call: Call): number {
    return this.calls.filter((one) => one === call).length;
  }

  wrap(useServer: UseServer): UseServer {
    return async (configuration) => {
      const server = await useServer(configuration);
      this.connections++;
      return {
        useDatabase: async (options) => this.#database(await server.useDatabase(options)),
      } satisfies DominoServer;
    };
  }

  #database(database: DominoDatabase): DominoDatabase {
    const names = Object.keys(database) as Call[];
    const wrapped = names.map((name) => [
      name,
      (options: never) => this.#call(name, options, () => database[name](options)),
    ]);
    return Object.fromEntries(wrapped) as DominoDatabase;
  }

  async #call(name: Call, options: never, run: () => Promise<unknown>): Promise<unknown> {
    this.calls.push(name);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#atOnce);
    try {
      const writes = !name.startsWith('bulkRead') && name !== 'useDocument';
      await this.#delay();
      if (this.missing) throw failure('ERR_NOT_FOUND', 'File does not exist', { name: 'ProtonError', code: 259 });
      const denied = this.denied === 'everything' || (this.denied === 'writing' && writes);
      if (denied) throw failure('ERR_FORBIDDEN', 'You are not authorized to perform that operation');
      if (this.link === 'unreachable') throw failure('ERR_NOT_CONNECTED', 'Not connected', { code: 14 });
      if (this.link === 'hanging') await this.#hang();
      const answer = writes ? await this.#write(name, options, run) : this.#show((await run()) as BulkResponse);
      if (this.link === 'hanging-after') await this.#hang();
      if (name === 'bulkReadDocuments') await this.afterPage();
      if (writes && this.lostAnswers > 0) {
        this.lostAnswers--;
        throw failure('ERR_INTERNAL_ERROR', 'connection reset', { code: 'ECONNRESET' });
      }
      return answer;
    } finally {
      this.#atOnce--;
    }
  }

  async #delay(): Promise<void> {
    if (this.latencyMs === 0) return;
    this.#delayed++;
    await new Promise<void>((resolve) => this.#clock?.after(this.latencyMs, resolve));
    this.#delayed--;
  }

  #hang(): Promise<void> {
    return new Promise((resolve) => this.#hanging.push(resolve));
  }

  #show(response: BulkResponse): BulkResponse {
    const documents = response.documents.map((document) =>
      this.hidden.has(String(document['@unid'])) ? { '@unid': document['@unid'] as string } : document,
    );
    return { ...response, documents };
  }

  /** Takes refused documents out of the call and puts them into its answer with an error that says little. */
  async #write(name: Call, options: never, run: () => Promise<unknown>): Promise<unknown> {
    const list = LISTS[name];
    if (list === undefined) return run();
    const given = options as Record<string, unknown[]>;
    const sent = given[list] ?? [];
    this.largestWrite = Math.max(this.largestWrite, sent.length);
    const { refusal } = this;
    if (refusal !== undefined) {
      return { documents: sent.map(() => ({ '@error': refusal })), errors: sent.length };
    }
    const isRefused = sent.map((one) =>
      this.refuses((typeof one === 'string' ? { '@unid': one } : one) as Readonly<Record<string, unknown>>),
    );
    if (!isRefused.includes(true)) return run();
    given[list] = sent.filter((_, index) => !isRefused[index]);
    const response = (await run()) as BulkResponse;
    given[list] = sent;
    const good = [...response.documents];
    const documents = isRefused.map((refused) =>
      refused ? { '@error': { message: 'Field validation failed' } } : (good.shift() ?? {}),
    );
    return { ...response, documents, errors: response.errors + isRefused.filter(Boolean).length };
  }
}

const LISTS: Partial<Record<Call, string>> = {
  bulkCreateDocuments: 'documents',
  bulkReplaceItemsByUnid: 'replaceItemsByUnid',
  bulkDeleteDocumentsByUnid: 'unids',
};

/** What the `@error` of a document holds. */
export interface Refusal {
  readonly message: string;
  readonly code?: string;
  readonly cause?: object;
}

const REFUSALS: Readonly<Record<'full' | 'read-only', Refusal>> = {
  full: { message: 'Cannot allocate database object - database would exceed its disk quota.' },
  'read-only': { message: 'Cannot write or create file (file or disk is read-only)' },
};

function failure(code: string, message: string, cause?: object): Error {
  return Object.assign(new Error(message), { name: 'DominoDbError', code, cause });
}
