import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WebSocket } from 'ws';
import type { BridgeStatus, PersonStatus } from '../../src/bridge/status.js';
import type { PlacedRow } from '../../src/bridge/view-ports.js';
import { recover } from '../../src/notes/drivers/embedded/recovery.js';
import type { StoredItems } from '../../src/notes/drivers/embedded/stored-document.js';

/** Reads a running bridge from outside, by what its state folder says. */
export class BridgeReader {
  readonly #folder: string;

  /** `configFile` as written by `presence-bridge simulate`. */
  constructor(configFile: string) {
    this.#folder = dirname(configFile);
  }

  get token(): string {
    return readFileSync(join(this.#folder, 'state', 'access-token'), 'utf8').trim();
  }

  get url(): string {
    return readFileSync(join(this.#folder, 'state', 'address'), 'utf8').trim();
  }

  async status(): Promise<BridgeStatus> {
    return (await this.#get('/api/v1/status')) as BridgeStatus;
  }

  async people(): Promise<readonly PersonStatus[]> {
    return (await this.#get('/api/v1/people')) as readonly PersonStatus[];
  }

  /** Follows a view over the live stream; `rows` is kept current. */
  async follow(view: string): Promise<{ rows: ReadonlyMap<string, PlacedRow>; close(): void }> {
    const rows = new Map<string, PlacedRow>();
    const socket = new WebSocket(`${this.url.replace(/^http/, 'ws')}/stream`, {
      headers: { authorization: `Bearer ${this.token}` },
    });
    socket.on('message', (data) => {
      const message = JSON.parse(String(data)) as { type: string; rows?: PlacedRow[]; changed?: PlacedRow[] };
      for (const row of [...(message.rows ?? []), ...(message.changed ?? [])]) rows.set(row.id, row);
    });
    await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject));
    socket.send(JSON.stringify({ type: 'watch', view }));
    return { rows, close: () => socket.terminate() };
  }

  async #get(path: string): Promise<unknown> {
    const response = await fetch(new URL(path, this.url), { headers: { authorization: `Bearer ${this.token}` } });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return await response.json();
  }
}

/**
 * Documents of a form in an embedded database as they stand on disk now, whether or not a bridge uses it: what a restart
 * would find.
 */
export function storedDocuments(dataFolder: string, form: string): readonly StoredItems[] {
  const folder = join(dataFolder, 'presence.nsf');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const newest = Math.max(0, ...names.map((name) => Number(/-(\d+)\.jsonl$/.exec(name)?.[1] ?? 0)));
  const read = (name: string): Buffer | undefined =>
    names.includes(name) ? readFileSync(join(folder, name)) : undefined;
  const { documents } = recover(read(`snapshot-${newest}.jsonl`), read(`journal-${newest}.jsonl`));
  return [...documents.values()].map(({ items }) => items).filter((items) => items['form'] === form);
}
