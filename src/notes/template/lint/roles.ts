import { visit } from '../formula/syntax.js';
import type { DesignNames } from './design-names.js';
import { type Finding, finding } from './finding.js';
import { type LintModel, lineOf } from './model.js';

const ROLE = /^\[[^[\]]+\]$/;

/** Texts such as `[PresenceAdmin]` in formulas are roles of the access list. */
export function lintRoles(model: LintModel, names: DesignNames): Finding[] {
  return model.formulas.flatMap((placed) => {
    const findings: Finding[] = [];
    if (!placed.outcome.ok) return findings;
    visit(placed.outcome.formula, (expression) => {
      if (expression.kind !== 'text' || !ROLE.test(expression.value) || names.roles.has(expression.value)) return;
      const message = `the role ${expression.value} is not in the access list`;
      findings.push(finding(placed.subject, lineOf(placed, expression), 'role', message));
    });
    return findings;
  });
}
