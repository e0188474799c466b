import { type Formula, visit } from '../formula/syntax.js';
import { descendants } from '../xml-tree.js';
import { type Finding, finding } from './finding.js';
import { type LintModel, type LintSubject, lineOf, type PlacedFormula, subjectsOf } from './model.js';
import type { TemplateSchema } from './template-schema.js';

/** Items that Domino itself keeps. */
const DOMINO_ITEMS = ['$Conflict', '$Ref', '$UpdatedBy', '$Revisions'];

const MAX_FIELD_BYTES = 32;

/**
 * Fields: forms, views and agents that the schema names are there, forms have exactly its items as stored fields, and formulas
 * and columns use no field that nobody writes.
 */
export function lintFields(model: LintModel, schema: TemplateSchema): Finding[] {
  const known = new Map<LintSubject, ReadonlySet<string>>();
  const knownTo = (subject: LintSubject): ReadonlySet<string> => {
    const names = known.get(subject) ?? knownFields(subject, model, schema);
    known.set(subject, names);
    return names;
  };
  return [
    ...lintPresence(model, schema),
    ...subjectsOf(model, 'form', 'subform').flatMap((subject) => lintForm(subject, schema)),
    ...subjectsOf(model, 'view').flatMap((subject) => lintItemColumns(subject, model, schema)),
    ...model.formulas.flatMap((placed) => lintNames(placed, knownTo(placed.subject))),
  ];
}

function lintPresence(model: LintModel, schema: TemplateSchema): Finding[] {
  const [database] = model.subjects;
  if (!database) return [];
  const missing = (kind: string, name: string): Finding =>
    finding(database, database.element.line, 'missing-element', `the ${kind} "${name}" is missing`);
  const forms = new Set(subjectsOf(model, 'form').map(({ element }) => element.attributes.get('name')));
  const aliases = (kind: string): ReadonlySet<string | undefined> =>
    new Set(subjectsOf(model, kind).flatMap(({ element }) => element.attributes.get('alias')?.split('|')));
  const [views, agents] = [aliases('view'), aliases('agent')];
  return [
    ...[...schema.forms.keys()].filter((name) => !forms.has(name)).map((name) => missing('form', name)),
    ...schema.views.filter((alias) => !views.has(alias)).map((alias) => missing('view', alias)),
    ...schema.agents.filter((alias) => !agents.has(alias)).map((alias) => missing('agent', alias)),
  ];
}

function lintForm(subject: LintSubject, schema: TemplateSchema): Finding[] {
  const items = schema.forms.get(subject.element.attributes.get('name') ?? '');
  const fields = [...descendants(subject.element)].filter((element) => element.name === 'field');
  const seen = new Set<string>();
  const findings = fields.flatMap((field): Finding[] => {
    const name = field.attributes.get('name') ?? '';
    const report = (message: string): Finding[] => [finding(subject, field.line, 'field', message)];
    if (seen.has(name.toLowerCase())) return report(`the field ${name} stands here twice`);
    seen.add(name.toLowerCase());
    if (Buffer.byteLength(name) > MAX_FIELD_BYTES) return report(`${name} has more than ${MAX_FIELD_BYTES} bytes`);
    const isShownOnly = field.attributes.get('kind') === 'computedfordisplay';
    const isItem = items?.includes(name) ?? false;
    if (items && isShownOnly && isItem)
      return report(`${name} is an item of the document, so it must not be computed for display`);
    if (items && !isShownOnly && !isItem) return report(`${name} is no item of the document`);
    return [];
  });
  const absent = (items ?? []).filter((item) => item !== 'Form' && !seen.has(item.toLowerCase()));
  return [
    ...findings,
    ...absent.map((item) => finding(subject, subject.element.line, 'missing-field', `the item ${item} has no field`)),
  ];
}

/** Columns without a formula show an item. */
function lintItemColumns(subject: LintSubject, model: LintModel, schema: TemplateSchema): Finding[] {
  const known = knownFields(subject, model, schema);
  return [...descendants(subject.element)]
    .filter((element) => element.name === 'column' && !element.children.some((child) => child.name === 'code'))
    .filter((column) => !known.has((column.attributes.get('itemname') ?? '').toLowerCase()))
    .map((column) =>
      finding(subject, column.line, 'field', `${column.attributes.get('itemname') ?? ''} is no item of the documents`),
    );
}

function lintNames(placed: PlacedFormula, known: ReadonlySet<string>): Finding[] {
  if (!placed.outcome.ok || !['form', 'subform', 'view'].includes(placed.subject.element.name)) return [];
  const { formula } = placed.outcome;
  const variables = assignedIn(formula);
  const findings: Finding[] = [];
  visit(formula, (expression) => {
    if (expression.kind !== 'name' || variables.has(expression.key) || known.has(expression.key)) return;
    findings.push(
      finding(placed.subject, lineOf(placed, expression), 'field', `${expression.name} is no item of the documents`),
    );
  });
  return findings;
}

function assignedIn(formula: Formula): ReadonlySet<string> {
  const names = new Set<string>();
  visit(formula, (expression) => {
    if (expression.kind === 'assign') names.add(expression.key);
    // Two functions take the name of a variable as a text.
    const position = expression.kind === 'call' ? { '@set': 0, '@transform': 1 }[expression.name] : undefined;
    const name = expression.kind === 'call' && position !== undefined ? expression.args[position] : undefined;
    if (name?.kind === 'text') names.add(name.value.toLowerCase());
  });
  return names;
}

/** Names in lower case that formulas of an element may use: items of its forms, Domino's own, and a form's fields. */
function knownFields(subject: LintSubject, model: LintModel, schema: TemplateSchema): ReadonlySet<string> {
  const isForm = subject.element.name === 'form';
  const forms = isForm ? [subject.element.attributes.get('name') ?? ''] : selectedForms(subject, model);
  const items = forms.flatMap((form) => schema.forms.get(form) ?? []);
  const all = items.length > 0 ? items : [...schema.forms.values()].flat();
  const fields = [...descendants(subject.element)]
    .filter((element) => element.name === 'field')
    .map((field) => field.attributes.get('name') ?? '');
  return new Set([...all, ...DOMINO_ITEMS, ...schema.hostFields, ...fields].map((name) => name.toLowerCase()));
}

/** Forms that a view's selection compares the item `Form` with. */
export function selectedForms(subject: LintSubject, model: LintModel): string[] {
  const forms: string[] = [];
  for (const placed of model.formulas) {
    if (placed.subject !== subject || placed.event !== 'selection' || !placed.outcome.ok) continue;
    visit(placed.outcome.formula, (expression) => {
      if (expression.kind !== 'binary' || expression.operator !== '=') return;
      const sides = [expression.left, expression.right];
      if (!sides.some((side) => side.kind === 'name' && side.key === 'form')) return;
      for (const side of sides) if (side.kind === 'text') forms.push(side.value);
    });
  }
  return forms;
}
