import type { Argument } from '../../../src/notes/template/lotusscript/syntax.js';
import { boundArguments, boundValues } from './arguments.js';
import { BUILT_INS } from './built-ins/table.js';
import { declared } from './declare.js';
import { evaluate, valuesOfArguments } from './evaluate.js';
import type { Instruction } from './flow.js';
import type { BuiltIn, BuiltInContext, Frame, Machine, Surroundings, Task } from './machine.js';
import { elementTypeOf, lineage, type ProcedureHome, type ScriptModule, ScriptObject } from './module.js';
import type { NativeWorld } from './native-world.js';
import { type Reference, Variable } from './reference.js';
import { ERROR, ScriptError, StandInFault } from './script-error.js';
import { type ErrorState, runStatement } from './statements.js';
import { runStep } from './step.js';
import { EMPTY, initialValue, type ObjectValue, object, type Value } from './values.js';

export interface InterpreterOptions {
  readonly surroundings: Surroundings;
  readonly natives: NativeWorld;
  /** Instructions of one run; an endless loop ends there. */
  readonly steps?: number;
}

const MAX_DEPTH = 200;
const DEFAULT_STEPS = 5_000_000;

/** Runs procedures of scripts that were read. Faults of a script are `ScriptError`, gaps of the stand-ins `StandInFault`. */
export class Interpreter implements Machine {
  readonly #surroundings: Surroundings;
  readonly #natives: NativeWorld;
  readonly #errors: ErrorState = { current: undefined };
  #steps: number;
  #depth = 0;

  constructor({ surroundings, natives, steps = DEFAULT_STEPS }: InterpreterOptions) {
    this.#surroundings = surroundings;
    this.#natives = natives;
    this.#steps = steps;
  }

  /** Gives a module's variables and constants their values, those of its libraries first. Call once. */
  *load(module: ScriptModule): Task<void> {
    for (const used of module.imports) if (used.globals.size === 0) yield* this.load(used);
    const frame = this.#frame(module, undefined, undefined, []);
    for (const { constant } of module.script.constants) {
      module.globals.set(constant.key, this.#constantOf(yield* evaluate(this, constant.value, frame)));
    }
    for (const { variable } of module.script.variables) {
      module.globals.set(variable.key, yield* declared(this, variable, frame));
    }
  }

  readonly isInstance = (value: ObjectValue, className: string): boolean => {
    if (value instanceof ScriptObject) return value.isA(className);
    return value.className.toLowerCase() === className.toLowerCase();
  };

  builtIn(key: string): BuiltIn | undefined {
    return Object.hasOwn(BUILT_INS, key) ? BUILT_INS[key] : undefined;
  }

  constant(key: string): Value | undefined {
    return this.#natives.constant(key);
  }

  context(frame: Frame): BuiltInContext {
    return {
      comparison: frame.module.comparison,
      surroundings: this.#surroundings,
      currentError: this.#errors.current,
    };
  }

  *call(home: ProcedureHome, me: ScriptObject | undefined, args: readonly Argument[], frame: Frame): Task<Value> {
    return yield* this.#run(home, me, yield* boundArguments(this, home, args, frame));
  }

  *invoke(home: ProcedureHome, me: ScriptObject | undefined, values: readonly Value[]): Task<Value> {
    if (home.procedure.kind !== 'set') return yield* this.#run(home, me, boundValues(this, home, values));
    const type = elementTypeOf(home.procedure.returns);
    const value = new Variable(type, values[0] ?? EMPTY, this.isInstance);
    return yield* this.#run(home, me, [], value);
  }

  *construct(className: string, args: readonly Argument[], frame: Frame): Task<Value> {
    const home = frame.module.class(className.toLowerCase());
    if (!home) return this.#natives.create(className, yield* valuesOfArguments(this, args, frame));
    const made = new ScriptObject(home.definition.name, home);
    for (const { definition, module } of [...lineage(home)].reverse()) {
      const inside = this.#frame(module, undefined, made, []);
      for (const { variable } of definition.members)
        made.fields.set(variable.key, yield* declared(this, variable, inside));
    }
    yield* this.#initialize(made, home, args, frame);
    return object(made);
  }

  /** An object of a class, with values that are known already. */
  *make(module: ScriptModule, className: string, values: readonly Value[]): Task<Value> {
    const frame = this.#frame(module, undefined, undefined, []);
    const args = values.map((value, index): Argument => {
      const key = `argument ${index}`;
      frame.variables.set(key, new Variable({ kind: 'variant' }, value, this.isInstance));
      return { value: { kind: 'name', name: key, key, at: { line: 0, column: 0 } }, byValue: true };
    });
    return yield* this.construct(className, args, frame);
  }

  /** `New` of the base class runs before that of the class; without arguments of its own it gets the same ones. */
  *#initialize(made: ScriptObject, from: ProcedureHome['owner'], args: readonly Argument[], frame: Frame): Task<void> {
    if (!from) return;
    const { base, methods } = from.definition;
    const procedure = methods.find((one) => one.key === 'new');
    const above = base && from.module.class(base.key);
    if (!procedure) return yield* this.#initialize(made, above, args, frame);
    const home = { procedure, module: from.module, owner: from };
    const bound = yield* boundArguments(this, home, args, frame);
    const inside = this.#frame(from.module, home, made, bound);
    const baseNew =
      above && [...lineage(above)].flatMap(({ definition }) => definition.methods).find((one) => one.key === 'new');
    const passed = procedure.baseArgs ?? (baseNew?.parameters.length === args.length ? args : []);
    yield* this.#initialize(made, above, passed, procedure.baseArgs ? inside : frame);
    yield* this.#run(home, made, bound);
  }

  #constantOf(value: Value): Reference {
    return {
      type: { kind: 'variant' },
      get: () => value,
      set: () => {
        throw new StandInFault('a constant cannot be assigned to');
      },
    };
  }

  #frame(
    module: ScriptModule,
    home: ProcedureHome | undefined,
    me: ScriptObject | undefined,
    bound: readonly Reference[],
  ): Frame {
    const parameters = home?.procedure.parameters ?? [];
    const variables = new Map(
      parameters.flatMap(({ key }, index) => (bound[index] ? [[key, bound[index]] as const] : [])),
    );
    return {
      module,
      home,
      me,
      variables,
      tags: new Map(),
      withs: [],
      slots: [],
      handlers: new Map(),
      handling: undefined,
      instructions: home ? home.module.flow(home.procedure).instructions : [],
    };
  }

  *#run(
    home: ProcedureHome,
    me: ScriptObject | undefined,
    bound: readonly Reference[],
    assigned?: Reference,
  ): Task<Value> {
    const { procedure } = home;
    const frame = this.#frame(home.module, home, me, bound);
    const type = elementTypeOf(procedure.returns);
    const result = assigned ?? new Variable(type, initialValue(type), this.isInstance);
    if (procedure.kind !== 'sub') frame.variables.set(procedure.key, result);
    if (this.#depth >= MAX_DEPTH) throw new ScriptError(ERROR.outOfStack);
    this.#depth += 1;
    try {
      yield* this.#execute(frame);
    } finally {
      this.#depth -= 1;
    }
    // Leaving from an error handler ends the handling.
    if (frame.handling !== undefined) this.#errors.current = undefined;
    return procedure.kind === 'sub' ? EMPTY : result.get();
  }

  *#execute(frame: Frame): Task<void> {
    const { instructions } = frame;
    let index = 0;
    while (index >= 0 && index < instructions.length) {
      const instruction = instructions[index] as Instruction;
      this.#steps -= 1;
      if (this.#steps < 0) throw new StandInFault('the script takes too many steps');
      frame.withs.length = instruction.withs;
      try {
        index =
          instruction.op === 'statement'
            ? ((yield* runStatement(this, instruction.statement, frame, this.#errors, this.#surroundings)) ?? index + 1)
            : yield* runStep(this, instruction, index, frame);
      } catch (thrown) {
        index = this.#handled(thrown, index, frame);
      }
    }
  }

  /** Where it goes on after an error. One inside an error handler is the caller's: that is how scripts raise it again. */
  #handled(thrown: unknown, index: number, frame: Frame): number {
    if (!(thrown instanceof ScriptError)) throw thrown;
    thrown.line ||= frame.instructions[index]?.at.line ?? 0;
    thrown.procedure ||= frame.home?.procedure.name ?? '';
    const handler = frame.handlers.get(thrown.number) ?? frame.handlers.get('any');
    if (!handler || frame.handling !== undefined) throw thrown;
    this.#errors.current = thrown;
    if (handler.kind === 'next') return index + 1;
    frame.handling = index;
    return handler.index;
  }
}
