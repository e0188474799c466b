import type { XmlElement } from '../xml-tree.js';
import { type ElementNames, elementNames } from './element-names.js';
import { type Computed, eventFormula } from './formula-code.js';
import { type LinkTarget, linkIn } from './link-target.js';

/** A frameset of the database; framesets inside it have the same shape without names. */
export interface FramesetDesign extends ElementNames, FrameGroup {
  /** Title of the window. */
  readonly windowTitle: Computed | undefined;
  /** Pixels between the frames. */
  readonly borderWidth: number;
}

export interface FrameGroup {
  readonly kind: 'frameset';
  /** How the frames divide the place; `rows` when neither is given. */
  readonly direction: 'rows' | 'columns';
  /** One for each part, in the order of `parts`. */
  readonly sizes: readonly FrameSize[];
  readonly parts: readonly (FrameGroup | FrameDesign)[];
}

/** Pixels, percent of the window, or a share of what the others leave. */
export interface FrameSize {
  readonly unit: 'px' | 'percent' | 'share';
  readonly value: number;
}

export interface FrameDesign {
  readonly kind: 'frame';
  readonly name: string;
  /** Frame in which links of this one open. */
  readonly targetFrame: string | undefined;
  readonly content: LinkTarget | undefined;
  readonly hasInitialFocus: boolean;
  readonly canResize: boolean;
  readonly scrolling: 'always' | 'never' | 'auto';
}

const DEFAULT_BORDER = 7;
const REST: FrameSize = { unit: 'share', value: 1 };

export function readFramesetDesign(frameset: XmlElement): FramesetDesign {
  const width = Number.parseFloat(frameset.attributes.get('borderwidth') ?? '');
  return {
    ...elementNames(frameset),
    ...readGroup(frameset),
    windowTitle: eventFormula(frameset, 'windowtitle'),
    borderWidth: width >= 0 ? width : DEFAULT_BORDER,
  };
}

function readGroup(frameset: XmlElement): FrameGroup {
  const columns = sizesOf(frameset.attributes.get('columns'));
  const rows = sizesOf(frameset.attributes.get('rows'));
  const isBeside = columns.length > 1 || (columns.length > 0 && rows.length === 0);
  const sizes = isBeside ? columns : rows;
  const parts = frameset.children.flatMap((child): (FrameGroup | FrameDesign)[] =>
    child.name === 'frameset' ? [readGroup(child)] : child.name === 'frame' ? [readFrame(child)] : [],
  );
  return {
    kind: 'frameset',
    direction: isBeside ? 'columns' : 'rows',
    sizes: parts.map((_, index) => sizes[index] ?? REST),
    parts,
  };
}

function readFrame(frame: XmlElement): FrameDesign {
  const at = (name: string): string | undefined => frame.attributes.get(name);
  const scrolling = at('scrolling');
  return {
    kind: 'frame',
    name: at('name') ?? '',
    targetFrame: at('targetframe'),
    content: linkIn(frame),
    hasInitialFocus: at('initialfocus') === 'true',
    canResize: at('noresize') !== 'true',
    scrolling: scrolling === 'always' || scrolling === 'never' ? scrolling : 'auto',
  };
}

function sizesOf(list: string | undefined): FrameSize[] {
  return (list ?? '').split(/\s+/).flatMap((entry): FrameSize[] => {
    // A share is written with an asterisk by exporters, and without one in the comments of the DTD.
    const [, digits, unit] = /^(\d{1,5}(?:\.\d{1,4})?)(px|%|\*)?$/.exec(entry) ?? [];
    if (digits === undefined) return [];
    return [{ unit: unit === 'px' ? 'px' : unit === '%' ? 'percent' : 'share', value: Number(digits) }];
  });
}
