import { childrenOf, type XmlElement } from '../xml-tree.js';
import type { PictureDesign } from './form-model.js';
import { eventFormula } from './formula-code.js';
import { pixelsOf } from './measures.js';

const FORMATS = ['gif', 'jpeg', 'png'] as const;

/** Reads a `picture` element; nothing when its format is one that browsers cannot show. */
export function readPicture(picture: XmlElement): PictureDesign | undefined {
  const at = (name: string): string | undefined => picture.attributes.get(name);
  const source = sourceOf(picture);
  if (source === undefined) return undefined;
  return {
    kind: 'picture',
    source,
    alt: at('alttext') ?? '',
    width: pixelsOf(at('scaledwidth') ?? at('width')),
    height: pixelsOf(at('scaledheight') ?? at('height')),
    align: at('align') ?? 'baseline',
  };
}

function sourceOf(picture: XmlElement): PictureDesign['source'] | undefined {
  const [reference] = childrenOf(picture, 'imageref');
  if (reference) return eventFormula(reference, 'value') ?? reference.attributes.get('name') ?? '';
  const format = FORMATS.find((name) => childrenOf(picture, name).length > 0);
  const [data] = format ? childrenOf(picture, format) : [];
  return data && { kind: 'data', type: `image/${format}`, data: Buffer.from(data.text, 'base64') };
}
