import type { Random } from '../../src/bridge/ports.js';

/** One way to spoil octets. Gives a new buffer. */
type Mutation = (bytes: Buffer, random: Random, pool: readonly Buffer[]) => Buffer;

const HEAD_END = Buffer.from('\r\n\r\n');
const RUNS = [
  'a',
  ' ',
  '\t',
  '"',
  '<',
  '>',
  ';',
  ',',
  '(',
  '%',
  '\\',
  ':',
  '@',
  '=',
  '0',
  '-',
  '\r',
  '\n',
  '\0',
  '\xff',
];
const LONGEST_RUN = 9_000;

const MUTATIONS: readonly Mutation[] = [
  flipBits,
  repeatChunk,
  dropChunk,
  editLength,
  shuffleHeaders,
  changeLineEnds,
  insertRun,
  splice,
];

/** Spoils one of the seeds, up to four times. The same random numbers give the same octets. */
export function mutated(seeds: readonly Buffer[], random: Random): Buffer {
  let bytes = seeds[below(seeds.length, random)] ?? Buffer.alloc(0);
  for (let count = 1 + below(4, random); count > 0; count--) {
    const mutation = MUTATIONS[below(MUTATIONS.length, random)];
    if (mutation !== undefined) bytes = mutation(bytes, random, seeds);
  }
  return bytes;
}

function below(limit: number, random: Random): number {
  return Math.floor(random.unit() * limit);
}

function flipBits(bytes: Buffer, random: Random): Buffer {
  const flipped = Buffer.from(bytes);
  for (let count = 1 + below(8, random); count > 0 && flipped.length > 0; count--) {
    const at = below(flipped.length, random);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << below(8, random));
  }
  return flipped;
}

function chunkOf(bytes: Buffer, random: Random): [from: number, to: number] {
  const from = below(bytes.length + 1, random);
  return [from, Math.min(bytes.length, from + 1 + below(200, random))];
}

function repeatChunk(bytes: Buffer, random: Random): Buffer {
  const [from, to] = chunkOf(bytes, random);
  const times = 1 + below(20, random);
  return Buffer.concat([bytes.subarray(0, to), ...Array(times).fill(bytes.subarray(from, to)), bytes.subarray(to)]);
}

function dropChunk(bytes: Buffer, random: Random): Buffer {
  const [from, to] = chunkOf(bytes, random);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
}

function editLength(bytes: Buffer, random: Random): Buffer {
  const lengths = ['0', '-1', '1', '4194304', '4194305', '99999999999999999999', '0x10', '', '1e3', '+5', '5 5', '５'];
  const length = lengths[below(lengths.length, random)] ?? '';
  const text = bytes.toString('latin1').replace(/^(Content-Length|l)(\s*:\s*)\d+/im, `$1$2${length}`);
  return Buffer.from(text, 'latin1');
}

function shuffleHeaders(bytes: Buffer, random: Random): Buffer {
  const end = bytes.indexOf(HEAD_END);
  if (end < 0) return bytes;
  const [start = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  for (let at = lines.length - 1; at > 0; at--) {
    const other = below(at + 1, random);
    [lines[at], lines[other]] = [lines[other] ?? '', lines[at] ?? ''];
  }
  return Buffer.concat([Buffer.from([start, ...lines].join('\r\n'), 'latin1'), bytes.subarray(end)]);
}

function changeLineEnds(bytes: Buffer, random: Random): Buffer {
  const ends = ['\n', '\r', '\r\r\n', '\n\r', '\r\n ', '\r\n\t', '\r\n\r\n'];
  const text = bytes.toString('latin1');
  const end = ends[below(ends.length, random)] ?? '\n';
  const changed = random.unit() < 0.5 ? text.replaceAll('\r\n', end) : text.replace('\r\n', end);
  return Buffer.from(changed, 'latin1');
}

function insertRun(bytes: Buffer, random: Random): Buffer {
  const at = below(bytes.length + 1, random);
  const run = Buffer.alloc(1 + below(LONGEST_RUN, random), RUNS[below(RUNS.length, random)] ?? 'a', 'latin1');
  return Buffer.concat([bytes.subarray(0, at), run, bytes.subarray(at)]);
}

function splice(bytes: Buffer, random: Random, pool: readonly Buffer[]): Buffer {
  const other = pool[below(pool.length, random)] ?? bytes;
  const [from] = chunkOf(bytes, random);
  const [behind] = chunkOf(other, random);
  return Buffer.concat([bytes.subarray(0, from), other.subarray(behind)]);
}
