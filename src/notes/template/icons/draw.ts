import { ICONS } from './catalogue.js';
import { encodeGif } from './gif-encode.js';
import { rasterize } from './raster.js';

/** Pixels of an icon's side in a view column. */
export const ICON_SIZE = 16;

/** All icons of the template as GIF files, by file name. `size` is the side in pixels. */
export function drawIcons(size: number = ICON_SIZE): ReadonlyMap<string, Buffer> {
  return new Map(Object.entries(ICONS).map(([name, layers]) => [name, encodeGif(rasterize(layers, size))]));
}
