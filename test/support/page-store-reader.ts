import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PageDocument {
  readonly unid: string;
  readonly created: number;
  readonly modified: number;
  readonly items: Readonly<Record<string, unknown>>;
}

/** Reads the folder of a database by what docs/guide/embedded-store.md says, and shares no code with the product. */
export function readByPage(folder: string): ReadonlyMap<string, PageDocument> {
  const generations = readdirSync(folder).flatMap(
    (name) => /^(?:snapshot|journal)-(\d+)\.jsonl$/.exec(name)?.[1] ?? [],
  );
  const generation = generations.reduce((high, text) => (Number(text) > high ? Number(text) : high), 0);
  const file = (kind: string): Buffer | undefined => {
    const name = `${kind}-${generation}.jsonl`;
    return readdirSync(folder).includes(name) ? readFileSync(join(folder, name)) : undefined;
  };
  return readFiles(file('snapshot'), file('journal'));
}

/** The same for the contents of the two files of one generation. */
export function readFiles(
  snapshot: Buffer | undefined,
  journal: Buffer | undefined,
): ReadonlyMap<string, PageDocument> {
  const documents = new Map<string, PageDocument>();
  const base = goodLines(snapshot ?? Buffer.alloc(0), 'snapshot');
  for (const line of base) apply(documents, line);
  const last = base.at(-1);
  const whole = snapshot === undefined || (last?.['kind'] === 'end' && last['documents'] === documents.size);
  if (whole && journal !== undefined) for (const line of goodLines(journal, 'journal')) apply(documents, line);
  return documents;
}

type Content = Readonly<Record<string, unknown>>;

function apply(documents: Map<string, PageDocument>, line: Content): void {
  if (line['kind'] === 'delete') documents.delete(String(line['unid']));
  if (line['kind'] !== 'put') return;
  const document = line['document'] as PageDocument;
  documents.set(document.unid, document);
}

function goodLines(data: Buffer, file: string): readonly Content[] {
  const contents: Content[] = [];
  for (let start = 0; ; ) {
    const end = data.indexOf(0x0a, start);
    const content = end < 0 ? undefined : contentOf(data.subarray(start, end), contents.length);
    if (content === undefined) break;
    contents.push(content);
    start = end + 1;
  }
  const [head, ...others] = contents;
  if (head === undefined) return [];
  if (head['format'] !== 'presence-bridge-store' || head['file'] !== file) throw new Error('the first line is wrong');
  if (head['version'] !== 1) throw new Error('the version is not known');
  return others;
}

function contentOf(line: Buffer, number: number): Content | undefined {
  const [checksum = '', count = ''] = line.toString('latin1').split(' ', 2);
  if (!/^[0-9a-f]{8}$/.test(checksum) || crc32(line.subarray(9)) !== Number.parseInt(checksum, 16)) return undefined;
  if (count !== String(number)) return undefined;
  try {
    return JSON.parse(line.toString('utf8', 8 + 1 + count.length + 1)) as Content;
  } catch {
    return undefined;
  }
}

function crc32(data: Buffer): number {
  let crc = 0xffffffff;
  for (const octet of data) {
    crc ^= octet;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
