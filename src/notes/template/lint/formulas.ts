import { compileFormula } from '../formula/compile.js';
import type { Expression, Formula } from '../formula/syntax.js';
import { partsOf, visit } from '../formula/syntax.js';
import type { XmlElement } from '../xml-tree.js';
import { type Finding, finding, type LintModel, type LintSubject } from './finding.js';

/** A formula of the template with the place where it stands. */
export interface PlacedFormula {
  readonly subject: LintSubject;
  /** Elements around it, outermost first; the last one is the owner of its event. */
  readonly parents: readonly XmlElement[];
  readonly event: string;
  readonly element: XmlElement;
}

/** Functions that make a view's index stale or that no index can compute. */
const NOT_IN_VIEWS = new Set([
  '@now',
  '@today',
  '@tomorrow',
  '@yesterday',
  '@dblookup',
  '@dbcolumn',
  '@dbcommand',
  '@environment',
  '@username',
  '@prompt',
]);

/** All formulas of all elements, in document order. */
export function formulasOf(model: LintModel): PlacedFormula[] {
  return model.subjects.slice(1).flatMap((subject) => {
    const found: PlacedFormula[] = [];
    const walk = (element: XmlElement, parents: readonly XmlElement[]): void => {
      if (element.name === 'formula') {
        const code = parents.at(-1);
        found.push({ subject, element, parents: parents.slice(0, -1), event: code?.attributes.get('event') ?? '' });
      }
      for (const child of element.children) walk(child, [...parents, element]);
    };
    walk(subject.element, []);
    return found;
  });
}

/** A formula as it was read, or nothing when it cannot be; `lintFormulas` says why. */
export function compiledFormula(placed: PlacedFormula): Formula | undefined {
  const outcome = compileFormula(placed.element.text);
  return outcome.ok ? outcome.formula : undefined;
}

/** Line of an expression in the DXL. */
export function lineOf(placed: PlacedFormula, expression: { readonly at: { readonly line: number } }): number {
  return placed.element.contentLine + expression.at.line - 1;
}

/** Every formula can be read, mixes no `&` and `|`, and what a view indexes does not depend on time or look-ups. */
export function lintFormulas(model: LintModel): Finding[] {
  return formulasOf(model).flatMap((placed) => {
    const { subject, element } = placed;
    const stale = isIndexed(placed) ? lintIndexed(placed) : [];
    const outcome = compileFormula(element.text);
    if (!outcome.ok) {
      // A look-up is unknown to the reader as well; one finding says enough.
      const line = lineOf(placed, outcome);
      return stale.length > 0 ? stale : [finding(subject, line, 'formula', outcome.reason)];
    }
    return [...stale, ...lintMixes(placed, outcome.formula)];
  });
}

function isIndexed({ parents, event }: PlacedFormula): boolean {
  const owner = parents.at(-1)?.name;
  return (
    (owner === 'column' && event === 'value') || ((owner === 'view' || owner === 'folder') && event === 'selection')
  );
}

/** Works on the text, so that functions count which the reader does not know. */
function lintIndexed(placed: PlacedFormula): Finding[] {
  const lines = placed.element.text
    .replace(/"(?:\\.|[^"\\])*"|\{[^}]*\}/g, (quoted) => quoted.replace(/[^\n]/g, ' '))
    .split('\n');
  return lines.flatMap((text, index) =>
    [...text.matchAll(/@[a-z]+/gi)]
      .filter(([name]) => NOT_IN_VIEWS.has(name.toLowerCase()))
      .map(([name]) =>
        finding(
          placed.subject,
          placed.element.contentLine + index,
          'view-time',
          `${name} must not be used in a view's index`,
        ),
      ),
  );
}

/** `&` and `|` rank equal and go from left to right; mixed without brackets, most readers take them otherwise. */
function lintMixes(placed: PlacedFormula, formula: Formula): Finding[] {
  const findings: Finding[] = [];
  visit(formula, (expression) => {
    if (!isLogical(expression)) return;
    const mixed = partsOf(expression).some(
      (part) => isLogical(part) && part.operator !== expression.operator && part.bracketed !== true,
    );
    if (mixed) {
      const message = 'put brackets around "&" and "|" where both stand';
      findings.push(finding(placed.subject, lineOf(placed, expression), 'formula-mix', message));
    }
  });
  return findings;
}

function isLogical(expression: Expression): expression is Extract<Expression, { kind: 'binary' }> {
  return expression.kind === 'binary' && (expression.operator === '&' || expression.operator === '|');
}
