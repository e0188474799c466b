import { visit } from '../formula/syntax.js';
import { descendants, type XmlElement } from '../xml-tree.js';
import { selectedForms } from './fields.js';
import { type Finding, finding } from './finding.js';
import { type LintModel, lineOf, subjectsOf } from './model.js';

interface Reference {
  /** Kinds of elements that may be meant. */
  readonly kinds: readonly string[];
  readonly name: string;
}

/** Every name of another element leads to one: images, views, forms, subforms, shared columns, framesets, outlines. */
export function lintReferences(model: LintModel): Finding[] {
  const known = namesByKind(model);
  const missing = ({ kinds, name }: Reference): string | undefined =>
    kinds.some((kind) => known.get(kind)?.has(name)) ? undefined : `there is no ${kinds.join(' or ')} "${name}"`;

  const inElements = model.subjects.slice(1).flatMap((subject) =>
    [...descendants(subject.element)].flatMap((element) =>
      referencesOf(element).flatMap((reference) => {
        const message = missing(reference);
        return message ? [finding(subject, element.line, 'reference', message)] : [];
      }),
    ),
  );
  const inSelections = subjectsOf(model, 'view').flatMap((view) =>
    selectedForms(view, model).flatMap((name) => {
      const message = missing({ kinds: ['form'], name });
      return message ? [finding(view, view.element.line, 'reference', message)] : [];
    }),
  );
  return [...inElements, ...inSelections, ...lintImageNames(model, known.get('imageresource') ?? new Set())];
}

/** Names and aliases by kind of element. */
function namesByKind(model: LintModel): ReadonlyMap<string, ReadonlySet<string>> {
  const names = new Map<string, Set<string>>();
  for (const { element } of model.subjects.slice(1)) {
    const known = names.get(element.name) ?? new Set<string>();
    for (const word of [element.attributes.get('name') ?? '', ...(element.attributes.get('alias') ?? '').split('|')]) {
      if (word !== '') known.add(word);
    }
    names.set(element.name, known);
  }
  return names;
}

function referencesOf(element: XmlElement): Reference[] {
  const name = element.attributes.get('name');
  const named = (kinds: readonly string[], value: string | undefined): Reference[] =>
    value === undefined || value === '' ? [] : [{ kinds, name: value }];
  switch (element.name) {
    case 'imageref':
      return named(['imageresource'], name);
    case 'subformref':
      return named(['subform'], name);
    case 'sharedcolumnref':
      return named(['sharedcolumn'], name);
    case 'sharedactionref':
      return named(['sharedactions'], name);
    case 'embeddedoutline':
      return named(['outline'], element.attributes.get('outline'));
    case 'embeddedview':
      return named(['view'], name);
    case 'noteslaunch':
      return named(['frameset'], element.attributes.get('frameset'));
    case 'column':
      return named(['view'], element.attributes.get('resorttoview'));
    case 'namedelementlink': {
      const kind = element.attributes.get('type') ?? '';
      return ['view', 'form', 'page', 'frameset', 'folder'].includes(kind) ? named([kind], name) : [];
    }
    default:
      return [];
  }
}

/** Texts in formulas that look like the name of a picture. */
function lintImageNames(model: LintModel, images: ReadonlySet<string>): Finding[] {
  return model.formulas.flatMap((placed) => {
    const findings: Finding[] = [];
    if (!placed.outcome.ok) return findings;
    visit(placed.outcome.formula, (expression) => {
      if (expression.kind !== 'text' || !/\.(gif|png|jpe?g|bmp)$/i.test(expression.value)) return;
      if (images.has(expression.value)) return;
      const message = `there is no imageresource "${expression.value}"`;
      findings.push(finding(placed.subject, lineOf(placed, expression), 'reference', message));
    });
    return findings;
  });
}
