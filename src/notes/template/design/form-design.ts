import { childrenOf, type XmlElement } from '../xml-tree.js';
import { readActions, type SharedActions } from './action-design.js';
import { elementNames } from './element-names.js';
import type { FormDesign, Undrawn } from './form-model.js';
import { type EventCode, eventCode, eventFormula } from './formula-code.js';
import { colourOf } from './measures.js';
import { readRichText } from './rich-text-design.js';

const KINDS: Readonly<Record<string, FormDesign['kind']>> = {
  form: 'form',
  subform: 'subform',
  page: 'page',
  helpaboutdocument: 'about',
  helpusingdocument: 'using',
};

/** Reads a `form`, `subform`, `page`, `helpaboutdocument` or `helpusingdocument` element. Never throws. */
export function readFormDesign(element: XmlElement, shared: SharedActions): FormDesign {
  const flag = (name: string): boolean => element.attributes.get(name) === 'true';
  const undrawn: Undrawn[] = [];
  const [body] = childrenOf(element, 'body');
  const richText = body && childrenOf(body, 'richtext')[0];
  for (const lost of lostActions(element, shared)) undrawn.push(lost);
  return {
    ...elementNames(element),
    kind: KINDS[element.name] ?? 'form',
    background: colourOf(element.attributes.get('bgcolor')),
    windowTitle: eventFormula(element, 'windowtitle'),
    opensInEditMode: flag('editonopen'),
    isInMenu: !flag('nocompose'),
    actions: readActions(element, shared),
    body: richText ? readRichText(richText, undrawn) : [],
    events: eventsOf(element),
    undrawn,
  };
}

function eventsOf(element: XmlElement): ReadonlyMap<string, EventCode> {
  const names = childrenOf(element, 'code').map((code) => code.attributes.get('event') ?? '');
  return new Map(
    names
      .filter((name) => name !== 'windowtitle')
      .flatMap((name) => {
        const code = eventCode(element, name);
        return code ? [[name, code] as const] : [];
      }),
  );
}

function lostActions(element: XmlElement, shared: SharedActions): Undrawn[] {
  const references = childrenOf(element, 'actionbar').flatMap((bar) => childrenOf(bar, 'sharedactionref'));
  return references
    .filter((reference) => !shared.has(reference.attributes.get('id') ?? '') && reference.children.length === 0)
    .map(({ name, line, attributes }) => ({
      element: name,
      line,
      reason: `there is no shared action "${attributes.get('id') ?? ''}"`,
    }));
}
