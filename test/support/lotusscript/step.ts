import type { CaseTest } from '../../../src/notes/template/lotusscript/syntax.js';
import { conditionOf, numberOf } from './conversion.js';
import { evaluate } from './evaluate.js';
import { ScriptEnd } from './finish.js';
import type { Instruction } from './flow.js';
import type { Frame, Machine, Task } from './machine.js';
import { orderOf } from './operators.js';
import { arrayElement, elementAt, listElement, type Reference } from './reference.js';
import { ERROR, ScriptError, StandInFault } from './script-error.js';
import type { Value } from './values.js';

const LEAVE = -1;

interface ForState {
  readonly limit: number;
  readonly step: number;
}

interface Element {
  readonly place: Reference;
  readonly tag: string | undefined;
}

function isBeyond(value: number, limit: number, step: number): boolean {
  return step >= 0 ? value > limit : value < limit;
}

/** Runs one instruction. The index where it goes on; -1 leaves the procedure. Plain statements are not for here. */
export function* runStep(machine: Machine, instruction: Instruction, index: number, frame: Frame): Task<number> {
  switch (instruction.op) {
    case 'jump':
      return instruction.to.index;
    case 'branch': {
      const holds = conditionOf(yield* evaluate(machine, instruction.condition, frame));
      return holds === instruction.unless ? index + 1 : instruction.to.index;
    }
    case 'subject':
      frame.slots[instruction.slot] = yield* evaluate(machine, instruction.subject, frame);
      return index + 1;
    case 'case': {
      const subject = frame.slots[instruction.slot] as Value;
      for (const test of instruction.tests) if (yield* matches(machine, test, subject, frame)) return index + 1;
      return instruction.otherwise.index;
    }
    case 'for':
      return yield* startFor(machine, instruction, index, frame);
    case 'next': {
      const { limit, step } = frame.slots[instruction.slot] as ForState;
      const counter = variable(instruction.variable.key, frame);
      const value = numberOf(counter.get()) + step;
      counter.set({ kind: 'double', value });
      return isBeyond(value, limit, step) ? index + 1 : instruction.body.index;
    }
    case 'forall':
      frame.slots[instruction.slot] = elements(machine, yield* evaluate(machine, instruction.source, frame), frame);
      return index + 1;
    case 'each': {
      const { value: element } = (frame.slots[instruction.slot] as Iterator<Element, undefined>).next();
      const { key } = instruction.variable;
      if (!element) {
        frame.variables.delete(key);
        frame.tags.delete(key);
        return instruction.exit.index;
      }
      frame.variables.set(key, element.place);
      if (element.tag !== undefined) frame.tags.set(key, element.tag);
      return index + 1;
    }
    case 'with':
      frame.withs.push(yield* evaluate(machine, instruction.target, frame));
      return index + 1;
    case 'leave':
      return LEAVE;
    case 'statement':
      throw new StandInFault('a statement is run elsewhere');
    case 'end':
      throw new ScriptEnd();
  }
}

function* matches(machine: Machine, test: CaseTest, subject: Value, frame: Frame): Task<boolean> {
  const { comparison } = frame.module;
  if (test.kind === 'range') {
    const from = yield* evaluate(machine, test.from, frame);
    const to = yield* evaluate(machine, test.to, frame);
    return orderOf(subject, from, comparison) >= 0 && orderOf(subject, to, comparison) <= 0;
  }
  const order = orderOf(subject, yield* evaluate(machine, test.value, frame), comparison);
  if (test.kind === 'value') return order === 0;
  return { '=': order === 0, '<>': order !== 0, '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[
    test.operator
  ];
}

function* startFor(
  machine: Machine,
  instruction: Extract<Instruction, { op: 'for' }>,
  index: number,
  frame: Frame,
): Task<number> {
  const from = yield* evaluate(machine, instruction.from, frame);
  const limit = numberOf(yield* evaluate(machine, instruction.limit, frame));
  const step = instruction.step ? numberOf(yield* evaluate(machine, instruction.step, frame)) : 1;
  variable(instruction.variable.key, frame).set(from);
  frame.slots[instruction.slot] = { limit, step } satisfies ForState;
  return isBeyond(numberOf(from), limit, step) ? instruction.exit.index : index + 1;
}

function variable(key: string, frame: Frame): Reference {
  const found = frame.variables.get(key) ?? frame.me?.fields.get(key) ?? frame.module.global(key);
  if (!found) throw new StandInFault(`the variable ${key} is not declared`);
  return found;
}

function* elements(machine: Machine, container: Value, frame: Frame): Generator<Element, undefined> {
  if (container.kind === 'array') {
    const { array } = container;
    if (array.bounds.length === 0) arrayElement(array, [], machine.isInstance);
    for (let index = 0; index < array.elements.length; index += 1) {
      yield { place: elementAt(array, index, machine.isInstance), tag: undefined };
    }
    return undefined;
  }
  if (container.kind !== 'list') throw new ScriptError(ERROR.noContainer);
  const ignoresCase = frame.module.comparison === 'nocase';
  // Elements may be erased on the way.
  for (const [key, { tag }] of [...container.list.entries]) {
    if (!container.list.entries.has(key)) continue;
    yield { place: listElement(container.list, tag, ignoresCase, machine.isInstance), tag };
  }
  return undefined;
}
