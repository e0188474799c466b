import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, fetch, request } from 'undici';
import type { Person, PersonRecord } from '../../../src/bridge/ports.js';
import type { Items } from '../../../src/notes/item-value.js';
import type { Unid } from '../../../src/presence/ids.js';
import { type Product, silent, type Writer } from './candidates.js';

export const REST_RAW = 'bare undici request, PATCH';
export const REST_PRODUCT = 'Notes Presence Bridge: driver of the Domino REST API';

const BATCH = 100;
const PARALLEL = 8;
const TOKEN = 'a-token-that-is-as-long-as-short-ones-are';

function unidOf(index: number): Unid {
  return index.toString(16).toUpperCase().padStart(32, '0') as Unid;
}

export function restItems(product: Product, person: Person, turn: number): Items {
  const status = turn % 2 === 0 ? 'available' : 'busy';
  const record: PersonRecord = {
    person,
    snapshot: {
      uri: person.uri,
      status,
      activity: '',
      activityText: '',
      outOfOffice: false,
      note: '',
      displayName: '',
      since: Date.now(),
      stateAt: undefined,
      noteAt: undefined,
    },
    observedAt: Date.now(),
    bridge: 'bench',
    epoch: 1,
    seq: turn,
    waitingSince: 0,
  };
  return product.personItems(record, { notes: false });
}

/** All in flight at once that may be, as the driver does it. */
async function inParallel(task: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < BATCH) await task(next++);
  };
  await Promise.all(Array.from({ length: PARALLEL }, work));
}

const HEADERS = { accept: 'application/json', 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` };

/** A body as the driver sends it. */
function bodyOf(items: Items): string {
  const plain = Object.entries(items).map(([name, value]) => {
    return [name, typeof value === 'object' && 'data' in value ? value.data : value];
  });
  return JSON.stringify(Object.fromEntries(plain));
}

export function restWriters(product: Product, port: number, people: readonly Person[]): readonly Writer[] {
  const url = `http://127.0.0.1:${port}`;
  const agent = new Agent({ connections: PARALLEL });
  const folder = mkdtempSync(join(tmpdir(), 'presence-token-'));
  const file = join(folder, 'token');
  writeFileSync(file, TOKEN, { mode: 0o600 });
  const driver = new product.DominoRestDriver(
    { url, scope: 'presence', login: { kind: 'token', file }, parallel: PARALLEL },
    { clock: product.systemClock, log: silent },
  );
  const itemsOf = (turn: number): readonly Items[] => {
    const start = (turn * BATCH) % people.length;
    return people.slice(start, start + BATCH).map((person) => restItems(product, person, turn));
  };
  const pathOf = (index: number): string => `${url}/api/v1/document/${unidOf(index)}?dataSource=presence&mode=default`;
  let opened: Promise<void> | undefined;
  return [
    {
      name: REST_RAW,
      role: 'bound',
      batch: BATCH,
      async write(turn) {
        const items = itemsOf(turn);
        await inParallel(async (index) => {
          const body = bodyOf(items[index] ?? {});
          const answer = await request(pathOf(index), { method: 'PATCH', headers: HEADERS, body, dispatcher: agent });
          if (answer.statusCode !== 200 || (await answer.body.json()) === null) throw new Error('refused');
        });
      },
      close: () => agent.destroy(),
    },
    {
      name: 'bare undici fetch, PATCH',
      role: 'bound',
      batch: BATCH,
      async write(turn) {
        const items = itemsOf(turn);
        await inParallel(async (index) => {
          const body = bodyOf(items[index] ?? {});
          const answer = await fetch(pathOf(index), { method: 'PATCH', headers: HEADERS, body, dispatcher: agent });
          if (answer.status !== 200 || (await answer.json()) === null) throw new Error('refused');
        });
      },
      close: () => Promise.resolve(),
    },
    {
      name: REST_PRODUCT,
      role: 'product',
      batch: BATCH,
      async write(turn) {
        opened ??= driver.open();
        await opened;
        const changes = itemsOf(turn).map((items, index) => ({ unid: unidOf(index), items }));
        const outcomes = await driver.replaceItems(changes);
        if (!outcomes.every(({ ok }) => ok)) throw new Error('refused');
      },
      close: async () => {
        await driver.close();
        rmSync(folder, { recursive: true, force: true });
      },
    },
  ];
}
