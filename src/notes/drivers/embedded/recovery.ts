import { BridgeError } from '../../../presence/errors.js';
import { type Damage, decodeLines, encodeLine } from './journal-lines.js';
import { applyChange, type Change } from './storage.js';
import type { StoredDocument } from './stored-document.js';

const FORMAT = 'presence-bridge-store';
const VERSION = 1;

/** First line of both files. */
export function header(file: 'snapshot' | 'journal'): unknown {
  return { format: FORMAT, version: VERSION, file };
}

/** A snapshot: header, one line per document, and a last line with their number. */
export function* snapshotLines(documents: readonly StoredDocument[]): Generator<string> {
  yield encodeLine(0, header('snapshot'));
  for (const [index, document] of documents.entries()) {
    yield encodeLine(index + 1, { kind: 'put', document } satisfies Change);
  }
  yield encodeLine(documents.length + 1, { kind: 'end', documents: documents.length });
}

export interface Recovered {
  readonly documents: Map<string, StoredDocument>;
  /** Changes the journal held. */
  readonly journalled: number;
  readonly damage?: Damage & { readonly file: 'snapshot' | 'journal' };
}

/**
 * The state that a snapshot and the journal behind it describe. At the first bad line reading ends: what was there
 * before it is a state the database really had. Throws `NOTES_SCHEMA` for files of a newer version, and nothing else.
 */
export function recover(snapshot: Buffer | undefined, journal: Buffer | undefined): Recovered {
  const documents = new Map<string, StoredDocument>();
  const base = decodeLines(snapshot ?? Buffer.alloc(0));
  const held = base.contents.slice(1);
  checkVersion(base.contents[0]);
  for (const content of held) if (isChange(content)) applyChange(documents, content);
  const isWhole = snapshot === undefined || (base.damage === undefined && isEnd(held.at(-1), documents.size));
  if (!isWhole) {
    const cut: Damage = { kind: 'damaged', line: base.contents.length, droppedBytes: 0 };
    return { documents, journalled: 0, damage: { ...(base.damage ?? cut), kind: 'damaged', file: 'snapshot' } };
  }
  const { contents, damage } = decodeLines(journal ?? Buffer.alloc(0));
  checkVersion(contents[0]);
  const changes = contents.slice(1).filter(isChange);
  for (const change of changes) applyChange(documents, change);
  return {
    documents,
    journalled: changes.length,
    ...(damage === undefined ? {} : { damage: { ...damage, file: 'journal' } }),
  };
}

function checkVersion(first: unknown): void {
  const version = isObject(first) && first['format'] === FORMAT ? first['version'] : undefined;
  if (typeof version !== 'number' || version <= VERSION) return;
  const message = `The files of the embedded store have version ${version}; this program knows ${VERSION}.`;
  throw new BridgeError('NOTES_SCHEMA', message, { details: { version } });
}

function isEnd(content: unknown, documents: number): boolean {
  return isObject(content) && content['kind'] === 'end' && content['documents'] === documents;
}

function isChange(content: unknown): content is Change {
  if (!isObject(content)) return false;
  if (content['kind'] === 'delete') return typeof content['unid'] === 'string';
  const document = content['document'];
  return content['kind'] === 'put' && isObject(document) && isObject(document['items']);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
