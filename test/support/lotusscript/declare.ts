import type { Variable as Declared, RecordDefinition } from '../../../src/notes/template/lotusscript/syntax.js';
import { numberOf } from './conversion.js';
import { evaluate } from './evaluate.js';
import type { Frame, Machine, Task } from './machine.js';
import { elementTypeOf, ScriptObject } from './module.js';
import { Variable } from './reference.js';
import { type Bounds, initialValue, object, roundHalfEven, type Value } from './values.js';

/** A declared variable with its first value. `record` finds a `Type`, whose values come into being with the variable. */
export function* declared(machine: Machine, variable: Declared, frame: Frame): Task<Variable> {
  const type = elementTypeOf(variable.type);
  const record = type.kind === 'object' ? frame.module.record(type.className.toLowerCase()) : undefined;
  const fresh = function* (): Task<Value> {
    return record ? yield* recordValue(machine, record, frame) : initialValue(type);
  };
  let value: Value;
  if (variable.shape === 'list') value = { kind: 'list', list: { type, entries: new Map() } };
  else if (variable.shape === 'array') {
    const bounds = yield* boundsOf(machine, variable, frame);
    const elements: Value[] = [];
    for (let count = sizeOf(bounds); count > 0; count -= 1) elements.push(yield* fresh());
    value = { kind: 'array', array: { type, isDynamic: bounds.length === 0, bounds, elements } };
  } else if (variable.newArgs && type.kind === 'object') {
    value = yield* machine.construct(type.className, variable.newArgs, frame);
  } else value = yield* fresh();
  return new Variable(type, value, machine.isInstance);
}

function* recordValue(machine: Machine, record: RecordDefinition, frame: Frame): Task<Value> {
  const made = new ScriptObject(record.name, undefined);
  for (const member of record.members) made.fields.set(member.key, yield* declared(machine, member, frame));
  return object(made);
}

export function* boundsOf(machine: Machine, variable: Declared, frame: Frame): Task<Bounds[]> {
  const bounds: Bounds[] = [];
  for (const { low, high } of variable.bounds) {
    const lower = low ? numberOf(yield* evaluate(machine, low, frame)) : frame.module.script.options.base;
    const upper = numberOf(yield* evaluate(machine, high, frame));
    bounds.push({ lower: roundHalfEven(lower), upper: roundHalfEven(upper) });
  }
  return bounds;
}

/** Elements of an array with these bounds; none without bounds. */
export function sizeOf(bounds: readonly Bounds[]): number {
  if (bounds.length === 0) return 0;
  return bounds.reduce((size, { lower, upper }) => size * Math.max(0, upper - lower + 1), 1);
}
