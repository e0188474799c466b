import { visit } from '../formula/syntax.js';
import { type Finding, finding } from './finding.js';
import { type LintModel, type LintSubject, subjectsOf } from './model.js';
import type { TemplateSchema } from './template-schema.js';

/**
 * Elements that other applications take over begin with one word, so that nothing of theirs is hit and all can be found
 * again: subforms, script libraries, and shared columns over the fields of such applications.
 */
export function lintPrefix(model: LintModel, schema: TemplateSchema): Finding[] {
  const adopted = [
    ...subjectsOf(model, 'subform', 'scriptlibrary'),
    ...subjectsOf(model, 'sharedcolumn').filter((subject) => readsHostFields(subject, model, schema)),
  ];
  return adopted.flatMap((subject) => {
    const name = subject.element.attributes.get('name') ?? '';
    if (name.startsWith('Presence')) return [];
    const message = `"${name}" must begin with "Presence": other applications take it over`;
    return [finding(subject, subject.element.line, 'prefix', message)];
  });
}

function readsHostFields(subject: LintSubject, model: LintModel, schema: TemplateSchema): boolean {
  const host = new Set(schema.hostFields.map((name) => name.toLowerCase()));
  return model.formulas.some((placed) => {
    if (placed.subject !== subject || !placed.outcome.ok) return false;
    let found = false;
    visit(placed.outcome.formula, (expression) => {
      if (expression.kind === 'name' && host.has(expression.key)) found = true;
    });
    return found;
  });
}
