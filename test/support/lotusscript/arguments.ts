import type { Argument, Parameter } from '../../../src/notes/template/lotusscript/syntax.js';
import { referenceOf } from './assign.js';
import { mismatch } from './conversion.js';
import { evaluate } from './evaluate.js';
import type { Frame, Machine, Task } from './machine.js';
import { elementTypeOf, type ProcedureHome } from './module.js';
import { checkedValue, copyOf, type Reference, Variable } from './reference.js';
import { StandInFault } from './script-error.js';
import type { ElementType, Value } from './values.js';

/** What the parameters of a procedure refer to. A variable of the very type is passed by reference, all else by value. */
export function* boundArguments(
  machine: Machine,
  home: ProcedureHome,
  args: readonly Argument[],
  frame: Frame,
): Task<Reference[]> {
  checkCount(home, args.length);
  const bound: Reference[] = [];
  for (const [index, parameter] of home.procedure.parameters.entries()) {
    const arg = args[index];
    if (arg) bound.push(yield* boundArgument(machine, parameter, arg, frame));
  }
  return bound;
}

/** The same for values that no variable holds. */
export function boundValues(machine: Machine, home: ProcedureHome, values: readonly Value[]): Reference[] {
  checkCount(home, values.length);
  return home.procedure.parameters.map((parameter, index) => placeFor(machine, parameter, values[index] ?? mismatch()));
}

function checkCount({ procedure }: ProcedureHome, count: number): void {
  const wanted = procedure.parameters.length;
  if (procedure.kind === 'set' ? count !== wanted + 1 && count !== 1 : count !== wanted) {
    throw new StandInFault(`${procedure.name} takes ${wanted} arguments, not ${count}`);
  }
}

function* boundArgument(machine: Machine, parameter: Parameter, arg: Argument, frame: Frame): Task<Reference> {
  const byValue = parameter.byValue || arg.byValue || arg.value.kind === 'bracketed';
  const place = byValue ? undefined : yield* referenceOf(machine, arg.value, frame);
  const value = place ? place.get() : yield* evaluate(machine, arg.value, frame);
  const type = elementTypeOf(parameter.type);
  if (place && parameter.shape === 'single' && (type.kind === 'variant' || sameType(type, place.type))) {
    if (type.kind === 'object') checkedValue(value, type, machine.isInstance);
    return place;
  }
  return placeFor(machine, parameter, value);
}

function sameType(left: ElementType, right: ElementType): boolean {
  return left.kind === right.kind;
}

/** A parameter's own place. Arrays and lists are the caller's, unless a Variant takes them by value. */
function placeFor(machine: Machine, parameter: Parameter, value: Value): Reference {
  const type = elementTypeOf(parameter.type);
  if (parameter.shape === 'single') {
    const checked = checkedValue(value, type, machine.isInstance);
    return new Variable(type, parameter.byValue ? copyOf(checked) : checked, machine.isInstance);
  }
  if (value.kind !== parameter.shape) return mismatch();
  return new Variable(type, value, machine.isInstance);
}
