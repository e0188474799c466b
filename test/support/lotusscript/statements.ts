import type { Variable as Declared, Expression } from '../../../src/notes/template/lotusscript/syntax.js';
import { assign, referenceOf } from './assign.js';
import { mismatch, numberOf, textOf } from './conversion.js';
import { boundsOf, declared, sizeOf } from './declare.js';
import { baseCall, evaluate, holderOf, memberValue, targetOf, valueOfName, variableOf } from './evaluate.js';
import type { SimpleStatement } from './flow.js';
import type { Frame, Machine, Surroundings, Task } from './machine.js';
import { ScriptObject } from './module.js';
import { ERROR, ScriptError, StandInFault } from './script-error.js';
import { type ArrayValue, EMPTY, initialValue, NOTHING, type Value } from './values.js';

/** What `Err`, `Erl` and `Error` tell. */
export interface ErrorState {
  current: ScriptError | undefined;
}

/** Runs one statement. The index where it goes on when that is not the next instruction. */
export function* runStatement(
  machine: Machine,
  statement: SimpleStatement,
  frame: Frame,
  errors: ErrorState,
  surroundings: Surroundings,
): Task<number | undefined> {
  switch (statement.kind) {
    case 'variables':
      for (const variable of statement.variables) yield* declare(machine, variable, statement.scope, frame);
      return undefined;
    case 'constants':
      for (const { key, value } of statement.constants) {
        const fixed = yield* evaluate(machine, value, frame);
        frame.variables.set(key, { type: { kind: 'variant' }, get: () => fixed, set: () => mismatch() });
      }
      return undefined;
    case 'redim':
      for (const variable of statement.variables) yield* redim(machine, variable, statement.preserve, frame);
      return undefined;
    case 'assign': {
      const value = yield* evaluate(machine, statement.value, frame);
      if (value.kind === 'object') return mismatch();
      if (isErr(statement.target, frame)) resetError(errors, numberOf(value));
      else yield* assign(machine, statement.target, value, frame);
      return undefined;
    }
    case 'set': {
      const value = yield* evaluate(machine, statement.value, frame);
      if (value.kind !== 'object') return mismatch();
      yield* assign(machine, statement.target, value, frame);
      return undefined;
    }
    case 'call':
      yield* call(machine, statement, frame);
      return undefined;
    case 'on-error':
      return yield* onError(machine, statement, frame);
    case 'resume':
      return resume(statement, frame, errors);
    case 'error': {
      const number = numberOf(yield* evaluate(machine, statement.number, frame));
      if (!statement.message) throw new ScriptError(number);
      throw new ScriptError(number, textOf(yield* evaluate(machine, statement.message, frame)));
    }
    case 'erase':
      for (const target of statement.targets) yield* erase(machine, target, frame);
      return undefined;
    case 'delete':
      yield* destroy(machine, statement.target, frame);
      return undefined;
    case 'print': {
      const words: string[] = [];
      for (const value of statement.values) words.push(textOf(yield* evaluate(machine, value, frame)));
      surroundings.print(words.join(' '));
      return undefined;
    }
    default:
      throw new StandInFault('On Event has no stand-in');
  }
}

function* declare(machine: Machine, variable: Declared, scope: 'dim' | 'static', frame: Frame): Task<void> {
  const { home, module } = frame;
  if (!home || (scope === 'dim' && !home.procedure.isStatic)) {
    frame.variables.set(variable.key, yield* declared(machine, variable, frame));
    return;
  }
  const kept = module.statics.get(home.procedure) ?? new Map();
  module.statics.set(home.procedure, kept);
  if (!kept.has(variable.key)) kept.set(variable.key, yield* declared(machine, variable, frame));
  frame.variables.set(variable.key, kept.get(variable.key));
}

/** Also gives a Variant its first array. Only the last dimension may change when elements are kept. */
function* redim(machine: Machine, variable: Declared, preserve: boolean, frame: Frame): Task<void> {
  const fresh = yield* declared(machine, variable, frame);
  const place = variableOf(variable.key, frame);
  const made = fresh.get();
  if (made.kind !== 'array') return mismatch();
  const bounds = yield* boundsOf(machine, variable, frame);
  const known = place?.get();
  if (!place || known?.kind !== 'array') {
    if (place) place.set({ kind: 'array', array: { ...made.array, isDynamic: true } });
    else frame.variables.set(variable.key, fresh);
    return;
  }
  const { array } = known;
  if (!array.isDynamic) return mismatch();
  const elements: Value[] = Array.from({ length: sizeOf(bounds) }, () => initialValue(array.type));
  if (preserve && array.bounds.length > 0) keep(array, elements, bounds);
  array.bounds = bounds;
  array.elements = elements;
}

function keep(array: ArrayValue, elements: Value[], bounds: ArrayValue['bounds']): void {
  if (bounds.length !== array.bounds.length) throw new ScriptError(ERROR.subscriptOutOfRange);
  if (bounds.some(({ lower }, dimension) => lower !== array.bounds[dimension]?.lower)) {
    throw new ScriptError(ERROR.subscriptOutOfRange);
  }
  const [before, after] = [rowLength(array.bounds), rowLength(bounds)];
  for (const [index, value] of array.elements.entries()) {
    const [row, column] = [Math.floor(index / before), index % before];
    if (column < after) elements[row * after + column] = value;
  }
}

function rowLength(bounds: ArrayValue['bounds']): number {
  const last = bounds.at(-1);
  return last ? last.upper - last.lower + 1 : 1;
}

function* call(
  machine: Machine,
  { callee, args }: Extract<SimpleStatement, { kind: 'call' }>,
  frame: Frame,
): Task<void> {
  if (callee.kind === 'name') yield* valueOfName(machine, callee, args, frame);
  else if (callee.kind === 'base-member') yield* baseCall(machine, callee, args, frame);
  else if (callee.kind === 'member') {
    yield* memberValue(machine, yield* targetOf(machine, callee, frame), callee.key, args, frame);
  } else yield* evaluate(machine, callee, frame);
}

function isErr(target: Expression, frame: Frame): boolean {
  return target.kind === 'name' && target.key === 'err' && !variableOf('err', frame);
}

function resetError(errors: ErrorState, number: number): void {
  errors.current = number === 0 ? undefined : new ScriptError(number);
}

function* onError(
  machine: Machine,
  statement: Extract<SimpleStatement, { kind: 'on-error' }>,
  frame: Frame,
): Task<undefined> {
  const { action } = statement;
  const number = statement.number ? numberOf(yield* evaluate(machine, statement.number, frame)) : 'any';
  // A general statement overrules those for single errors that came before it.
  if (number === 'any') frame.handlers.clear();
  if (action.kind === 'off') frame.handlers.delete(number);
  else if (action.kind === 'next') frame.handlers.set(number, { kind: 'next' });
  else if (action.kind === 'goto')
    frame.handlers.set(number, { kind: 'goto', index: labelIndex(action.label.key, frame) });
  return undefined;
}

function labelIndex(key: string, frame: Frame): number {
  const target = frame.home?.module.flow(frame.home.procedure).labels.get(key);
  if (!target) throw new StandInFault(`there is no label ${key}`);
  return target.index;
}

function resume({ to }: Extract<SimpleStatement, { kind: 'resume' }>, frame: Frame, errors: ErrorState): number {
  const failed = frame.handling;
  if (failed === undefined) throw new ScriptError(ERROR.resumeWithoutError);
  frame.handling = undefined;
  errors.current = undefined;
  if (to.kind === 'label') return labelIndex(to.label.key, frame);
  return to.kind === 'same' ? failed : failed + 1;
}

/** Empties an array or list, or takes one element out of a list. */
function* erase(machine: Machine, target: Expression, frame: Frame): Task<void> {
  const [container, args] = target.kind === 'apply' ? [target.target, target.args] : [target, []];
  const value = (yield* referenceOf(machine, container, frame))?.get();
  if (value?.kind === 'list') {
    if (args.length === 0) return value.list.entries.clear();
    const [arg] = args;
    const tag = textOf(arg ? yield* evaluate(machine, arg.value, frame) : EMPTY);
    const key = frame.module.comparison === 'nocase' ? tag.toLowerCase() : tag;
    if (!value.list.entries.delete(key)) throw new ScriptError(ERROR.listItemDoesNotExist);
    return;
  }
  if (value?.kind !== 'array') return mismatch();
  const { array } = value;
  if (array.isDynamic) {
    array.bounds = [];
    array.elements = [];
  } else array.elements = array.elements.map(() => initialValue(array.type));
}

/** Runs `Sub Delete` of the classes, the most derived first. */
function* destroy(machine: Machine, target: Expression, frame: Frame): Task<void> {
  const value = yield* evaluate(machine, target, frame);
  const holder = holderOf(value);
  const method = holder instanceof ScriptObject ? holder.method('delete', ['sub']) : undefined;
  if (method && holder instanceof ScriptObject) yield* machine.invoke(method, holder, []);
  yield* assign(machine, target, NOTHING, frame);
}
