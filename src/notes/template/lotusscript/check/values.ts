import type { ClassMember } from '../names/class-shape.js';
import { forbiddenReason, givesValue } from '../names/functions.js';
import { procedureArity } from '../names/script-class.js';
import { describeType, NOTHING, type StaticType, scalar, UNKNOWN } from '../names/static-type.js';
import type { Argument, Expression, Name, Position } from '../syntax.js';
import { checkByValue, checkCount, checkTypes } from './arguments.js';
import { memberOf, memberOfBase } from './members.js';
import { binaryType } from './operators.js';
import type { Meaning, Scope } from './scope.js';
import { checkSpecial } from './special.js';

type Applied = Extract<Expression, { kind: 'apply' }>;
type MemberOf = Extract<Expression, { kind: 'member' }>;

/** Checks expressions as values and tells their types. Mistakes go to the scope's report. */
export class ValueCheck {
  readonly #scope: Scope;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  typeOf(expression: Expression): StaticType {
    switch (expression.kind) {
      case 'text':
        return scalar('String');
      case 'number':
        return scalar(expression.type);
      case 'constant':
        if (expression.value === 'nothing') return NOTHING;
        return expression.value === 'true' || expression.value === 'false' ? scalar('Boolean') : UNKNOWN;
      case 'me':
        return this.#me(expression.at);
      case 'name':
        return this.#named(expression, undefined, expression.at);
      case 'member':
        return this.#memberValue(expression, undefined);
      case 'base-member':
        return this.#baseMember(expression, undefined);
      case 'apply':
        return this.#applied(expression);
      case 'new':
        return this.created(expression.className, expression.args);
      case 'unary': {
        const type = this.typeOf(expression.operand);
        if (type.kind !== 'unknown' && type.kind !== 'value') {
          this.#scope.report(expression.at, `"${expression.operator}" does not work on ${describeType(type)}`);
        }
        return type;
      }
      case 'binary':
        return binaryType(this.#scope, expression, this.typeOf(expression.left), this.typeOf(expression.right));
      case 'bracketed':
        return this.typeOf(expression.inner);
    }
  }

  /** An object that is made with New. */
  created(className: Name, args: readonly Argument[]): StaticType {
    const types = this.#types(args);
    const { module, report } = this.#scope;
    const shape = module.classOf(className.key);
    if (!shape) {
      report(className.at, `there is no class "${className.name}"`);
      return UNKNOWN;
    }
    const maker = module.lineage(shape).find(({ creation }) => creation !== undefined)?.creation;
    if (shape.isOfNotes && !maker) report(className.at, `a ${shape.name} is not made with New`);
    else {
      checkCount(this.#scope, `New ${shape.name}`, maker?.arity ?? { least: 0, most: 0 }, args.length, className.at);
      checkTypes(this.#scope, `New ${shape.name}`, maker?.parameters ?? [], args, types);
    }
    return { kind: 'object', name: shape.name, key: shape.key };
  }

  /** A sub or function that is called for what it does. */
  call(callee: Expression, args: readonly Argument[], at: Position): void {
    if (callee.kind === 'name') this.#calledName(callee, args, at);
    else if (callee.kind === 'member') this.#calledMember(callee.at, callee.name, this.memberOf(callee), args);
    else if (callee.kind === 'base-member') {
      this.#calledMember(callee.at, callee.name, memberOfBase(this.#scope, callee), args);
    }
  }

  /** The type of one element. */
  element(type: StaticType, args: readonly Argument[], what: string, at: Position): StaticType {
    this.#types(args);
    const { report } = this.#scope;
    switch (type.kind) {
      case 'unknown':
        return UNKNOWN;
      case 'array':
        // `a()` is the whole array.
        if (args.length === 0) return type;
        if (type.dimensions !== undefined && type.dimensions !== args.length) {
          report(at, `${what} has ${type.dimensions} dimensions, not ${args.length}`);
        }
        return type.element;
      case 'list':
        if (args.length !== 1) report(at, `${what} is a List and takes one tag, not ${args.length}`);
        return type.element;
      default:
        report(at, `${what} is ${describeType(type)} and has no elements`);
        return UNKNOWN;
    }
  }

  /** The member that is written there; `undefined` when it is not known. */
  memberOf(expression: MemberOf): ClassMember | undefined {
    const { target } = expression;
    return memberOf(this.#scope, expression, target ? this.typeOf(target) : this.#scope.withs.at(-1));
  }

  #memberValue(expression: MemberOf, args: readonly Argument[] | undefined): StaticType {
    return this.#memberType(expression, this.memberOf(expression), args);
  }

  #baseMember(
    expression: Extract<Expression, { kind: 'base-member' }>,
    args: readonly Argument[] | undefined,
  ): StaticType {
    return this.#memberType(expression, memberOfBase(this.#scope, expression), args);
  }

  #memberType({ name, at }: Name, member: ClassMember | undefined, args: readonly Argument[] | undefined): StaticType {
    if (!member) {
      this.#types(args ?? []);
      return UNKNOWN;
    }
    if (!member.arity)
      return args ? this.element(member.type ?? UNKNOWN, args, `"${name}"`, at) : (member.type ?? UNKNOWN);
    this.#arguments(name, member.arity, member.parameters, args ?? [], at);
    if (!member.type) this.#scope.report(at, `"${name}" gives no value`);
    return member.type ?? UNKNOWN;
  }

  #applied({ target, args, at }: Applied): StaticType {
    switch (target.kind) {
      case 'name':
        return this.#named(target, args, at);
      case 'member':
        return this.#memberValue(target, args);
      case 'base-member':
        return this.#baseMember(target, args);
      default:
        return this.element(this.typeOf(target), args, 'this', at);
    }
  }

  #named(name: Name, args: readonly Argument[] | undefined, at: Position): StaticType {
    const meaning = this.#scope.meaningOf(name.key);
    switch (meaning?.kind) {
      case 'variable':
      case 'alias':
        return args ? this.element(meaning.type, args, `"${name.name}"`, at) : meaning.type;
      case 'result':
        return args ? this.#recursion(name, args) : meaning.type;
      case 'member':
        return this.#memberType(name, meaning.member, args);
      case 'constant':
        if (args) return this.element(this.#constant(meaning), args, `"${name.name}"`, at);
        return this.#constant(meaning);
      case 'notes-constant':
        if (name.name !== name.name.toUpperCase()) this.unknown(name, args !== undefined);
        else if (args) this.#scope.report(at, `"${name.name}" is a constant and has no elements`);
        return UNKNOWN;
      case 'procedure':
      case 'function':
        return this.#function(name, meaning, args ?? [], at);
      case 'class':
      case 'record':
        this.#scope.report(at, `"${name.name}" is a type and no value`);
        return UNKNOWN;
      case undefined:
        this.#types(args ?? []);
        this.unknown(name, args !== undefined);
        return UNKNOWN;
    }
  }

  /** Reports a name that stands for nothing. */
  unknown({ name, key, at }: Name, isCalled: boolean): void {
    const { report, module } = this.#scope;
    const reason = forbiddenReason(key);
    if (reason) report(at, `"${name}" is refused: ${reason}`);
    else if (isCalled) report(at, `there is no function, array or list "${name}"`);
    else if (module.isDeclare) report(at, `"${name}" is not declared`);
  }

  #constant({ constant }: Extract<Meaning, { kind: 'constant' }>): StaticType {
    const { value } = constant;
    if (value.kind === 'text') return scalar('String');
    return value.kind === 'number' ? scalar(value.type) : UNKNOWN;
  }

  #recursion(name: Name, args: readonly Argument[]): StaticType {
    const { procedure, module } = this.#scope;
    if (!procedure) return UNKNOWN;
    this.#arguments(name.name, procedureArity(procedure), procedure.parameters, args, name.at);
    return module.typeOf(procedure.returns) ?? UNKNOWN;
  }

  #function(
    { name, key, at }: Name,
    meaning: Extract<Meaning, { kind: 'procedure' | 'function' }>,
    args: readonly Argument[],
    place: Position,
  ): StaticType {
    if (meaning.kind === 'function') {
      this.#arguments(name, meaning.arity, undefined, args, place);
      checkSpecial(this.#scope, key, args, at);
      if (!givesValue(key)) this.#scope.report(at, `"${name}" gives no value`);
      return UNKNOWN;
    }
    const { procedure } = meaning;
    this.#arguments(name, procedureArity(procedure), procedure.parameters, args, place);
    if (procedure.kind === 'sub') {
      this.#scope.report(at, `"${name}" is a Sub and gives no value`);
      return UNKNOWN;
    }
    return this.#scope.module.typeOf(procedure.returns) ?? UNKNOWN;
  }

  #calledName(name: Name, args: readonly Argument[], at: Position): void {
    const meaning = this.#scope.meaningOf(name.key);
    switch (meaning?.kind) {
      case 'procedure': {
        const { procedure } = meaning;
        this.#arguments(name.name, procedureArity(procedure), procedure.parameters, args, at);
        return;
      }
      case 'result':
        this.#recursion(name, args);
        return;
      case 'function':
        this.#arguments(name.name, meaning.arity, undefined, args, at);
        checkSpecial(this.#scope, name.key, args, name.at);
        return;
      case 'member':
        this.#calledMember(name.at, name.name, meaning.member, args);
        return;
      case undefined: {
        this.#types(args);
        const reason = forbiddenReason(name.key);
        this.#scope.report(
          name.at,
          reason ? `"${name.name}" is refused: ${reason}` : `there is no sub or function "${name.name}"`,
        );
        return;
      }
      default:
        this.#types(args);
        this.#scope.report(name.at, `"${name.name}" is no sub or function`);
    }
  }

  #calledMember(at: Position, name: string, member: ClassMember | undefined, args: readonly Argument[]): void {
    if (!member) this.#types(args);
    else if (member.kind === 'method' && member.arity) {
      this.#arguments(name, member.arity, member.parameters, args, at);
    } else {
      this.#types(args);
      this.#scope.report(at, `"${name}" is no method`);
    }
  }

  #arguments(
    name: string,
    arity: { readonly least: number; readonly most: number },
    parameters: Parameters<typeof checkTypes>[2] | undefined,
    args: readonly Argument[],
    at: Position,
  ): void {
    const types = this.#types(args);
    checkCount(this.#scope, name, arity, args.length, at);
    checkByValue(this.#scope, args, types);
    if (parameters) checkTypes(this.#scope, name, parameters, args, types);
  }

  #me(at: Position): StaticType {
    const { owner, report } = this.#scope;
    if (owner) return { kind: 'object', name: owner.name, key: owner.key };
    report(at, '"Me" stands outside of a class');
    return UNKNOWN;
  }

  #types(args: readonly Argument[]): readonly StaticType[] {
    return args.map((one) => this.typeOf(one.value));
  }
}
