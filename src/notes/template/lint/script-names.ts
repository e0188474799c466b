import { compileFormula } from '../formula/compile.js';
import type { Expression, Position } from '../lotusscript/syntax.js';
import { descendants } from '../xml-tree.js';
import type { DesignNames } from './design-names.js';
import { type Finding, finding } from './finding.js';
import { type LintModel, subjectsOf } from './model.js';
import type { ReadScript } from './scripts.js';
import type { TemplateSchema } from './template-schema.js';

/** Methods whose first argument names a design element. */
const ELEMENT_METHODS: Readonly<Record<string, readonly string[]>> = {
  getview: ['view', 'folder'],
  getform: ['form'],
  getagent: ['agent'],
  getoutline: ['outline'],
  openview: ['view', 'folder'],
};
/** Methods whose first argument names an item. */
const ITEM_METHODS = new Set([
  ...['getitemvalue', 'hasitem', 'replaceitemvalue', 'appenditemvalue', 'getfirstitem', 'removeitem'],
  ...['getitemvaluedatetimearray', 'fieldgettext', 'fieldsettext', 'fieldappendtext', 'gotofield'],
]);
/** Methods whose first argument is a formula. */
const FORMULA_METHODS = new Set(['search', 'unprocessedsearch']);

/** Items of mails, which no form here describes. */
const MAIL_ITEMS = ['sendto', 'copyto', 'subject', 'body', 'principal', 'replyto'];

/**
 * Names inside scripts: views, forms, agents and profiles that are asked for, items that are read and
 * written, formulas of searches. Only constants can be checked.
 */
export function lintScriptNames(
  model: LintModel,
  scripts: readonly ReadScript[],
  names: DesignNames,
  schema: TemplateSchema,
): Finding[] {
  const items = knownItems(model, schema);
  const elsewhere = [...schema.views, ...(schema.otherViews ?? [])];
  return scripts.flatMap(({ subject, sections }) => {
    const findings: Finding[] = [];
    const report = (at: Position, rule: 'reference' | 'field' | 'formula', message: string): void => {
      findings.push(finding(subject, at.line, rule, message));
    };
    const constants = new Map<string, string>();
    const nodes = [...nodesOf(sections)];
    for (const node of nodes) noteConstant(node, constants);
    for (const node of nodes) {
      const call = methodCall(node);
      const value = call && textOf(call.first, constants);
      if (!call || value === undefined || value === '') continue;
      const kinds = ELEMENT_METHODS[call.method];
      if (kinds && !names.has(kinds, value) && !(call.method === 'getview' && elsewhere.includes(value))) {
        report(call.at, 'reference', `there is no ${kinds.join(' or ')} "${value}"`);
      }
      if (call.method === 'getprofiledocument' && !names.has(['form'], value) && !schema.forms.has(value)) {
        report(call.at, 'reference', `there is no form "${value}"`);
      }
      if (ITEM_METHODS.has(call.method) && !value.startsWith('$') && !items.has(value.toLowerCase())) {
        report(call.at, 'field', `${value} is no item of the documents`);
      }
      if (FORMULA_METHODS.has(call.method)) {
        const outcome = compileFormula(value);
        if (!outcome.ok) report(call.at, 'formula', outcome.reason);
      }
    }
    return findings;
  });
}

function knownItems(model: LintModel, schema: TemplateSchema): ReadonlySet<string> {
  const fields = subjectsOf(model, 'form', 'subform').flatMap(({ element }) =>
    [...descendants(element)].filter(({ name }) => name === 'field').map((field) => field.attributes.get('name') ?? ''),
  );
  const all = [...[...schema.forms.values()].flat(), ...schema.hostFields, ...fields, ...MAIL_ITEMS];
  return new Set(all.map((name) => name.toLowerCase()));
}

type Node = Readonly<Record<string, unknown>>;

/** Every part of a script that is an object, outer ones first. The reader bounds its depth. */
function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) {
    for (const entry of value) yield* nodesOf(entry);
  } else if (typeof value === 'object' && value !== null) {
    yield value as Node;
    for (const part of Object.values(value)) yield* nodesOf(part);
  }
}

function noteConstant(node: Node, constants: Map<string, string>): void {
  const { key, value } = node as { key?: unknown; value?: Partial<Expression> };
  if (typeof key === 'string' && value?.kind === 'text') constants.set(key, value.value ?? '');
}

interface MethodCall {
  /** In lower case. */
  readonly method: string;
  readonly first: Expression | undefined;
  readonly at: Position;
}

/** `object.Method(first, ...)` as an expression or as a statement. */
function methodCall(node: Node): MethodCall | undefined {
  const target = (node['kind'] === 'apply' ? node['target'] : node['kind'] === 'call' ? node['callee'] : undefined) as
    | Expression
    | undefined;
  if (target?.kind !== 'member') return undefined;
  const args = node['args'] as readonly { readonly value: Expression }[];
  return { method: target.key, first: args[0]?.value, at: args[0]?.value.at ?? target.at };
}

function textOf(expression: Expression | undefined, constants: ReadonlyMap<string, string>): string | undefined {
  if (expression?.kind === 'bracketed') return textOf(expression.inner, constants);
  if (expression?.kind === 'text') return expression.value;
  return expression?.kind === 'name' ? constants.get(expression.key) : undefined;
}
