import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawIcon } from '../../../../src/notes/template/icons/draw.js';
import { decodeGif, type GifImage } from '../../../../src/notes/template/icons/gif-decode.js';
import { encodeGif } from '../../../../src/notes/template/icons/gif-encode.js';
import { readTemplateSource } from '../../../../src/notes/template/source/source.js';
import { imagesOf } from '../../../../src/notes/template/source/statuses.js';
import { TEMPLATE_FOLDER } from '../../../support/template.js';

/** Where the documents take their pictures from. */
const FOLDER = 'docs/images/icons';
const { statuses } = readTemplateSource(TEMPLATE_FOLDER);
const described = statuses ? imagesOf(statuses) : [];
const icons = described.map(({ name, icon }): [string, Buffer] => [name, drawIcon(icon)]);

/** After a change of a drawing: `REDRAW_ICONS=1 npx vitest run test/notes/template/icons`. */
if (process.env['REDRAW_ICONS']) for (const [name, gif] of icons) writeFileSync(join(FOLDER, name), gif);

function decoded(gif: Buffer): GifImage {
  const image = decodeGif(gif);
  if (!image.ok) throw new Error(image.reason);
  return image.value;
}

/** Each pixel as 0 (transparent), or lightness from 1 (black) to 256 (white). */
function greyscale(gif: Buffer): number[] {
  const { palette, pixels, transparent } = decoded(gif);
  return [...pixels].map((pixel) => {
    if (pixel === transparent) return 0;
    const value = Number.parseInt((palette[pixel] ?? '#000000').slice(1), 16);
    return 1 + Math.round(0.299 * (value >> 16) + 0.587 * ((value >> 8) & 255) + 0.114 * (value & 255));
  });
}

/** Black and white only, as somebody sees it who sees no colours at all: light pixels and the background are white. */
function oneBit(gif: Buffer): string {
  return greyscale(gif)
    .map((lightness) => (lightness > 0 && lightness < 170 ? '#' : '.'))
    .join('');
}

function differences(a: string, b: string): number {
  return [...a].filter((pixel, index) => pixel !== b[index]).length;
}

describe('icons', () => {
  test.each(icons)('%s in the documents is the one that the code draws', (name, gif) => {
    expect(readFileSync(join(FOLDER, name)).equals(gif)).toBe(true);
  });

  test.each(icons)('%s is 16 by 16 pixels with a transparent edge', (_, gif) => {
    const image = decoded(gif);
    expect([image.width, image.height, image.transparent]).toEqual([16, 16, 0]);
    const corners = [0, 15, 240, 255].map((index) => image.pixels[index]);
    expect(corners).toEqual([0, 0, 0, 0]);
  });

  test('any two differ in shape, not only in colour', () => {
    const close = icons.flatMap(([name, gif], index) =>
      icons
        .slice(index + 1)
        .filter(([, other]) => differences(oneBit(gif), oneBit(other)) < 12)
        .map(([other]) => `${name} and ${other}`),
    );
    expect(close).toEqual([]);
  });

  test.each(icons)('%s is seen on a white and on a dark row', (_, gif) => {
    const seen = greyscale(gif).filter((lightness) => lightness > 0);
    expect(seen.filter((lightness) => lightness < 150).length).toBeGreaterThan(20);
    expect(seen.filter((lightness) => lightness > 60).length).toBeGreaterThan(20);
  });

  test('a larger size has the same drawing', () => {
    const [first] = described;
    expect(first && decoded(drawIcon(first.icon, 32)).width).toBe(32);
  });
});

describe('GIF', () => {
  test('whatever the pixels, reading gives back what was written', () => {
    const bitmap = fc
      .record({
        width: fc.integer({ min: 1, max: 90 }),
        height: fc.integer({ min: 1, max: 90 }),
        colours: fc.integer({ min: 2, max: 256 }),
      })
      .chain(({ width, height, colours }) =>
        fc.record({
          width: fc.constant(width),
          height: fc.constant(height),
          palette: fc.constant(
            Array.from({ length: colours }, (_, index): `#${string}` => `#${index.toString(16).padStart(6, '0')}`),
          ),
          pixels: fc
            .uint8Array({ minLength: width * height, maxLength: width * height })
            .map((raw) => raw.map((pixel) => pixel % colours)),
        }),
      );
    fc.assert(
      fc.property(bitmap, (drawn) => {
        const read = decoded(encodeGif(drawn));
        expect(read.pixels).toEqual(Uint8Array.from(drawn.pixels));
        expect(read.palette.slice(0, drawn.palette.length)).toEqual(drawn.palette);
      }),
      { numRuns: 60 },
    );
  });

  test('a picture with more codes than the table holds starts a new table', () => {
    const pixels = Uint8Array.from({ length: 200 * 200 }, (_, index) => (index * 7919 + (index >> 3)) % 251);
    const palette = Array.from({ length: 256 }, (): `#${string}` => '#000000');
    expect(decoded(encodeGif({ width: 200, height: 200, palette, pixels })).pixels).toEqual(pixels);
  });

  test.each([
    ['a text', Buffer.from('this is not a picture'), 'the file does not begin like a GIF'],
    ['nothing', Buffer.alloc(0), 'the file ends too early'],
  ])('%s is refused', (_, data, reason) => {
    expect(decodeGif(data)).toEqual({ ok: false, reason });
  });

  test('a picture cut off anywhere is refused', () => {
    const [first] = icons;
    const gif = first?.[1] ?? Buffer.alloc(0);
    for (let length = 0; length < gif.length; length += 1) expect(decodeGif(gif.subarray(0, length)).ok).toBe(false);
  });

  test('bytes after the end are refused', () => {
    const [first] = icons;
    const gif = Buffer.concat([first?.[1] ?? Buffer.alloc(0), Buffer.from('x')]);
    expect(decodeGif(gif)).toEqual({ ok: false, reason: 'there are bytes after the end' });
  });

  test('whatever the bytes, reading never throws', () => {
    const [first] = icons;
    const gif = first?.[1] ?? Buffer.alloc(0);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(gif.length - 1), fc.nat(255)), { maxLength: 8 }), (changes) => {
        const broken = Buffer.from(gif);
        for (const [index, byte] of changes) broken[index] = byte;
        decodeGif(broken);
      }),
    );
  });
});
