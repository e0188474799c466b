import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Log, Person, PresenceSourceListener } from '../../../src/bridge/ports.js';
import type { Items } from '../../../src/notes/item-value.js';
import { grpcDatabase, grpcModule } from '../grpc-module.js';
import { type DocumentMessage, type GrpcClient, send } from '../grpc-packages.js';

/** One way of writing a hundred documents. */
export interface Writer {
  readonly name: string;
  readonly role: 'bound' | 'product';
  /** Documents in one `write`. */
  readonly batch: number;
  /** Writes number `turn`; resolves when all is confirmed. */
  write(turn: number): Promise<void>;
  close(): Promise<void>;
}

export const BATCH = 100;
export const DATABASE = 'presence.nsf';
export const RAW = 'raw grpc-js bulk call, messages made for it';
export const PRODUCT = 'Notes Presence Bridge: observation, engine, store, driver, bulk call';
export const WITH_VIEWS = 'the same, and the rows of the board follow';

export const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const START = Date.UTC(2026, 0, 5, 9);

/** What the product's document holds, put together by hand: the same items, nothing compared, nothing remembered. */
export function rawDocument({ uri, key, name }: Person, turn: number, index: number): DocumentMessage {
  const isAvailable = turn % 2 === 0;
  const now = Date.now();
  return {
    unid: index.toString(16).toUpperCase().padStart(32, '0'),
    items: [
      { name: 'Form', values: [{ s: 'Presence' }] },
      { name: 'SipKey', values: [{ s: key }] },
      { name: 'SipAddress', values: [{ s: uri }] },
      { name: 'PersonName', values: [{ s: name ?? '' }], names: true },
      { name: 'OtherNames', values: [{ s: '' }], names: true },
      { name: 'DisplayName', values: [{ s: '' }] },
      { name: 'Status', values: [{ s: isAvailable ? 'available' : 'busy' }] },
      { name: 'StatusRank', values: [{ n: isAvailable ? 1 : 3 }] },
      { name: 'Activity', values: [{ s: isAvailable ? '' : 'on-the-phone' }] },
      { name: 'OutOfOffice', values: [{ s: '' }] },
      { name: 'StatusSince', values: [{ t: now }] },
      { name: 'ObservedAt', values: [{ t: now }] },
      { name: 'Bridge', values: [{ s: 'bench' }] },
      { name: 'Epoch', values: [{ n: 1 }] },
      { name: 'Seq', values: [{ n: turn * BATCH + index }] },
      { name: 'SchemaVersion', values: [{ n: 1 }] },
    ],
  };
}

/** The people of a turn: all have theirs, one group after the other. */
function groupOf(people: readonly Person[], turn: number): { readonly start: number; readonly lap: number } {
  const groups = people.length / BATCH;
  return { start: (turn % groups) * BATCH, lap: Math.floor(turn / groups) };
}

export function rawWriter(client: GrpcClient, people: readonly Person[]): Writer {
  return {
    name: RAW,
    role: 'bound',
    batch: BATCH,
    async write(turn) {
      const { start, lap } = groupOf(people, turn);
      const documents: DocumentMessage[] = [];
      for (let index = start; index < start + BATCH; index++) {
        documents.push(rawDocument(people[index] as Person, lap, index));
      }
      const { results } = await send(client, 'Replace', { db: DATABASE, documents });
      if (results.length !== BATCH) throw new Error('not everything was confirmed');
    },
    close: () => Promise.resolve(),
  };
}

/** The bulk call of the module, with items that are there already: what the module itself costs. */
export function moduleWriter(client: GrpcClient, people: readonly Person[], items: (person: Person) => Items): Writer {
  const database = grpcDatabase(client, DATABASE);
  const ready = people.map((person, index) => ({
    '@unid': index.toString(16).toUpperCase().padStart(32, '0'),
    ...items(person),
  }));
  return {
    name: 'bulk call of the module, items that are there already',
    role: 'bound',
    batch: BATCH,
    async write(turn) {
      const { start } = groupOf(people, turn);
      const { documents } = await database.bulkReplaceItemsByUnid({
        replaceItemsByUnid: ready.slice(start, start + BATCH),
      });
      if (documents.length !== BATCH) throw new Error('not everything was confirmed');
    },
    close: () => Promise.resolve(),
  };
}

/** Parts of the product, compiled as it is shipped. */
export async function loadProduct(product: string) {
  const load = (path: string): Promise<unknown> => import(pathToFileURL(join(product, path)).href);
  const [bridge, state, system, store, domino, rest, items, build, views] = await Promise.all([
    load('bridge/runtime/bridge.js') as Promise<typeof import('../../../src/bridge/runtime/bridge.js')>,
    load('bridge/engine/state.js') as Promise<typeof import('../../../src/bridge/engine/state.js')>,
    load('bridge/runtime/system.js') as Promise<typeof import('../../../src/bridge/runtime/system.js')>,
    load('notes/store.js') as Promise<typeof import('../../../src/notes/store.js')>,
    load('notes/drivers/domino-db/domino-db.js') as Promise<
      typeof import('../../../src/notes/drivers/domino-db/domino-db.js')
    >,
    load('notes/drivers/domino-rest/domino-rest.js') as Promise<
      typeof import('../../../src/notes/drivers/domino-rest/domino-rest.js')
    >,
    load('notes/items.js') as Promise<typeof import('../../../src/notes/items.js')>,
    load('notes/template/source/build.js') as Promise<typeof import('../../../src/notes/template/source/build.js')>,
    load('notes/template/views/view-feed.js') as Promise<
      typeof import('../../../src/notes/template/views/view-feed.js')
    >,
  ]);
  return { ...bridge, ...state, ...system, ...store, ...domino, ...rest, ...items, ...build, ...views };
}

export type Product = Awaited<ReturnType<typeof loadProduct>>;

interface BridgeOptions {
  readonly windowMs: number;
  readonly onDocument?: ((id: string, items: Items | undefined) => void) | undefined;
}

/** The running bridge over the module, with everybody on its roster. */
export async function productBridge(
  product: Product,
  client: GrpcClient,
  people: readonly Person[],
  { windowMs, onDocument }: BridgeOptions,
) {
  const { Bridge, DEFAULT_ENGINE_CONFIG, createDominoStore, DominoDbDriver, systemClock, systemRandom } = product;
  const driver = new DominoDbDriver(
    {
      kind: 'domino-db',
      load: () => Promise.resolve(grpcModule(client)),
      server: { hostName: 'localhost', connection: { port: '0' } },
      filePath: DATABASE,
    },
    systemClock,
  );
  const store = createDominoStore(
    { driver, bridge: 'bench', notes: false, ...(onDocument === undefined ? {} : { onDocument }) },
    { log: silent },
  );
  let listener: PresenceSourceListener | undefined;
  const source = {
    start: (one: PresenceSourceListener) => {
      listener = one;
    },
    watch: () => {},
    stop: () => Promise.resolve(),
  };
  let publishedAt = START;
  let whenWritten: (documents: number) => void = () => {};
  const bridge = new Bridge(
    { ...DEFAULT_ENGINE_CONFIG, batchSize: BATCH, windowMs, bridge: 'bench', version: '0', notes: false },
    { source, store, clock: systemClock, random: systemRandom, log: silent },
    { onWritten: (latencies) => whenWritten(latencies.length) },
  );
  const until = async (condition: () => boolean): Promise<void> => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  bridge.start({ people, optedOut: new Set() });
  listener?.onLink({ state: 'connected', since: Date.now() });
  await until(() => bridge.status().notes.state === 'connected');
  return {
    /** Tells another status of somebody than with the number before. */
    observe(uri: Person['uri'], number: number): void {
      const isAvailable = number % 2 === 0;
      publishedAt += 1_000;
      const state = {
        availability: isAvailable ? 3500 : 6500,
        activity: isAvailable ? '' : 'on-the-phone',
        publishedAt,
      };
      listener?.onObservations([{ uri, state }], false);
    },
    /** Resolves when so many documents more are confirmed. */
    written(documents: number): Promise<void> {
      let left = documents;
      return new Promise((resolve) => {
        whenWritten = (count) => {
          left -= count;
          if (left === 0) resolve();
        };
      });
    },
    quiet: () => until(() => bridge.status().pendingWrites === 0),
    close: () => bridge.stop(),
  };
}

/** What a source says becomes confirmed documents. */
export async function productWriter(
  product: Product,
  client: GrpcClient,
  people: readonly Person[],
  onDocument: ((id: string, items: Items | undefined) => void) | undefined,
): Promise<Writer> {
  const bridge = await productBridge(product, client, people, { windowMs: 1, onDocument });
  return {
    name: onDocument === undefined ? PRODUCT : WITH_VIEWS,
    role: 'product',
    batch: BATCH,
    write(turn) {
      const { start, lap } = groupOf(people, turn);
      const written = bridge.written(BATCH);
      for (let index = start; index < start + BATCH; index++) bridge.observe((people[index] as Person).uri, lap);
      return written;
    },
    close: () => bridge.close(),
  };
}
