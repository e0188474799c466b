import { type Colour, type Layer, rasterize } from './raster.js';
import { disc, roundedBox, stroke } from './shapes.js';

/** Pixels of the icon's side. */
export const DATABASE_ICON_SIZE = 32;

/** Head of an `IconBitmap` item as exports have it: kind, width, height, and what follows the mask. */
const HEAD = [0x02, DATABASE_ICON_SIZE, DATABASE_ICON_SIZE, 0x01, 0x00, 0x00] as const;

/**
 * Colours of Notes by their number in the bitmap. No documentation was found; with this order and rows from the bottom
 * upwards, icons of published databases look as they should.
 */
export const NOTES_COLOURS: readonly Colour[] = [
  '#000000',
  '#ffffff',
  '#ff0000',
  '#00ff00',
  '#0000ff',
  '#ff00ff',
  '#ffff00',
  '#00ffff',
  '#800000',
  '#008000',
  '#000080',
  '#800080',
  '#808000',
  '#008080',
  '#808080',
  '#c0c0c0',
];

/** Somebody available, and behind somebody who is busy. */
const LAYERS: readonly Layer[] = [
  { shape: roundedBox(7.8, 7.8, 15.8, 15.8, 2), colour: '#800000' },
  { shape: roundedBox(8.6, 8.6, 15, 15, 1.4), colour: '#ff0000' },
  { shape: disc(6.6, 6.6, 6.5), colour: '#ffffff' },
  { shape: disc(6.6, 6.6, 6), colour: '#008000' },
  { shape: stroke(1.7, [3.7, 6.9], [5.8, 9], [9.7, 4.6]), colour: '#ffffff' },
];

const LINE_LENGTH = 76;
const BITS_A_BYTE = 8;

/** The item `IconBitmap` of the database's icon note: head, mask of one bit a pixel (1 is transparent), four bits of colour. */
export function drawDatabaseIcon(): Buffer {
  const size = DATABASE_ICON_SIZE;
  const { palette, pixels } = rasterize(LAYERS, size);
  const mask = Buffer.alloc((size * size) / BITS_A_BYTE);
  const colours = Buffer.alloc((size * size) / 2);
  const numbers = palette.map(nearestColour);
  for (const [index, pixel] of pixels.entries()) {
    const place = (size - 1 - Math.floor(index / size)) * size + (index % size);
    if (pixel === 0) {
      const byte = Math.floor(place / BITS_A_BYTE);
      mask[byte] = (mask[byte] ?? 0) | (0x80 >> (place % BITS_A_BYTE));
    } else {
      const byte = Math.floor(place / 2);
      colours[byte] = (colours[byte] ?? 0) | ((numbers[pixel] ?? 0) << (place % 2 === 0 ? 4 : 0));
    }
  }
  return Buffer.concat([Buffer.from(HEAD), mask, colours]);
}

let drawnText: string | undefined;

/** The item as base64, in lines. */
export function databaseIconText(): string {
  // It never changes, and a template is built once for each language.
  drawnText ??= textOfIcon();
  return drawnText;
}

function textOfIcon(): string {
  return drawDatabaseIcon()
    .toString('base64')
    .replace(new RegExp(`.{${LINE_LENGTH}}(?!$)`, 'g'), '$&\n');
}

/** Number of the colour of Notes that is most like another. */
function nearestColour(colour: Colour): number {
  const wanted = channels(colour);
  const distances = NOTES_COLOURS.map((other) =>
    channels(other).reduce((sum, channel, index) => sum + (channel - (wanted[index] ?? 0)) ** 2, 0),
  );
  return distances.indexOf(Math.min(...distances));
}

function channels(colour: Colour): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}
