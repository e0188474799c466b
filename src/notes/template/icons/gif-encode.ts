import type { Bitmap } from './raster.js';

const MAX_CODE_BITS = 12;

/** A bitmap as a GIF (version 89a) with one transparent colour. The same bitmap gives the same bytes everywhere. */
export function encodeGif({ width, height, palette, pixels }: Bitmap): Buffer {
  if (palette.length > 256) throw new RangeError('a GIF has at most 256 colours');
  const paletteBits = Math.max(2, Math.ceil(Math.log2(palette.length)));
  const table = Buffer.alloc(3 * 2 ** paletteBits);
  for (const [index, colour] of palette.entries()) table.write(colour.slice(1), 3 * index, 'hex');

  const screen = Buffer.alloc(13);
  screen.write('GIF89a', 'latin1');
  screen.writeUInt16LE(width, 6);
  screen.writeUInt16LE(height, 8);
  // Global colour table, eight bits a channel, table of 2 to the power of paletteBits.
  screen[10] = 0x80 | 0x70 | (paletteBits - 1);

  // Graphic control extension: colour 0 is transparent.
  const control = Buffer.from([0x21, 0xf9, 4, 1, 0, 0, 0, 0]);
  const descriptor = Buffer.alloc(10);
  descriptor[0] = 0x2c;
  descriptor.writeUInt16LE(width, 5);
  descriptor.writeUInt16LE(height, 7);
  return Buffer.concat([
    screen,
    table,
    control,
    descriptor,
    Buffer.from([paletteBits]),
    ...subBlocks(compress(pixels, paletteBits)),
    Buffer.from([0x3b]),
  ]);
}

/** LZW with codes that grow, as in the GIF 89a specification, appendix F. */
function compress(pixels: Uint8Array, bits: number): Buffer {
  const clear = 2 ** bits;
  const end = clear + 1;
  const out = new BitWriter();
  let codes = new Map<number, number>();
  let codeBits = bits + 1;
  let next = end + 1;
  out.write(clear, codeBits);

  let prefix = pixels[0] ?? 0;
  for (const pixel of pixels.subarray(1)) {
    const sequence = prefix * 256 + pixel;
    const known = codes.get(sequence);
    if (known !== undefined) {
      prefix = known;
      continue;
    }
    out.write(prefix, codeBits);
    prefix = pixel;
    if (next < 2 ** MAX_CODE_BITS) {
      codes.set(sequence, next);
      if (next === 2 ** codeBits) codeBits += 1;
      next += 1;
    } else {
      out.write(clear, codeBits);
      codes = new Map();
      codeBits = bits + 1;
      next = end + 1;
    }
  }
  out.write(prefix, codeBits);
  // A reader has entered the last sequence by now, so its codes may have grown.
  if (next === 2 ** codeBits && codeBits < MAX_CODE_BITS) codeBits += 1;
  out.write(end, codeBits);
  return out.finish();
}

/** Packs codes, lowest bit first. */
class BitWriter {
  readonly #bytes: number[] = [];
  #pending = 0;
  #count = 0;

  write(code: number, bits: number): void {
    this.#pending |= code << this.#count;
    this.#count += bits;
    while (this.#count >= 8) {
      this.#bytes.push(this.#pending & 0xff);
      this.#pending >>>= 8;
      this.#count -= 8;
    }
  }

  finish(): Buffer {
    if (this.#count > 0) this.#bytes.push(this.#pending & 0xff);
    return Buffer.from(this.#bytes);
  }
}

function subBlocks(data: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  for (let start = 0; start < data.length; start += 255) {
    const block = data.subarray(start, start + 255);
    blocks.push(Buffer.from([block.length]), block);
  }
  return [...blocks, Buffer.from([0])];
}
