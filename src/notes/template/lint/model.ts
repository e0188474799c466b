import { compileFormula } from '../formula/compile.js';
import type { ParseOutcome } from '../formula/parser.js';
import type { XmlElement } from '../xml-tree.js';

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
  readonly event: string;
  readonly element: XmlElement;
  readonly outcome: ParseOutcome;
}

/** What the rules look at. */
export interface LintModel {
  readonly root: XmlElement;
  /** The database first, then its elements in the order of the file. */
  readonly subjects: readonly LintSubject[];
  /** In the order of the file. */
  readonly formulas: readonly PlacedFormula[];
}

export function modelOf(root: XmlElement): LintModel {
  const elements = root.children.map((element) => ({ element, label: labelOf(element) }));
  return {
    root,
    subjects: [{ element: root, label: 'database' }, ...elements],
    formulas: elements.flatMap(formulasIn),
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
export function lineOf(placed: PlacedFormula, expression: { readonly at: { readonly line: number } }): number {
  return placed.element.contentLine + expression.at.line - 1;
}

function formulasIn(subject: LintSubject): PlacedFormula[] {
  const found: PlacedFormula[] = [];
  const walk = (owner: XmlElement): void => {
    for (const child of owner.children) {
      const formulas = child.name === 'code' ? child.children.filter((inner) => inner.name === 'formula') : [];
      for (const element of formulas) {
        const event = child.attributes.get('event') ?? '';
        found.push({ subject, owner, event, element, outcome: compileFormula(element.text) });
      }
      walk(child);
    }
  };
  walk(subject.element);
  return found;
}
