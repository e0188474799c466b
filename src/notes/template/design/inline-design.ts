import { childrenOf, childText, type XmlElement } from '../xml-tree.js';
import { readFieldDesign } from './field-design.js';
import { PLAIN_FONT, readFont } from './font-design.js';
import type { Font, Inline, Undrawn } from './form-model.js';
import { eventCode, eventFormula } from './formula-code.js';
import { isLink, readLink } from './link-target.js';
import { colourOf, lengthOf, pixelsOf } from './measures.js';
import { readPicture } from './picture-design.js';
import { withoutIndentation } from './rich-text-whitespace.js';

/** What holds for the text of an element and everything in it. */
interface Surroundings {
  readonly font: Font;
  readonly keepsIndentation: boolean;
  readonly undrawn: Undrawn[];
}

/** Reads what stands in a paragraph, in its order. What the model has no words for is added to `undrawn`. */
export function readInlines(par: XmlElement, undrawn: Undrawn[], keepsIndentation: boolean): Inline[] {
  return partsOf(par, { font: PLAIN_FONT, keepsIndentation, undrawn });
}

/** Elements that only stand around others. */
const TRANSPARENT = ['span', 'region'];
/** Parts of their parent, or without a look of their own. */
const SILENT = ['font', 'code', 'popuptext', 'border', 'anchor', 'namedelementref'];

function partsOf(container: XmlElement, around: Surroundings): Inline[] {
  return container.content.flatMap((part): Inline[] => {
    if (typeof part !== 'string') return inlineOf(part, around);
    const text = around.keepsIndentation ? part : withoutIndentation(part);
    return text === '' ? [] : [{ kind: 'text', text, font: around.font }];
  });
}

function inlineOf(element: XmlElement, around: Surroundings): Inline[] {
  const at = (name: string): string | undefined => element.attributes.get(name);
  const { font } = around;
  const within = (): Inline[] => partsOf(element, around);
  if (isLink(element)) {
    const target = readLink(element);
    if (target.kind === 'id') report(element, around, 'a link by an id leads nowhere here');
    return [{ kind: 'link', target, targetFrame: at('targetframe'), parts: within() }];
  }
  switch (element.name) {
    case 'run':
      return runOf(element, around);
    case 'break':
      return [{ kind: 'break' }];
    case 'field':
      return [{ kind: 'field', field: readFieldDesign(element), font }];
    case 'computedtext': {
      const value = eventFormula(element, 'value');
      return value ? [{ kind: 'computed-text', value, font }] : [];
    }
    case 'picture':
      return pictureOf(element, around);
    case 'button':
      return [buttonOf(element, around)];
    case 'horizrule':
      return [
        {
          kind: 'rule',
          height: pixelsOf(at('height') ?? '.0729in') ?? 1,
          width: lengthOf(at('width') ?? '100%'),
          color: colourOf(at('color')),
        },
      ];
    case 'actionhotspot':
      return [{ kind: 'hotspot', click: eventCode(element, 'click'), parts: within() }];
    case 'popup': {
      const text = eventFormula(element, 'value') ?? childText(element, 'popuptext');
      return [{ kind: 'popup', text, parts: within() }];
    }
    case 'embeddedoutline':
      return [
        {
          kind: 'outline',
          outline: at('outline') ?? '',
          name: at('name') ?? '',
          isTree: at('type') !== 'flat',
          targetFrame: at('targetframe'),
        },
      ];
    default:
      if (TRANSPARENT.includes(element.name)) return within();
      if (SILENT.includes(element.name)) return [];
      report(element, around, 'the preview cannot draw it');
      return [{ kind: 'undrawn', element: element.name }];
  }
}

function report(element: XmlElement, { undrawn }: Surroundings, reason: string): void {
  undrawn.push({ element: element.name, line: element.line, reason });
}

function runOf(run: XmlElement, around: Surroundings): Inline[] {
  if (run.attributes.get('html') === 'true') {
    report(run, around, 'HTML that passes through to browsers is shown as text');
  }
  const keeps = run.attributes.get('keepindentation');
  const [own] = childrenOf(run, 'font');
  return partsOf(run, {
    ...around,
    font: own ? readFont(own) : around.font,
    keepsIndentation: keeps === undefined ? around.keepsIndentation : keeps === 'true',
  });
}

function pictureOf(element: XmlElement, around: Surroundings): Inline[] {
  const picture = readPicture(element);
  if (picture) return [picture];
  report(element, around, 'only image resources, GIF, JPEG and PNG are drawn');
  return [{ kind: 'undrawn', element: element.name }];
}

function buttonOf(button: XmlElement, around: Surroundings): Inline {
  const [own] = childrenOf(button, 'font');
  return {
    kind: 'button',
    label: eventFormula(button, 'label') ?? withoutIndentation(button.text),
    click: eventCode(button, 'click'),
    hideWhen: eventFormula(button, 'hidewhen'),
    font: own ? readFont(own) : around.font,
  };
}
