import { crc32 } from 'node:zlib';

/**
 * Lines of the embedded database's files: `checksum number content`, the checksum (CRC-32, 8 hexadecimal digits)
 * covering what follows it, the number counting from 0, the content JSON. A reader can therefore tell a whole line from
 * a torn one, and see that a line is missing.
 */
export function encodeLine(number: number, content: unknown): string {
  const body = `${number} ${JSON.stringify(content)}`;
  return `${checksum(body)} ${body}\n`;
}

export interface Lines {
  readonly contents: readonly unknown[];
  /** Where reading ended early; everything before it is good. */
  readonly damage?: Damage;
}

export interface Damage {
  /** `torn`: the last line is not whole, as after a sudden end. `damaged`: lines follow that were given up too. */
  readonly kind: 'torn' | 'damaged';
  /** Number of the first bad line, from 0. */
  readonly line: number;
  readonly droppedBytes: number;
}

const NEWLINE = 0x0a;

/** Reads lines up to the first that is not good. Never throws. */
export function decodeLines(data: Buffer): Lines {
  const contents: unknown[] = [];
  for (let start = 0; start < data.length; ) {
    const end = data.indexOf(NEWLINE, start);
    const line = end < 0 ? undefined : decodeLine(data.subarray(start, end), contents.length);
    if (line === undefined) {
      const isLast = end < 0 || end === data.length - 1;
      const kind = isLast ? 'torn' : 'damaged';
      return { contents, damage: { kind, line: contents.length, droppedBytes: data.length - start } };
    }
    contents.push(line.content);
    start = end + 1;
  }
  return { contents };
}

const CHECKSUM_LENGTH = 8;

function decodeLine(line: Buffer, number: number): { readonly content: unknown } | undefined {
  const body = line.subarray(CHECKSUM_LENGTH + 1);
  if (line.toString('latin1', 0, CHECKSUM_LENGTH + 1) !== `${checksum(body)} `) return undefined;
  const text = body.toString('utf8');
  const prefix = `${number} `;
  if (!text.startsWith(prefix)) return undefined;
  try {
    return { content: JSON.parse(text.slice(prefix.length)) as unknown };
  } catch {
    return undefined;
  }
}

function checksum(body: string | Buffer): string {
  return crc32(body).toString(16).padStart(CHECKSUM_LENGTH, '0');
}
