import type { Argument, Expression } from '../../../src/notes/template/lotusscript/syntax.js';
import { mismatch, numberOf, textOf } from './conversion.js';
import type { Frame, Machine, Task } from './machine.js';
import { lineage, methodOf, type ProcedureHome, ScriptObject } from './module.js';
import { NativeObject, type Result } from './native.js';
import { binary, negate, not } from './operators.js';
import { arrayElement, listElement, type Reference } from './reference.js';
import { ERROR, ScriptError, StandInFault } from './script-error.js';
import { bool, EMPTY, FALSE, NOTHING, NULL, object, roundHalfEven, str, TRUE, type Value } from './values.js';

type Name = Extract<Expression, { kind: 'name' }>;
type MemberExpression = Extract<Expression, { kind: 'member' }>;
type BaseMember = Extract<Expression, { kind: 'base-member' }>;
type Apply = Extract<Expression, { kind: 'apply' }>;

const CONSTANTS = { true: TRUE, false: FALSE, null: NULL, empty: EMPTY, nothing: NOTHING } as const;

/** The value of an expression. `And` and `Or` look at both sides, as in LotusScript. */
export function* evaluate(machine: Machine, expression: Expression, frame: Frame): Task<Value> {
  switch (expression.kind) {
    case 'text':
      return str(expression.value);
    case 'number':
      return { kind: expression.type.toLowerCase(), value: expression.value } as Value;
    case 'constant':
      return CONSTANTS[expression.value];
    case 'me':
      return object(frame.me);
    case 'bracketed':
      return yield* evaluate(machine, expression.inner, frame);
    case 'unary': {
      const operand = yield* evaluate(machine, expression.operand, frame);
      if (expression.operator === 'not') return not(operand);
      return expression.operator === '-' ? negate(operand) : operand;
    }
    case 'binary': {
      if (expression.operator === 'isa') return yield* isA(machine, expression, frame);
      const left = yield* evaluate(machine, expression.left, frame);
      const right = yield* evaluate(machine, expression.right, frame);
      if (expression.operator === 'is') return bool(objectOf(left) === objectOf(right));
      return binary(expression.operator, left, right, frame.module.comparison);
    }
    case 'new':
      return yield* machine.construct(expression.className.name, expression.args, frame);
    case 'name':
      return yield* valueOfName(machine, expression, [], frame);
    case 'member':
      return yield* memberValue(machine, yield* targetOf(machine, expression, frame), expression.key, [], frame);
    case 'base-member':
      return yield* baseCall(machine, expression, [], frame);
    case 'apply':
      return yield* applied(machine, expression, frame);
  }
}

function* applied(machine: Machine, { target, args }: Apply, frame: Frame): Task<Value> {
  switch (target.kind) {
    case 'name':
      return yield* valueOfName(machine, target, args, frame);
    case 'member':
      return yield* memberValue(machine, yield* targetOf(machine, target, frame), target.key, args, frame);
    case 'base-member':
      return yield* baseCall(machine, target, args, frame);
    default:
      return yield* indexed(machine, yield* evaluate(machine, target, frame), args, frame);
  }
}

function* isA(machine: Machine, expression: Extract<Expression, { kind: 'binary' }>, frame: Frame): Task<Value> {
  const left = objectOf(yield* evaluate(machine, expression.left, frame));
  const name = textOf(yield* evaluate(machine, expression.right, frame));
  return bool(left !== undefined && machine.isInstance(left, name));
}

function objectOf(value: Value) {
  return value.kind === 'object' ? value.object : mismatch();
}

/** The object before the dot; that of the innermost `With` when nothing stands there. */
export function* targetOf(machine: Machine, member: MemberExpression, frame: Frame): Task<Value> {
  if (member.target) return yield* evaluate(machine, member.target, frame);
  return frame.withs.at(-1) ?? mismatch();
}

/** A variable, whoever has it: the call, the object, the script, a library. */
export function variableOf(key: string, frame: Frame): Reference | undefined {
  return frame.variables.get(key) ?? frame.me?.fields.get(key) ?? frame.module.global(key);
}

/** The procedure that a bare name calls: of the object first. */
export function procedureOf(
  key: string,
  frame: Frame,
): { home: ProcedureHome; me: ScriptObject | undefined } | undefined {
  const method = frame.me?.method(key, ['sub', 'function', 'get']);
  if (method) return { home: method, me: frame.me };
  const home = frame.module.procedure(key);
  return home && { home, me: undefined };
}

export function* valueOfName(machine: Machine, name: Name, args: readonly Argument[], frame: Frame): Task<Value> {
  const { key } = name;
  const variable = variableOf(key, frame);
  // With arguments a function's own name calls it again; alone it is the result so far.
  const callsItself = args.length > 0 && frame.home?.procedure.key === key && frame.home.procedure.kind === 'function';
  if (variable && !callsItself) {
    const value = variable.get();
    return args.length === 0 ? value : yield* indexed(machine, value, args, frame);
  }
  const found = procedureOf(key, frame);
  if (found) return yield* machine.call(found.home, found.me, args, frame);
  if (key === 'iselement') return yield* isElement(machine, args, frame);
  if (key === 'listtag') return str(tagOf(args, frame));
  const builtIn = machine.builtIn(key);
  if (builtIn) {
    if (args.length < builtIn.least || args.length > builtIn.most) {
      throw new StandInFault(`${name.name} takes ${builtIn.least} to ${builtIn.most} arguments, not ${args.length}`);
    }
    return yield* settled(builtIn.apply(yield* valuesOfArguments(machine, args, frame), machine.context(frame)));
  }
  const constant = machine.constant(key);
  if (constant) return constant;
  throw new StandInFault(`${name.name} is not known (${frame.module.name}, line ${name.at.line})`);
}

export function* valuesOfArguments(machine: Machine, args: readonly Argument[], frame: Frame): Task<Value[]> {
  const values: Value[] = [];
  for (const arg of args) values.push(yield* evaluate(machine, arg.value, frame));
  return values;
}

export function* settled(result: Result): Task<Value> {
  if (result instanceof Promise) return ((yield result) as Value | undefined) ?? EMPTY;
  return result ?? EMPTY;
}

/** An element of an array or a list. Error 184 for other values. */
export function* elementOf(
  machine: Machine,
  container: Value,
  args: readonly Argument[],
  frame: Frame,
): Task<Reference> {
  const subscripts = yield* valuesOfArguments(machine, args, frame);
  if (container.kind === 'array') {
    return arrayElement(
      container.array,
      subscripts.map((value) => roundHalfEven(numberOf(value))),
      machine.isInstance,
    );
  }
  if (container.kind === 'list') {
    const tag = textOf(subscripts[0] ?? EMPTY);
    return listElement(container.list, tag, frame.module.comparison === 'nocase', machine.isInstance);
  }
  throw new ScriptError(ERROR.noContainer);
}

function* indexed(machine: Machine, value: Value, args: readonly Argument[], frame: Frame): Task<Value> {
  return (yield* elementOf(machine, value, args, frame)).get();
}

function* isElement(machine: Machine, args: readonly Argument[], frame: Frame): Task<Value> {
  const apply = args[0]?.value;
  if (apply?.kind !== 'apply') return mismatch();
  const container = yield* evaluate(machine, apply.target, frame);
  if (container.kind !== 'list') return mismatch();
  const [tag = EMPTY] = yield* valuesOfArguments(machine, apply.args, frame);
  const key = frame.module.comparison === 'nocase' ? textOf(tag).toLowerCase() : textOf(tag);
  return bool(container.list.entries.has(key));
}

function tagOf(args: readonly Argument[], frame: Frame): string {
  const name = args[0]?.value;
  const tag = name?.kind === 'name' ? frame.tags.get(name.key) : undefined;
  if (tag === undefined) throw new ScriptError(ERROR.illegalFunctionCall);
  return tag;
}

/** A member's value, or the result of calling it. Error 91 when there is no object. */
export function* memberValue(
  machine: Machine,
  target: Value,
  key: string,
  args: readonly Argument[],
  frame: Frame,
): Task<Value> {
  const owner = holderOf(target);
  if (owner instanceof ScriptObject) {
    const method = owner.method(key, ['sub', 'function', 'get']);
    if (!method) {
      const field = owner.fields.get(key);
      if (!field) throw new StandInFault(`class ${owner.className} has no member ${key}`);
      return args.length === 0 ? field.get() : yield* indexed(machine, field.get(), args, frame);
    }
    if (args.length > method.procedure.parameters.length) {
      const value = yield* machine.call(method, owner, [], frame);
      return yield* indexed(machine, value, args, frame);
    }
    return yield* machine.call(method, owner, args, frame);
  }
  const member = owner.member(key);
  if (member.kind === 'method' && !(member.most === 0 && args.length > 0)) {
    if (args.length < member.least || args.length > member.most) {
      throw new StandInFault(
        `${owner.className}.${key} takes ${member.least} to ${member.most} arguments, not ${args.length}`,
      );
    }
    return yield* settled(member.call(owner.self, yield* valuesOfArguments(machine, args, frame)));
  }
  const value = yield* settled(
    member.kind === 'method' ? member.call(owner.self, []) : readable(owner, key)(owner.self),
  );
  return args.length === 0 ? value : yield* indexed(machine, value, args, frame);
}

function readable(owner: NativeObject, key: string): (self: unknown) => Result {
  const member = owner.member(key);
  if (member.kind !== 'property' || !member.get) throw new StandInFault(`${owner.className}.${key} cannot be read`);
  return member.get;
}

/** The object before a dot. */
export function holderOf(target: Value): ScriptObject | NativeObject {
  if (target.kind !== 'object') throw new ScriptError(183, 'Variant does not contain an object');
  if (!target.object) throw new ScriptError(ERROR.objectVariableNotSet);
  if (target.object instanceof ScriptObject || target.object instanceof NativeObject) return target.object;
  throw new StandInFault(`no members are known of ${target.object.className}`);
}

export function* baseCall(machine: Machine, member: BaseMember, args: readonly Argument[], frame: Frame): Task<Value> {
  const from = frame.me?.home;
  const base = from && [...lineage(from)].find((home) => home.definition.key === member.className.key);
  const method = base && methodOf(base, member.key, ['sub', 'function', 'get']);
  if (!method) throw new StandInFault(`there is no ${member.className.name}..${member.name}`);
  return yield* machine.call(method, frame.me, args, frame);
}
