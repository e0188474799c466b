import { EFFECT_FUNCTIONS } from '../formula/functions/effects.js';
import { OUTSIDE_FUNCTIONS } from '../formula/functions/outside.js';
import { type Expression, type Formula, partsOf, visit } from '../formula/syntax.js';
import { type Finding, finding } from './finding.js';
import { type LintModel, lineOf, type PlacedFormula } from './model.js';

/** Functions that make a view's index stale or that no index can compute. */
const NOT_IN_VIEWS = new Set([
  '@now',
  '@today',
  '@tomorrow',
  '@yesterday',
  '@dbcommand',
  '@environment',
  '@username',
  '@thisname',
  '@thisvalue',
  '@setfield',
  // Documented not to work in columns and selections.
  '@do',
  ...Object.keys(OUTSIDE_FUNCTIONS).filter((name) => !['@documentuniqueid', '@created', '@modified'].includes(name)),
  ...Object.keys(EFFECT_FUNCTIONS),
]);

/** Where a formula may act, and not only compute. */
const ACTING_EVENTS = new Set(['click', 'action', 'onhelp', 'regiondoubleclick']);

/**
 * Every formula can be read, mixes no `&` and `|`, and acts only where it may; what a view indexes does not depend on
 * time or look-ups.
 */
export function lintFormulas(model: LintModel): Finding[] {
  return model.formulas.flatMap((placed) => {
    const { subject, outcome } = placed;
    const stale = isIndexed(placed) ? lintIndexed(placed) : [];
    if (!outcome.ok) {
      // A look-up is unknown to the reader as well; one finding says enough.
      const line = lineOf(placed, outcome);
      return stale.length > 0 ? stale : [finding(subject, line, 'formula', outcome.reason)];
    }
    return [...stale, ...lintMixes(placed, outcome.formula), ...lintActing(placed, outcome.formula)];
  });
}

function isIndexed({ owner: { name: owner }, event }: PlacedFormula): boolean {
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

/** Functions that act do nothing in a formula that only computes, such as a field's or a hide-when. */
function lintActing(placed: PlacedFormula, formula: Formula): Finding[] {
  const { event, owner } = placed;
  const isEntry = owner.name === 'outlineentry' && event === 'value';
  if (isIndexed(placed) || isEntry || ACTING_EVENTS.has(event) || /^(query|post|on)/.test(event)) return [];
  const findings: Finding[] = [];
  visit(formula, (expression) => {
    if (expression.kind !== 'call' || !Object.hasOwn(EFFECT_FUNCTIONS, expression.name)) return;
    const message = `${expression.name} does nothing in "${event}"`;
    findings.push(finding(placed.subject, lineOf(placed, expression), 'formula-place', message));
  });
  return findings;
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
