import type { Argument } from '../../../src/notes/template/lotusscript/syntax.js';
import type { Instruction } from './flow.js';
import type { ProcedureHome, ScriptModule, ScriptObject } from './module.js';
import type { Comparison } from './operators.js';
import type { IsInstance, Reference } from './reference.js';
import type { ScriptError } from './script-error.js';
import type { Value } from './values.js';

/** Work that may have to wait: it hands out promises and is told their values. */
export type Task<T> = Generator<Promise<unknown>, T, unknown>;

export type Handler = { readonly kind: 'next' } | { readonly kind: 'goto'; readonly index: number };

/** One call that is under way. */
export interface Frame {
  readonly module: ScriptModule;
  readonly home: ProcedureHome | undefined;
  readonly me: ScriptObject | undefined;
  readonly variables: Map<string, Reference>;
  /** Tags of ForAll variables that walk over a list. */
  readonly tags: Map<string, string>;
  readonly withs: Value[];
  readonly slots: unknown[];
  readonly handlers: Map<number | 'any', Handler>;
  /** Index of the instruction whose error is being handled. */
  handling: number | undefined;
  readonly instructions: readonly Instruction[];
}

/** A function of the language. */
export interface BuiltIn {
  readonly least: number;
  readonly most: number;
  readonly apply: (args: readonly Value[], context: BuiltInContext) => Value | Promise<Value>;
}

export interface BuiltInContext {
  readonly comparison: Comparison;
  readonly surroundings: Surroundings;
  readonly currentError: ScriptError | undefined;
}

/** What scripts see of the machine they run on, and where their words go. */
export interface Surroundings {
  /** Wall clock, as a day number. */
  readonly now: () => number;
  readonly print: (line: string) => void;
  readonly environment: (name: string) => string;
  /** `CreateObject`; there is none unless a test gives one. */
  readonly createObject?: (name: string) => Value;
  /** `Evaluate` of a formula. */
  readonly evaluate?: (formula: string, document: Value | undefined) => Value;
  readonly random: () => number;
  /** What the user writes into a dialog. */
  readonly input: (fallback: string) => string;
}

/** What evaluating an expression needs of the interpreter. */
export interface Machine {
  readonly isInstance: IsInstance;
  readonly context: (frame: Frame) => BuiltInContext;
  readonly builtIn: (key: string) => BuiltIn | undefined;
  /** Constants of Notes, such as `DXLIMPORTOPTION_CREATE`. */
  readonly constant: (key: string) => Value | undefined;
  call(home: ProcedureHome, me: ScriptObject | undefined, args: readonly Argument[], frame: Frame): Task<Value>;
  /** The same with values that are known already; each is passed by value. */
  invoke(home: ProcedureHome, me: ScriptObject | undefined, values: readonly Value[]): Task<Value>;
  construct(className: string, args: readonly Argument[], frame: Frame): Task<Value>;
}
