import type { XmlElement } from '../xml-tree.js';
import type { ParagraphStyle } from './form-model.js';
import { eventFormula } from './formula-code.js';
import { lengthOf } from './measures.js';

/** A paragraph without a `pardef`. */
export const PLAIN_PARAGRAPH: ParagraphStyle = {
  align: 'left',
  leftMargin: undefined,
  firstLineMargin: undefined,
  rightMargin: undefined,
  lineSpacing: 1,
  spaceBefore: 1,
  spaceAfter: 1,
  list: 'none',
  hide: [],
  hideWhen: undefined,
};

const ALIGNS = ['left', 'right', 'center', 'full', 'none'] as const;
const LISTS = /^(?:bullet|number|check|uncheck|circle|square|alphaupper|alphalower|romanupper|romanlower)$/;

/** Reads a `pardef` element. */
export function readParagraphStyle(pardef: XmlElement): ParagraphStyle {
  const at = (name: string): string => pardef.attributes.get(name) ?? '';
  const lines = (name: string): number => (at(name) === '1.5' ? 1.5 : at(name) === '2' ? 2 : 1);
  return {
    align: ALIGNS.find((align) => align === at('align')) ?? 'left',
    leftMargin: lengthOf(at('leftmargin')),
    firstLineMargin: lengthOf(at('firstlineleftmargin')),
    rightMargin: lengthOf(at('rightmargin')),
    lineSpacing: lines('linespacing'),
    spaceBefore: lines('spacebefore'),
    spaceAfter: lines('spaceafter'),
    list: LISTS.test(at('list')) ? at('list') : 'none',
    hide: at('hide')
      .split(/\s+/)
      .filter((token) => token !== ''),
    hideWhen: eventFormula(pardef, 'hidewhen'),
  };
}
