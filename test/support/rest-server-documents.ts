import { createHash } from 'node:crypto';
import type { Clock } from '../../src/bridge/ports.js';
import { DocumentEngine } from '../../src/notes/drivers/embedded/engine.js';
import { memoryStorage } from '../../src/notes/drivers/embedded/storage.js';
import {
  type StoredDocument,
  type StoredItems,
  storedItems,
} from '../../src/notes/drivers/embedded/stored-document.js';
import { modeOf, type RestSchema, type SchemaField, type SchemaMode } from './rest-server-schema.js';

export type Json = Record<string, unknown>;

/** A refusal with the status the server answers. */
export class RestRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Documents of one database behind its schema: only configured forms, modes and fields are there. */
export class RestDocuments {
  readonly engine: DocumentEngine;
  schema: RestSchema;
  /** Documents that readers fields hide. */
  readonly hidden = new Set<string>();
  /** Answers in the older form, with `@unid` beside the items. */
  flat = false;
  readonly #edits = new Map<string, number>();

  constructor(schema: RestSchema, clock: Clock) {
    this.schema = schema;
    this.engine = new DocumentEngine(memoryStorage(), clock);
  }

  /** One page of what matches. */
  query(query: string, mode: string, start: number, count: number): readonly Json[] {
    if (!this.schema.dqlAccess) throw new RestRefusal(403, 'DQL access is not allowed by the schema');
    let found: readonly StoredDocument[];
    try {
      found = this.engine.find(query);
    } catch (thrown) {
      // The server repeats the query, and with it what it holds.
      throw new RestRefusal(400, `Query is not understandable: ${query} - ${(thrown as Error).message}`);
    }
    const visible = found.filter((document) => this.#isVisible(document, mode));
    const page = visible.slice(start, start + count);
    return page.map((document) => this.#shown(document, mode)).filter((one) => one !== undefined);
  }

  get(unid: string, mode: string): Json | undefined {
    const document = this.engine.get(unid);
    return document === undefined ? undefined : this.#shown(document, mode);
  }

  async create(json: Json): Promise<Json> {
    const mode = this.#modeFor(json['Form'], 'default');
    if (mode.writeAccessFormula.formula !== '@True') throw new RestRefusal(403, 'Write access denied by formula');
    const [outcome] = await this.engine.create([storedItems(this.#items(json, mode))]);
    if (outcome === undefined || outcome.error !== undefined) throw new RestRefusal(400, outcome?.error?.message ?? '');
    return this.get(outcome.unid, 'default') ?? {};
  }

  async patch(unid: string, json: Json, modeName: string, revision: string | undefined): Promise<Json> {
    const shown = this.get(unid, modeName);
    if (shown === undefined) throw new RestRefusal(404, 'Document not found');
    if (this.schema.requireRevisionToUpdate && revision === undefined) {
      throw new RestRefusal(400, 'The revision is required');
    }
    const mode = this.#modeFor(json['Form'] ?? shown['Form'], modeName);
    if (mode.writeAccessFormula.formula !== '@True') throw new RestRefusal(403, 'Write access denied by formula');
    const next = storedItems(this.#items(json, mode));
    const gone = Object.keys(json).filter((name) => json[name] === null);
    const [outcome] = await this.engine.edit([
      {
        unid,
        next: (items) => {
          // Looked at where edits stand in a row, as a database would.
          if (revision !== undefined && revision !== this.#revision(unid)) throw new RestRefusal(409, 'Wrong revision');
          const kept = Object.entries(items).filter(([name]) => !gone.some((one) => one.toLowerCase() === name));
          this.#edits.set(unid, (this.#edits.get(unid) ?? 0) + 1);
          return { ...Object.fromEntries(kept), ...next };
        },
      },
    ]);
    if (outcome?.error !== undefined) throw new RestRefusal(400, outcome.error.message);
    return this.get(unid, modeName) ?? {};
  }

  async remove(unid: string, modeName: string): Promise<void> {
    const shown = this.get(unid, modeName);
    if (shown === undefined) throw new RestRefusal(404, 'Document not found');
    if (this.#modeFor(shown['Form'], modeName).deleteAccessFormula.formula !== '@True') {
      throw new RestRefusal(403, 'Delete access denied by formula');
    }
    await this.engine.edit([{ unid, next: () => 'deleted' }]);
  }

  #modeFor(form: unknown, mode: string): SchemaMode {
    const found = modeOf(this.schema, form, mode);
    if (found === undefined) throw new RestRefusal(400, `Form ${String(form)} has no mode ${mode} in the schema`);
    return found;
  }

  #items(json: Json, { fields, required }: SchemaMode): StoredItems {
    const wrong = Object.keys(json).filter((name) => !name.startsWith('@') && !fields.some((one) => one.name === name));
    if (wrong.length > 0) throw new RestRefusal(400, `Illegal fields in this mode: ${wrong.join(', ')}`);
    const missing = required.filter((name) => json[name] === undefined);
    if (missing.length > 0) throw new RestRefusal(400, `Missing fields: ${missing.join(', ')}`);
    const items: Json = {};
    for (const field of fields) {
      const value = json[field.name];
      if (value !== undefined && value !== null) items[field.name] = storedValue(field, value);
    }
    return items as StoredItems;
  }

  #isVisible({ unid, items }: StoredDocument, mode: string): boolean {
    return modeOf(this.schema, items['form'], mode) !== undefined && !this.hidden.has(unid);
  }

  #shown(document: StoredDocument, modeName: string): Json | undefined {
    const mode = modeOf(this.schema, document.items['form'], modeName);
    if (mode === undefined || !this.#isVisible(document, modeName)) return undefined;
    const { unid, created, modified } = document;
    const meta = {
      unid,
      noteid: (Number.parseInt(unid.slice(0, 6), 16) & ~3) + 4,
      created: zoned(created),
      lastmodified: zoned(modified),
      lastaccessed: zoned(modified),
      size: 128,
      unread: true,
      etag: `W/"${modified.toString(16)}"`,
      revision: this.#revision(unid),
    };
    const items: Json = {};
    for (const field of mode.fields) {
      const value = jsonValue(field, document.items[field.name.toLowerCase()]);
      if (value !== undefined) items[field.name] = value;
    }
    const flat = Object.fromEntries(Object.entries(meta).map(([name, value]) => [`@${name}`, value]));
    return this.flat ? { ...flat, ...items } : { '@meta': meta, ...items };
  }

  #revision(unid: string): string {
    return createHash('md5')
      .update(`${unid} ${this.#edits.get(unid) ?? 0}`)
      .digest('hex');
  }
}

const MOMENT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

function storedValue(field: SchemaField, value: unknown): unknown {
  const isList = field.type === 'array';
  if (isList !== Array.isArray(value))
    throw new RestRefusal(400, `Field ${field.name} is ${isList ? '' : 'not '}a list`);
  const list = (isList ? value : [value]) as readonly unknown[];
  const type = isList ? (field.items?.type ?? 'string') : field.type;
  const format = field.items?.format ?? field.format;
  if (!list.every((one) => typeof one === type)) throw new RestRefusal(400, `Field ${field.name} is not of its type`);
  const data = list.length === 0 ? '' : isList ? list : list[0];
  if (format === 'names') return { type: 'text', data, names: true };
  if (format !== 'date-time') return data;
  if (!list.every((one) => MOMENT.test(String(one)))) throw new RestRefusal(400, `Field ${field.name} is no date-time`);
  const moments = list.map((one) => new Date(String(one)).toISOString().replace(/\.(\d\d)\dZ$/, '.$1Z'));
  return { type: 'datetime', data: isList ? moments : moments[0] };
}

function jsonValue(field: SchemaField, stored: StoredItems[string] | undefined): unknown {
  if (stored === undefined) return undefined;
  const isFlagged = typeof stored === 'object' && 'data' in stored;
  const data = isFlagged ? stored.data : stored;
  const format = field.items?.format ?? field.format;
  if (format === 'date-time' && !(isFlagged && stored.type === 'datetime')) return undefined;
  const list = (Array.isArray(data) ? data : [data]) as readonly (string | number)[];
  const values = format === 'date-time' ? list.map((one) => zoned(Date.parse(String(one)))) : list;
  return field.type === 'array' ? values : values[0];
}

/** In the zone of the server, as it answers. */
function zoned(time: number): string {
  return `${new Date(time + 3_600_000).toISOString().slice(0, 22)}+01:00`;
}
