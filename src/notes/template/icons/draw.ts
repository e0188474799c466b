import { BODIES, type IconDescription, SIGNS, TONES, type Tone } from './catalogue.js';
import { encodeGif } from './gif-encode.js';
import { type Layer, rasterize } from './raster.js';

/** Pixels of an icon's side in a view column. */
export const ICON_SIZE = 16;

/** Pictures of a catalogue, which is read once and drawn for each language. */
const DRAWN = new WeakMap<IconDescription, Map<number, Buffer>>();

/** An icon as a GIF file. `size` is the side in pixels. Names that nobody knows draw nothing. */
export function drawIcon(icon: IconDescription, size: number = ICON_SIZE): Buffer {
  const sizes = DRAWN.get(icon) ?? new Map<number, Buffer>();
  DRAWN.set(icon, sizes);
  const drawn = sizes.get(size) ?? draw(icon, size);
  sizes.set(size, drawn);
  // A copy, since buffers can be changed.
  return Buffer.from(drawn);
}

function draw({ body, tone, sign, half = false }: IconDescription, size: number): Buffer {
  const colours: Tone | undefined = (TONES as Readonly<Record<string, Tone>>)[tone];
  const mark = sign === undefined ? undefined : SIGNS[sign];
  const layers: Layer[] = colours ? [...(BODIES[body]?.(colours, half) ?? [])] : [];
  if (mark && colours) layers.push({ shape: mark, colour: colours.sign });
  return encodeGif(rasterize(layers, size));
}
