import type { Shape } from './shapes.js';

/** `#rrggbb`. */
export type Colour = `#${string}`;

/** A region in one colour. Later layers cover earlier ones. */
export interface Layer {
  readonly shape: Shape;
  readonly colour: Colour;
}

/** Pixels as indexes into a palette; index 0 is transparent and its palette entry is never seen. */
export interface Bitmap {
  readonly width: number;
  readonly height: number;
  readonly palette: readonly Colour[];
  readonly pixels: Uint8Array;
}

/** Units of the drawing field in both directions. */
export const FIELD = 16;

const SAMPLES = 8;
const TRANSPARENT: Colour = '#ffffff';

/**
 * Draws layers on a square of `size` pixels. Inside an icon edges are smooth; its outer edge is not, because a GIF
 * knows no half transparency and a view's rows have different colours.
 */
export function rasterize(layers: readonly Layer[], size: number): Bitmap {
  const palette: Colour[] = [TRANSPARENT];
  const pixels = new Uint8Array(size * size);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const colour = pixelColour(layers, x, y, size);
      if (!colour) continue;
      const known = palette.indexOf(colour, 1);
      pixels[y * size + x] = known > 0 ? known : palette.push(colour) - 1;
    }
  }
  return { width: size, height: size, palette, pixels };
}

/** Mean colour of a pixel's covered samples, or `undefined` when less than half of it is covered. */
function pixelColour(layers: readonly Layer[], x: number, y: number, size: number): Colour | undefined {
  const sum = [0, 0, 0];
  let covered = 0;
  for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
    const px = ((x + ((sample % SAMPLES) + 0.5) / SAMPLES) * FIELD) / size;
    const py = ((y + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) * FIELD) / size;
    const top = layers.findLast((layer) => layer.shape(px, py));
    if (!top) continue;
    covered += 1;
    for (let channel = 0; channel < 3; channel += 1) {
      sum[channel] = (sum[channel] ?? 0) + Number.parseInt(top.colour.slice(1 + 2 * channel, 3 + 2 * channel), 16);
    }
  }
  if (covered < (SAMPLES * SAMPLES) / 2) return undefined;
  return `#${sum.map((total) => channelText(total / covered)).join('')}`;
}

/** Steps of 17 (`00`, `11` ... `ff`) keep palettes small; the eye does not miss the rest at this size. */
function channelText(value: number): string {
  return Math.round(value / 17)
    .toString(16)
    .repeat(2);
}
