import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Folders, Pipeline } from './pipeline.js';

/** Parsers and cache as their users would put them together, in their best plain configuration. */

interface PeerRecord {
  uri: string;
  availability: number;
  activity: string;
  note: string;
}

interface RecordStore {
  get(uri: string): PeerRecord | undefined;
  set(uri: string, record: PeerRecord): unknown;
  count(): number;
}

function pipelineOf(read: (message: Buffer) => PeerRecord, store: RecordStore): Pipeline {
  const batch: string[] = [];
  return {
    take: (message) => {
      const record = read(message);
      const before = store.get(record.uri);
      const changed =
        before?.availability !== record.availability ||
        before.activity !== record.activity ||
        before.note !== record.note;
      store.set(record.uri, record);
      if (!changed) return;
      batch.push(record.uri);
      if (batch.length >= 500) batch.length = 0;
    },
    stored: (uri) => store.get(uri)?.availability,
    count: () => store.count(),
  };
}

function mapStore(): RecordStore {
  const records = new Map<string, PeerRecord>();
  return {
    get: (uri) => records.get(uri),
    set: (uri, record) => records.set(uri, record),
    count: () => records.size,
  };
}

interface NodeCache {
  get(key: string): PeerRecord | undefined;
  set(key: string, value: PeerRecord): boolean;
  keys(): string[];
}

function nodeCacheStore(peers: string, values: 'clones' | 'references'): RecordStore {
  const Cache = requireFrom(peers)('node-cache') as new (options: object) => NodeCache;
  const cache = new Cache({ stdTTL: 28_800, checkperiod: 0, useClones: values === 'clones' });
  return {
    get: (uri) => cache.get(uri),
    set: (uri, record) => cache.set(uri, record),
    count: () => cache.keys().length,
  };
}

export async function drachtioWithSaxes(folders: Folders): Promise<Pipeline> {
  const peers = folderOf(folders);
  const drachtio = requireFrom(peers)('drachtio-srf/lib/sip-parser/parser.js') as {
    parseSipMessage(text: string, lazy: boolean): { body: string };
  };
  const { SaxesParser } = requireFrom(peers)('saxes') as typeof import('saxes');
  const read = (message: Buffer): PeerRecord => {
    const record: PeerRecord = { uri: '', availability: 0, activity: '', note: '' };
    let category = '';
    let wanted = '';
    let text = '';
    const parser = new SaxesParser({ xmlns: false, position: false });
    parser.on('opentag', ({ name, attributes }) => {
      if (name === 'categories') record.uri = attributes['uri'] ?? '';
      else if (name === 'category') category = attributes['name'] ?? '';
      else if (name === 'activity') record.activity = attributes['token'] ?? '';
      else if (name === 'availability' || (name === 'body' && category === 'note')) {
        wanted = name;
        text = '';
      }
    });
    parser.on('text', (more) => {
      if (wanted !== '') text += more;
    });
    parser.on('closetag', ({ name }) => {
      if (name !== wanted) return;
      if (name === 'body') record.note = text;
      else record.availability = Number(text);
      wanted = '';
    });
    parser.write(drachtio.parseSipMessage(message.toString('utf8'), true).body).close();
    return record;
  };
  return pipelineOf(read, mapStore());
}

export async function sipWithFastXml(folders: Folders, values: 'clones' | 'references'): Promise<Pipeline> {
  const peers = folderOf(folders);
  const sip = requireFrom(peers)('sip') as {
    parse(message: Buffer): { headers: Record<string, unknown>; content: string };
  };
  const readXml = fastXmlReader(peers);
  const read = (message: Buffer): PeerRecord => {
    const { headers, content } = sip.parse(message);
    if (headers['call-id'] === undefined) throw new Error('no Call-ID');
    return readXml(content);
  };
  return pipelineOf(read, nodeCacheStore(peers, values));
}

export async function sipJsWithFastXml(folders: Folders): Promise<Pipeline> {
  const peers = folderOf(folders);
  const path = join(peers, 'node_modules', 'sip.js', 'lib', 'core', 'messages', 'parser.js');
  const { Parser } = (await import(pathToFileURL(path).href)) as {
    Parser: { parseMessage(text: string, logger: object): { callId: string; body: string } | undefined };
  };
  const readXml = fastXmlReader(peers);
  const logger = { warn: () => undefined, error: () => undefined };
  const read = (message: Buffer): PeerRecord => {
    const parsed = Parser.parseMessage(message.toString('utf8'), logger);
    if (!parsed?.callId) throw new Error('no Call-ID');
    return readXml(parsed.body);
  };
  return pipelineOf(read, nodeCacheStore(peers, 'clones'));
}

interface CategoriesObject {
  readonly '@uri': string;
  readonly category?: CategoryObject | readonly CategoryObject[];
}

interface CategoryObject {
  readonly '@name': string;
  readonly state?: { readonly availability: number; readonly activity?: { readonly '@token'?: string } };
  readonly note?: { readonly body?: { readonly '#text'?: string } };
}

function fastXmlReader(peers: string): (text: string) => PeerRecord {
  const { XMLParser } = requireFrom(peers)('fast-xml-parser') as {
    XMLParser: new (options: object) => { parse(text: string): { categories: CategoriesObject } };
  };
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' });
  return (text) => {
    const { '@uri': uri, category = [] } = parser.parse(text).categories;
    const record: PeerRecord = { uri, availability: 0, activity: '', note: '' };
    for (const { state, note } of [category].flat()) {
      if (state !== undefined) {
        record.availability = Number(state.availability);
        record.activity = state.activity?.['@token'] ?? '';
      }
      if (note !== undefined) record.note = note.body?.['#text'] ?? '';
    }
    return record;
  };
}

function requireFrom(peers: string): NodeJS.Require {
  return createRequire(join(peers, 'package.json'));
}

function folderOf({ peers }: Folders): string {
  if (peers === undefined) throw new Error('the peers are not installed');
  return peers;
}
