import { BridgeError } from '../../presence/errors.js';
import { readViewDesign, type ViewDesign } from './view-design.js';
import { childrenOf, childText, readXml, type XmlElement } from './xml-tree.js';

/** What readers of a built template need of it. */
export interface Design {
  readonly title: string;
  /** In the order of the DXL. */
  readonly views: readonly ViewDesign[];
  readonly images: ReadonlyMap<string, ImageDesign>;
}

export interface ImageDesign {
  /** Media type. */
  readonly type: string;
  readonly data: Buffer;
  /** What a screen reader says. */
  readonly label: string;
}

/** Reads a built DXL database. Throws `BridgeError` (`TEMPLATE_INVALID`) with the line. */
export function readDesign(dxl: string): Design {
  const outcome = readXml(dxl);
  if (!outcome.ok) {
    const { line, reason } = outcome;
    throw new BridgeError('TEMPLATE_INVALID', `line ${line}: ${reason}`, { details: { line } });
  }
  const { root } = outcome;
  return {
    title: root.attributes.get('title') ?? '',
    views: childrenOf(root, 'view').map(readViewDesign),
    images: new Map(
      childrenOf(root, 'imageresource').map((image) => [image.attributes.get('name') ?? '', readImage(image)]),
    ),
  };
}

/** The element's comment says what the picture means; without one its name does. */
function readImage(image: XmlElement): ImageDesign {
  const comment = childrenOf(image, 'item').find((item) => item.attributes.get('name') === '$Comment');
  const words = (image.attributes.get('name') ?? '').replace(/\.[a-z]+$/i, '').replaceAll('-', ' ');
  const kind = ['gif', 'png', 'jpeg'].find((name) => childrenOf(image, name).length > 0) ?? 'gif';
  return {
    type: `image/${kind}`,
    data: Buffer.from(childText(image, kind), 'base64'),
    label: (comment && childText(comment, 'text')) || words,
  };
}
