import { BridgeError } from '../../../presence/errors.js';
import { childrenOf, childText, readXml, type XmlElement } from '../xml-tree.js';
import { readSharedActions, type SharedActions } from './action-design.js';
import { readFormDesign } from './form-design.js';
import type { FormDesign } from './form-model.js';
import { type FramesetDesign, readFramesetDesign } from './frameset-design.js';
import { type LaunchDesign, readLaunchDesign } from './launch-design.js';
import { type OutlineDesign, readOutlineDesign } from './outline-design.js';
import { type CompiledFormulas, readViewDesign, type ViewDesign } from './view-design.js';

/** What readers of a built template need of it. Lists are in the order of the DXL; `findNamed` looks into them. */
export interface Design {
  readonly title: string;
  /** Name under which other databases inherit the design; empty when it is no template. */
  readonly templateName: string;
  readonly views: readonly ViewDesign[];
  readonly images: ReadonlyMap<string, ImageDesign>;
  readonly forms: readonly FormDesign[];
  readonly subforms: readonly FormDesign[];
  readonly pages: readonly FormDesign[];
  readonly about: FormDesign | undefined;
  readonly using: FormDesign | undefined;
  readonly outlines: readonly OutlineDesign[];
  readonly framesets: readonly FramesetDesign[];
  readonly sharedActions: SharedActions;
  readonly launch: LaunchDesign;
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
  const formulas: CompiledFormulas = new Map();
  const sharedActions = readSharedActions(root);
  const formsOf = (kind: string): FormDesign[] =>
    childrenOf(root, kind).map((element) => readFormDesign(element, sharedActions));
  return {
    title: root.attributes.get('title') ?? '',
    templateName: root.attributes.get('templatename') ?? '',
    views: childrenOf(root, 'view').map((view) => readViewDesign(view, formulas)),
    images: new Map(
      childrenOf(root, 'imageresource').map((image) => [image.attributes.get('name') ?? '', readImage(image)]),
    ),
    forms: formsOf('form'),
    subforms: formsOf('subform'),
    pages: formsOf('page'),
    about: formsOf('helpaboutdocument')[0],
    using: formsOf('helpusingdocument')[0],
    outlines: childrenOf(root, 'outline').map(readOutlineDesign),
    framesets: childrenOf(root, 'frameset').map(readFramesetDesign),
    sharedActions,
    launch: readLaunchDesign(root),
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
