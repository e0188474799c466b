import { bad, ok, type Result } from '../../../presence/result.js';

/** What a GIF of one picture holds. */
export interface GifImage {
  readonly width: number;
  readonly height: number;
  /** Colours as `#rrggbb`. */
  readonly palette: readonly string[];
  readonly pixels: Uint8Array;
  /** Palette index of transparent pixels. */
  readonly transparent: number | undefined;
}

export interface GifLimits {
  /** Bytes of the file. */
  readonly size: number;
  /** Pixels of a side. */
  readonly side: number;
}

const ICON_LIMITS: GifLimits = { size: 65_536, side: 256 };

/** Reads a GIF strictly: one picture, whole, not interlaced, nothing after its end. Says what is wrong otherwise. */
export function decodeGif(data: Buffer, limits: GifLimits = ICON_LIMITS): Result<GifImage> {
  if (data.length > limits.size) return bad(`the file has more than ${limits.size} bytes`);
  if (data.length < 14) return bad('the file ends too early');
  if (!/^GIF8[79]a$/.test(data.toString('latin1', 0, 6))) return bad('the file does not begin like a GIF');
  const [width, height] = [data.readUInt16LE(6), data.readUInt16LE(8)];
  if (width === 0 || height === 0) return bad('the picture is empty');
  if (width > limits.side || height > limits.side) return bad(`the picture is larger than ${limits.side} pixels`);
  const flags = data.readUInt8(10);
  if ((flags & 0x80) === 0) return bad('the global colour table is missing');
  const colours = 2 ** ((flags & 7) + 1);
  const tableEnd = 13 + 3 * colours;
  if (data.length < tableEnd) return bad('the file ends within the colour table');
  const palette = Array.from(
    { length: colours },
    (_, index) => `#${data.toString('hex', 13 + 3 * index, 16 + 3 * index)}`,
  );
  const blocks = readBlocks(data, tableEnd);
  if (!blocks.ok) return blocks;
  const { descriptor, codes, bits, transparent } = blocks.value;
  if (
    descriptor.readUInt32LE(1) !== 0 ||
    descriptor.readUInt16LE(5) !== width ||
    descriptor.readUInt16LE(7) !== height
  ) {
    return bad('the picture does not fill its frame');
  }
  if ((descriptor.readUInt8(9) & 0xc0) !== 0)
    return bad('interlaced pictures and local colour tables are not supported');
  const pixels = decompress(codes, bits, width * height);
  if (!pixels.ok) return pixels;
  if (pixels.value.some((pixel) => pixel >= colours)) return bad('a pixel has a colour that is not in the table');
  return ok({ width, height, palette, pixels: pixels.value, transparent });
}

interface Blocks {
  readonly descriptor: Buffer;
  readonly bits: number;
  readonly codes: Buffer;
  readonly transparent: number | undefined;
}

function readBlocks(data: Buffer, start: number): Result<Blocks> {
  let offset = start;
  let transparent: number | undefined;
  let image: Omit<Blocks, 'transparent'> | undefined;
  while (offset < data.length) {
    const kind = data[offset];
    if (kind === 0x3b) {
      if (!image) return bad('there is no picture');
      return offset + 1 === data.length ? ok({ ...image, transparent }) : bad('there are bytes after the end');
    }
    const isImage = kind === 0x2c;
    if (!isImage && kind !== 0x21) return bad('a block of an unknown kind');
    if (isImage && image) return bad('there is more than one picture');
    const bodyStart = offset + (isImage ? 11 : 2);
    const body = readSubBlocks(data, bodyStart);
    if (!body.ok) return body;
    if (isImage) {
      image = { descriptor: data.subarray(offset, offset + 10), bits: data[offset + 10] ?? 0, codes: body.value.data };
    } else if (data[offset + 1] === 0xf9) {
      if (body.value.data.length !== 4) return bad('the graphic control block has a wrong size');
      if (((body.value.data[0] ?? 0) & 1) === 1) transparent = body.value.data[3];
    }
    offset = body.value.end;
  }
  return bad('the end mark is missing');
}

function readSubBlocks(data: Buffer, start: number): Result<{ readonly data: Buffer; readonly end: number }> {
  const parts: Buffer[] = [];
  let offset = start;
  for (;;) {
    const length = data[offset];
    if (length === undefined || offset + length >= data.length) return bad('the file ends within a block');
    offset += 1;
    if (length === 0) return ok({ data: Buffer.concat(parts), end: offset });
    parts.push(data.subarray(offset, offset + length));
    offset += length;
  }
}

/** Undoes LZW; refuses codes that cannot stand where they stand, and any other number of pixels than wanted. */
function decompress(codes: Buffer, bits: number, wanted: number): Result<Uint8Array> {
  if (bits < 2 || bits > 8) return bad('the code size is out of range');
  const clear = 2 ** bits;
  const pixels = new Uint8Array(wanted);
  let filled = 0;
  let table: number[][] = [];
  let previous: number[] | undefined;
  let codeBits = bits + 1;
  let pending = 0;
  let count = 0;
  for (const byte of codes) {
    pending |= byte << count;
    count += 8;
    while (count >= codeBits) {
      const code = pending & (2 ** codeBits - 1);
      pending >>>= codeBits;
      count -= codeBits;
      if (code === clear) {
        table = [];
        previous = undefined;
        codeBits = bits + 1;
        continue;
      }
      if (code === clear + 1) return filled === wanted ? ok(pixels) : bad('there are too few pixels');
      const known: number[] | undefined = code < clear ? [code] : table[code - clear - 2];
      const isNext = code === clear + 2 + table.length;
      if (!known && !(previous && isNext)) return bad('a code that is not in the table');
      const sequence: number[] = known ?? [...(previous ?? []), previous?.[0] ?? 0];
      if (filled + sequence.length > wanted) return bad('there are too many pixels');
      pixels.set(sequence, filled);
      filled += sequence.length;
      if (previous && clear + 2 + table.length < 4096) {
        table.push([...previous, sequence[0] ?? 0]);
        if (clear + 2 + table.length === 2 ** codeBits && codeBits < 12) codeBits += 1;
      }
      previous = sequence;
    }
  }
  return bad('the pixels have no end mark');
}
