import { type Expression, visit } from '../formula/syntax.js';
import { childrenOf, descendants, type XmlElement } from '../xml-tree.js';
import type { DesignNames } from './design-names.js';
import { type Finding, finding } from './finding.js';
import { type LintModel, lineOf, type PlacedFormula, subjectsOf } from './model.js';
import type { TemplateSchema } from './template-schema.js';

/** Kinds of elements that a command's text argument names; the last text argument counts. */
const COMMAND_TARGETS: Readonly<Record<string, readonly string[]>> = {
  COMPOSE: ['form'],
  COMPOSEWITHREFERENCE: ['form'],
  EDITPROFILE: ['form'],
  EDITPROFILEDOCUMENT: ['form'],
  SWITCHFORM: ['form'],
  VIEWSWITCHFORM: ['form'],
  OPENVIEW: ['view', 'folder'],
  SWITCHVIEW: ['view', 'folder'],
  VIEWCHANGE: ['view', 'folder'],
  OPENPAGE: ['page'],
  OPENFRAMESET: ['frameset'],
  RUNAGENT: ['agent'],
  TOOLSRUNMACRO: ['agent'],
};

/** Commands whose element is the first text argument: a key or a user's name follows it. */
const FIRST_ARGUMENT = new Set(['EDITPROFILE', 'EDITPROFILEDOCUMENT', 'OPENVIEW']);

type Call = Extract<Expression, { kind: 'call' }>;
type Report = (expression: Expression, message: string) => void;

/**
 * Names inside formulas: views and columns of look-ups, forms and items of profiles, targets of commands and dialogs.
 * Only constant names can be checked. A look-up may go to the presence database from another one, so its views count
 * wherever the formula stands.
 */
export function lintFormulaNames(model: LintModel, names: DesignNames, schema: TemplateSchema): Finding[] {
  return model.formulas.flatMap((placed) => {
    if (!placed.outcome.ok) return [];
    const findings: Finding[] = [];
    const report: Report = (expression, message) => {
      findings.push(finding(placed.subject, lineOf(placed, expression), 'reference', message));
    };
    visit(placed.outcome.formula, (expression) => {
      if (expression.kind === 'call') lintCall(expression, { placed, model, names, schema, report });
    });
    return findings;
  });
}

interface Surroundings {
  readonly placed: PlacedFormula;
  readonly model: LintModel;
  readonly names: DesignNames;
  readonly schema: TemplateSchema;
  readonly report: Report;
}

function lintCall(call: Call, around: Surroundings): void {
  const { names, report } = around;
  const named = (position: number, ...kinds: readonly string[]): void => {
    const arg = call.args[position];
    if (arg?.kind !== 'text' || arg.value === '' || names.has(kinds, arg.value)) return;
    report(arg, `there is no ${kinds.join(' or ')} "${arg.value}"`);
  };
  switch (call.name) {
    case '@dblookup':
      lintLookUp(call, call.args[4], around);
      return;
    case '@dbcolumn':
      lintLookUp(call, call.args[3], around);
      return;
    case '@getprofilefield':
    case '@setprofilefield':
      lintProfileItem(call, around);
      return;
    case '@dialogbox':
      named(0, 'form', 'subform');
      return;
    case '@settargetframe':
      lintFrame(call.args[0], around);
      return;
    case '@command':
    case '@postedcommand':
      lintCommand(call, around);
      return;
    default:
  }
}

function lintLookUp(call: Call, column: Expression | undefined, { model, schema, report }: Surroundings): void {
  const view = call.args[2];
  if (view?.kind !== 'text') return;
  const own = subjectsOf(model, 'view', 'folder').find(({ element }) => namesOf(element).includes(view.value));
  if (!own) {
    if (![...schema.views, ...(schema.otherViews ?? [])].includes(view.value))
      report(view, `there is no view "${view.value}"`);
    return;
  }
  const columns = [...descendants(own.element)].filter((element) => element.name === 'column');
  if (column?.kind === 'number' && !(column.value >= 1 && column.value <= columns.length)) {
    report(column, `the view "${view.value}" has no column ${column.value}`);
  }
  if (column?.kind === 'text') {
    const known = [...columns.map((one) => one.attributes.get('itemname')), ...[...schema.forms.values()].flat()];
    if (!known.includes(column.value)) report(column, `the view "${view.value}" has no column "${column.value}"`);
  }
  const [first] = columns;
  const isSorted = /^(a|de)scending$/.test(first?.attributes.get('sort') ?? '');
  if (call.name === '@dblookup' && !isSorted) {
    report(view, `the first column of the view "${view.value}" is not sorted, so nothing is found by key`);
  }
}

function namesOf(element: XmlElement): string[] {
  return [element.attributes.get('name') ?? '', ...(element.attributes.get('alias') ?? '').split('|')];
}

function lintProfileItem(call: Call, { model, names, schema, report }: Surroundings): void {
  const [form, item] = call.args;
  if (form?.kind !== 'text') return;
  const isKnown = schema.forms.has(form.value);
  if (!isKnown && !names.has(['form'], form.value)) {
    report(form, `there is no form "${form.value}"`);
    return;
  }
  if (item?.kind !== 'text') return;
  const design = subjectsOf(model, 'form').find(({ element }) => namesOf(element).includes(form.value));
  const fields = design
    ? [...descendants(design.element)]
        .filter(({ name }) => name === 'field')
        .map((field) => field.attributes.get('name'))
    : [];
  const items = [...(schema.forms.get(form.value) ?? []), ...fields].map((name) => name?.toLowerCase());
  if (!items.includes(item.value.toLowerCase())) report(item, `the form "${form.value}" has no item "${item.value}"`);
}

function lintFrame(arg: Expression | undefined, { names, report }: Surroundings): void {
  if (arg?.kind === 'text' && !names.frames.has(arg.value)) report(arg, `there is no frame "${arg.value}"`);
}

function lintCommand(call: Call, around: Surroundings): void {
  const { names, report, placed } = around;
  const [command, ...args] = call.args;
  if (command?.kind !== 'keyword') return;
  if (command.name === 'REFRESHFRAME') {
    lintFrame(args[0], around);
    return;
  }
  const texts = args.filter((arg) => arg.kind === 'text');
  const kinds = COMMAND_TARGETS[command.name];
  const chosen = FIRST_ARGUMENT.has(command.name) ? texts[0] : texts.at(-1);
  if (kinds && chosen && args[0]?.kind === 'text' && chosen.value !== '' && !names.has(kinds, chosen.value)) {
    report(chosen, `there is no ${kinds.join(' or ')} "${chosen.value}"`);
  }
  if (
    command.name === 'EDITGOTOFIELD' &&
    texts[0] &&
    !opensDocument(placed) &&
    !hasField(placed.subject.element, texts[0].value)
  ) {
    report(texts[0], `there is no field "${texts[0].value}" here`);
  }
}

/** Whether a formula composes a document first, so that its cursor is in a form of which nothing is known here. */
function opensDocument({ outcome }: PlacedFormula): boolean {
  let opens = false;
  if (!outcome.ok) return opens;
  visit(outcome.formula, (expression) => {
    if (expression.kind === 'keyword' && ['COMPOSE', 'MAILCOMPOSEMEMO'].includes(expression.name)) opens = true;
  });
  return opens;
}

function hasField(element: XmlElement, name: string): boolean {
  const fields = [...descendants(element)].filter((inner) => inner.name === 'field');
  // A subform may bring the field; which one is not known here.
  const hasSubform = [...descendants(element)].some((inner) => childrenOf(inner, 'subformref').length > 0);
  return hasSubform || fields.some((field) => field.attributes.get('name')?.toLowerCase() === name.toLowerCase());
}
