import { compileFormula } from '../formula/compile.js';
import type { ParseOutcome } from '../formula/parser.js';
import type { XmlElement } from '../xml-tree.js';
import { remembered } from './memo.js';

/** A design element directly below the database, or the database itself. */
export interface LintSubject {
  /** Kind and name, for example `view People`. */
  readonly label: string;
  readonly element: XmlElement;
}

/** A formula of the template with the place where it stands. */
export interface PlacedFormula {
  readonly subject: LintSubject;
  /** The element whose event it is, such as a `column`. */
  readonly owner: XmlElement;
  /** `keywords` for the choices of a field, which are no event. */
  readonly event: string;
  readonly element: XmlElement;
  readonly outcome: ParseOutcome;
}

/** A section of a script: options, declarations, or one procedure. */
export interface PlacedScript {
  readonly subject: LintSubject;
  /** The element to which the script belongs: an agent, a library, a form, an action. */
  readonly owner: XmlElement;
  readonly event: string;
  readonly element: XmlElement;
}

/** What the rules look at. */
export interface LintModel {
  readonly root: XmlElement;
  /** The database first, then its elements in the order of the file. */
  readonly subjects: readonly LintSubject[];
  /** In the order of the file. */
  readonly formulas: readonly PlacedFormula[];
  readonly scripts: readonly PlacedScript[];
}

export function modelOf(root: XmlElement): LintModel {
  const elements = root.children.map((element) => ({ element, label: labelOf(element) }));
  return {
    root,
    subjects: [{ element: root, label: 'database' }, ...elements],
    formulas: elements.flatMap(formulasIn),
    scripts: elements.flatMap(scriptsIn),
  };
}

/** Alias before name, since names are translated. */
export function labelOf(element: XmlElement): string {
  const name = element.attributes.get('alias') ?? element.attributes.get('name') ?? element.attributes.get('class');
  return name ? `${element.name} ${name}` : element.name;
}

/** Elements of some kinds below the database. */
export function subjectsOf(model: LintModel, ...kinds: readonly string[]): LintSubject[] {
  return model.subjects.slice(1).filter(({ element }) => kinds.includes(element.name));
}

/** Line of an expression in the DXL. */
export function lineOf(
  placed: { readonly element: XmlElement },
  expression: { readonly at: { readonly line: number } },
): number {
  return placed.element.contentLine + expression.at.line - 1;
}

/** Results are immutable, so they can be shared. */
const compiled = remembered(1000, (text) => compileFormula(text));

interface PlacedText {
  readonly owner: XmlElement;
  readonly event: string;
  readonly element: XmlElement;
}

function formulasIn(subject: LintSubject): PlacedFormula[] {
  return [...textsIn(subject.element, 'formula')].map((placed) => ({
    subject,
    ...placed,
    outcome: compiled(placed.element.text),
  }));
}

function scriptsIn(subject: LintSubject): PlacedScript[] {
  return [...textsIn(subject.element, 'lotusscript')].map((placed) => ({ subject, ...placed }));
}

function* textsIn(owner: XmlElement, kind: 'formula' | 'lotusscript'): Generator<PlacedText> {
  for (const child of owner.children) {
    if (child.name === 'code') {
      const event = child.attributes.get('event') ?? '';
      for (const element of child.children) if (element.name === kind) yield { owner, event, element };
    }
    if (child.name === 'keywords' && kind === 'formula') {
      for (const element of child.children) if (element.name === kind) yield { owner, event: 'keywords', element };
    }
    yield* textsIn(child, kind);
  }
}
