import type { Expression } from '../../../src/notes/template/lotusscript/syntax.js';
import { elementOf, holderOf, targetOf, variableOf } from './evaluate.js';
import type { Frame, Machine, Task } from './machine.js';
import { ScriptObject } from './module.js';
import type { Reference } from './reference.js';
import { StandInFault } from './script-error.js';
import type { Value } from './values.js';

/** The place that an expression names; `undefined` when it is a value only, such as the result of a call. */
export function* referenceOf(machine: Machine, expression: Expression, frame: Frame): Task<Reference | undefined> {
  if (expression.kind === 'name') return variableOf(expression.key, frame);
  if (expression.kind === 'member') {
    const target = yield* targetOf(machine, expression, frame);
    const holder = target.kind === 'object' && target.object ? holderOf(target) : undefined;
    if (!(holder instanceof ScriptObject) || holder.method(expression.key, ['get', 'function', 'sub']))
      return undefined;
    return holder.fields.get(expression.key);
  }
  if (expression.kind !== 'apply') return undefined;
  const container = yield* containerOf(machine, expression.target, frame);
  return container && (yield* elementOf(machine, container, expression.args, frame));
}

/** The array or list before the brackets, not a copy of it; `undefined` when the brackets are those of a call. */
function* containerOf(machine: Machine, target: Expression, frame: Frame): Task<Value | undefined> {
  const place = yield* referenceOf(machine, target, frame);
  const value = place?.get();
  return value?.kind === 'array' || value?.kind === 'list' ? value : undefined;
}

/** Assigns; `value` has been evaluated before. */
export function* assign(machine: Machine, target: Expression, value: Value, frame: Frame): Task<void> {
  if (target.kind === 'member') {
    const holder = holderOf(yield* targetOf(machine, target, frame));
    if (holder instanceof ScriptObject) {
      const setter = holder.method(target.key, ['set']);
      if (setter) {
        yield* machine.invoke(setter, holder, [value]);
        return;
      }
    } else {
      const member = holder.member(target.key);
      if (member.kind !== 'property' || !member.set) {
        throw new StandInFault(`${holder.className}.${target.name} cannot be written`);
      }
      member.set(holder.self, value);
      return;
    }
  }
  if (target.kind === 'name') {
    const setter = variableOf(target.key, frame) ? undefined : frame.me?.method(target.key, ['set']);
    if (setter) {
      yield* machine.invoke(setter, frame.me, [value]);
      return;
    }
  }
  const place = yield* referenceOf(machine, target, frame);
  if (!place) throw new StandInFault(`nothing can be assigned to what stands in line ${target.at.line}`);
  place.set(value);
}
