import { visit } from '../formula/syntax.js';
import { descendants, type XmlElement } from '../xml-tree.js';
import type { DesignNames } from './design-names.js';
import { selectedForms } from './fields.js';
import { type Finding, finding } from './finding.js';
import { type LintModel, lineOf, subjectsOf } from './model.js';

interface Reference {
  /** Kinds of elements that may be meant. */
  readonly kinds: readonly string[];
  readonly name: string;
}

/** Every name of another element leads to one: images, views, forms, subforms, shared columns, framesets, outlines. */
export function lintReferences(model: LintModel, names: DesignNames): Finding[] {
  const missing = ({ kinds, name }: Reference): string | undefined =>
    names.has(kinds, name) ? undefined : `there is no ${kinds.join(' or ')} "${name}"`;

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
  return [...inElements, ...inSelections, ...lintImageNames(model, names)];
}

/** Kinds of elements that a link, an outline entry or a frame can show. */
const LINKED = ['view', 'form', 'page', 'frameset', 'folder'];

function referencesOf(element: XmlElement): Reference[] {
  const at = (attribute: string, ...kinds: readonly string[]): Reference[] => {
    const value = element.attributes.get(attribute);
    return value === undefined || value === '' ? [] : [{ kinds, name: value }];
  };
  switch (element.name) {
    case 'imageref':
      return at('name', 'imageresource');
    case 'subformref':
      return at('name', 'subform');
    case 'sharedcolumnref':
      return at('name', 'sharedcolumn');
    case 'sharedfieldref':
      return at('name', 'sharedfield');
    case 'embeddedoutline':
      return element.attributes.has('database') ? [] : at('outline', 'outline');
    case 'embeddedview':
      return element.attributes.has('database') ? [] : [...at('name', 'view'), ...at('embeddedname', 'view')];
    case 'noteslaunch':
      return at('frameset', 'frameset');
    case 'weblaunch':
      return [...at('frameset', 'frameset'), ...at('page', 'page'), ...at('view', 'view')];
    case 'column':
      return at('resorttoview', 'view');
    case 'namedelementlink': {
      const kind = element.attributes.get('type') ?? '';
      return LINKED.includes(kind) && !element.attributes.has('database') ? at('name', kind) : [];
    }
    default:
      return [];
  }
}

/** Texts in formulas that look like the name of a picture. */
function lintImageNames(model: LintModel, names: DesignNames): Finding[] {
  return model.formulas.flatMap((placed) => {
    const findings: Finding[] = [];
    if (!placed.outcome.ok) return findings;
    visit(placed.outcome.formula, (expression) => {
      if (expression.kind !== 'text' || !/\.(gif|png|jpe?g|bmp)$/i.test(expression.value)) return;
      if (names.has(['imageresource'], expression.value)) return;
      const message = `there is no imageresource "${expression.value}"`;
      findings.push(finding(placed.subject, lineOf(placed, expression), 'reference', message));
    });
    return findings;
  });
}
