import type { Arity } from '../names/arity.js';
import type { ClassMember, ClassShape } from '../names/class-shape.js';
import { isNotesConstant } from '../names/constants.js';
import { functionArity } from '../names/functions.js';
import type { Definition, Module } from '../names/module.js';
import { type StaticType, UNKNOWN } from '../names/static-type.js';
import type { Constant, Expression, Name, Procedure } from '../syntax.js';
import type { Report } from './finding.js';

/** What a name means at some place of a procedure. */
export type Meaning =
  | { readonly kind: 'variable'; readonly type: StaticType }
  /** The variable of a `ForAll`. */
  | { readonly kind: 'alias'; readonly type: StaticType }
  /** The name of the function or property itself, for its result. */
  | { readonly kind: 'result'; readonly type: StaticType }
  | { readonly kind: 'member'; readonly member: ClassMember }
  | { readonly kind: 'constant'; readonly constant: Constant }
  | { readonly kind: 'notes-constant' }
  | { readonly kind: 'function'; readonly arity: Arity }
  | Extract<Definition, { kind: 'procedure' | 'class' | 'record' }>;

type Local = Extract<Meaning, { kind: 'variable' | 'alias' | 'constant' }>;

/** Parts of a constant expression that are looked at; constants may name each other in a circle. */
const MOST_STEPS = 1000;

/** The names that one procedure sees. Locals count from where they are declared. */
export class Scope {
  readonly module: Module;
  readonly report: Report;
  readonly procedure: Procedure | undefined;
  /** The class whose method the procedure is. */
  readonly owner: ClassShape | undefined;
  /** Types of the targets of `With`, the innermost last. */
  readonly withs: StaticType[] = [];
  readonly #locals = new Map<string, Local>();

  constructor(module: Module, report: Report, procedure?: Procedure, owner?: ClassShape) {
    this.module = module;
    this.report = report;
    this.procedure = procedure;
    this.owner = owner;
  }

  /** Adds a variable or constant of the procedure; a second one of the same name is a mistake. */
  declare({ name, key, at }: Name, local: Local): void {
    if (this.#locals.has(key)) this.report(at, `"${name}" is declared already in this procedure`);
    else this.#locals.set(key, local);
  }

  isLocal(key: string): boolean {
    return this.#locals.has(key);
  }

  forget(key: string): void {
    this.#locals.delete(key);
  }

  meaningOf(key: string): Meaning | undefined {
    const local = this.#locals.get(key);
    if (local) return local;
    const { procedure, owner, module } = this;
    if (procedure?.key === key && procedure.kind !== 'sub') {
      return { kind: 'result', type: module.typeOf(procedure.returns) ?? UNKNOWN };
    }
    const member = owner && module.memberOf(owner, key);
    if (member && (member.member.visibility === 'public' || member.owner === owner)) {
      return { kind: 'member', member: member.member };
    }
    const definition = module.lookup(key);
    if (definition?.kind === 'variable') return { kind: 'variable', type: definition.type };
    if (definition?.kind === 'constant') return { kind: 'constant', constant: definition.constant };
    if (definition) return definition;
    const arity = functionArity(key);
    if (arity) return { kind: 'function', arity };
    return isNotesConstant(key) ? { kind: 'notes-constant' } : undefined;
  }

  /** The value of an expression of literals and constants; `undefined` for others. Only texts and numbers. */
  constantOf(expression: Expression, budget = { steps: MOST_STEPS }): string | number | undefined {
    budget.steps -= 1;
    if (budget.steps < 0) return undefined;
    switch (expression.kind) {
      case 'text':
      case 'number':
        return expression.value;
      case 'bracketed':
        return this.constantOf(expression.inner, budget);
      case 'name': {
        const meaning = this.meaningOf(expression.key);
        return meaning?.kind === 'constant' ? this.constantOf(meaning.constant.value, budget) : undefined;
      }
      case 'unary': {
        const value = this.constantOf(expression.operand, budget);
        return typeof value === 'number' && expression.operator === '-' ? -value : undefined;
      }
      case 'binary': {
        const left = this.constantOf(expression.left, budget);
        const right = this.constantOf(expression.right, budget);
        const joins = expression.operator === '&' || expression.operator === '+';
        return joins && left !== undefined && right !== undefined ? `${left}${right}` : undefined;
      }
      default:
        return undefined;
    }
  }
}
