import type { XmlElement } from '../xml-tree.js';
import type { Font } from './form-model.js';
import { colourOf, pixelsOf } from './measures.js';

export const PLAIN_FONT: Font = {
  size: undefined,
  color: undefined,
  name: undefined,
  bold: false,
  italic: false,
  underline: false,
  strikethrough: false,
  raised: undefined,
};

const SMALLEST = 1;
const LARGEST = 250;
const PIXELS_OF_POINT = 96 / 72;

/** Reads a `font` element; without one the default font. */
export function readFont(font: XmlElement | undefined): Font {
  if (!font) return PLAIN_FONT;
  const styles = (font.attributes.get('style') ?? '').split(/\s+/);
  const pixels = pixelsOf(font.attributes.get('size'));
  const size = pixels === undefined ? undefined : Math.round((pixels / PIXELS_OF_POINT) * 10) / 10;
  return {
    size: size === undefined ? undefined : Math.min(Math.max(size, SMALLEST), LARGEST),
    color: colourOf(font.attributes.get('color')),
    name: font.attributes.get('name'),
    bold: styles.includes('bold'),
    italic: styles.includes('italic'),
    underline: styles.includes('underline'),
    strikethrough: styles.includes('strikethrough'),
    raised: styles.includes('superscript') ? 'superscript' : styles.includes('subscript') ? 'subscript' : undefined,
  };
}
