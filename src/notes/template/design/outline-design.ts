import { childrenOf, type XmlElement } from '../xml-tree.js';
import { type ElementNames, elementNames } from './element-names.js';
import { type Computed, type EventCode, eventCode, eventFormula, type FormulaCode } from './formula-code.js';
import { type LinkTarget, linkIn } from './link-target.js';

/** An outline: a list of entries, whose levels make it a tree. */
export interface OutlineDesign extends ElementNames {
  readonly entries: readonly OutlineEntry[];
}

export interface OutlineEntry {
  readonly label: Computed;
  readonly alias: string;
  /** 0 for the outermost. */
  readonly level: number;
  /** `none`, `action`, `link`, `namedelementlink`, `urllink`, `otherviews`, `otherfolders` and so on. */
  readonly type: string;
  readonly target: LinkTarget | undefined;
  readonly targetFrame: string | undefined;
  /** What an entry of type `action` does. */
  readonly click: EventCode | undefined;
  /** Clients that do not show it: `notes`, `web`. */
  readonly hide: readonly string[];
  readonly hideWhen: FormulaCode | undefined;
  /** Name of the image resource beside it. */
  readonly image: string | undefined;
}

const DEEPEST_LEVEL = 20;

export function readOutlineDesign(outline: XmlElement): OutlineDesign {
  return { ...elementNames(outline), entries: childrenOf(outline, 'outlineentry').map(readEntry) };
}

function readEntry(entry: XmlElement): OutlineEntry {
  const at = (name: string): string | undefined => entry.attributes.get(name);
  const target = linkIn(entry);
  const level = Number(at('level') ?? 0);
  return {
    label: eventFormula(entry, 'label') ?? at('label') ?? '',
    alias: at('alias') ?? '',
    level: Number.isInteger(level) ? Math.min(Math.max(level, 0), DEEPEST_LEVEL) : 0,
    type: at('type') ?? (target ? 'link' : 'none'),
    target,
    targetFrame: at('targetframe'),
    click: eventCode(entry, 'value') ?? eventCode(entry, 'click'),
    hide: (at('hide') ?? '').split(/\s+/).filter((token) => token !== ''),
    hideWhen: eventFormula(entry, 'hidewhen'),
    image: at('displayimage') === 'false' ? undefined : childrenOf(entry, 'imageref')[0]?.attributes.get('name'),
  };
}
