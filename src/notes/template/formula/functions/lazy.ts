import type { FormulaContext } from '../context.js';
import { FormulaEnded } from '../ending.js';
import { conditionOf } from '../operators.js';
import type { Expression } from '../syntax.js';
import { EMPTY, error, number, text, textsOf, truth, type Value, WRONG_TYPE, withList } from '../values.js';
import { ANY_NUMBER } from './definition.js';

/** What functions that evaluate their arguments themselves need of the run. */
export interface Evaluation {
  readonly context: FormulaContext;
  value(expression: Expression): Value;
  variable(key: string): Value | undefined;
  setVariable(key: string, value: Value | undefined): void;
  field(key: string): Value | undefined;
  /** For this run, and as an effect where the context records such. */
  setField(name: string, value: Value): void;
}

export interface LazyDefinition {
  readonly least: number;
  readonly most: number;
  readonly apply: (args: readonly Expression[], run: Evaluation) => Value;
}

/** Functions that decide which arguments are evaluated, and how often, by their name in lower case. */
export const LAZY_FUNCTIONS: Readonly<Record<string, LazyDefinition>> = {
  '@if': { least: 3, most: ANY_NUMBER, apply: choose },
  '@do': {
    least: 1,
    most: ANY_NUMBER,
    apply: (args, run) => args.reduce<Value>((_, arg) => run.value(arg), EMPTY),
  },
  '@iserror': {
    least: 1,
    most: 1,
    apply: (args, run) => truth(args.some((arg) => run.value(arg).type === 'error')),
  },
  '@iferror': { least: 1, most: 2, apply: instead },
  '@isavailable': { least: 1, most: 1, apply: (args, run) => isAvailable(args, run, (there) => there) },
  '@isunavailable': { least: 1, most: 1, apply: (args, run) => isAvailable(args, run, (there) => !there) },
  '@return': { least: 1, most: 1, apply: end },
  '@set': { least: 2, most: 2, apply: setVariable },
  '@setfield': { least: 2, most: 2, apply: setField },
  '@getfield': { least: 1, most: 1, apply: ([name], run) => getField(name, run) },
  '@thisname': { least: 0, most: 0, apply: (_, { context: { thisField } }) => named(thisField, text) },
  '@thisvalue': { least: 0, most: 0, apply: (_, run) => named(run.context.thisField, (name) => fieldNamed(name, run)) },
  '@transform': { least: 3, most: 3, apply: transform },
  '@nothing': { least: 0, most: 0, apply: (_, run) => nothing(run) },
  '@for': { least: 3, most: ANY_NUMBER, apply: forLoop },
  '@while': { least: 2, most: ANY_NUMBER, apply: ([test, ...body], run) => repeat({ test, body }, run) },
  '@dowhile': { least: 2, most: ANY_NUMBER, apply: doWhile },
};

/** Only the chosen branch is evaluated, as in Notes. */
function choose(args: readonly Expression[], run: Evaluation): Value {
  for (let index = 0; index + 1 < args.length; index += 2) {
    const [test, result] = [args[index], args[index + 1]];
    if (!test || !result) break;
    const holds = conditionOf(run.value(test));
    if (typeof holds !== 'boolean') return holds;
    if (holds) return run.value(result);
  }
  const otherwise = args.length % 2 === 1 ? args.at(-1) : undefined;
  return otherwise ? run.value(otherwise) : error('@If has a wrong number of arguments');
}

function instead([first, alternative]: readonly Expression[], run: Evaluation): Value {
  const value = first ? run.value(first) : EMPTY;
  if (value.type !== 'error') return value;
  return alternative ? run.value(alternative) : EMPTY;
}

function isAvailable([arg]: readonly Expression[], run: Evaluation, wanted: (there: boolean) => boolean): Value {
  if (arg?.kind !== 'name') return error('The name of a field was expected');
  return truth(wanted(run.field(arg.key) !== undefined));
}

function end([result]: readonly Expression[], run: Evaluation): Value {
  const value = result ? run.value(result) : EMPTY;
  run.context.effects?.({ kind: 'return', value });
  throw new FormulaEnded(value);
}

function setVariable([name, entry]: readonly Expression[], run: Evaluation): Value {
  const word = nameOf(name, run);
  const value = entry ? run.value(entry) : EMPTY;
  if (word === undefined) return error(WRONG_TYPE);
  run.setVariable(word.toLowerCase(), value);
  return value;
}

function setField([name, entry]: readonly Expression[], run: Evaluation): Value {
  if (!run.context.effects) return error('@SetField must not be used here');
  const word = nameOf(name, run);
  const value = entry ? run.value(entry) : EMPTY;
  if (word === undefined) return error(WRONG_TYPE);
  if (value.type !== 'error') run.setField(word, value);
  return value;
}

function getField(name: Expression | undefined, run: Evaluation): Value {
  const word = nameOf(name, run);
  return word === undefined ? error(WRONG_TYPE) : fieldNamed(word, run);
}

function fieldNamed(name: string, run: Evaluation): Value {
  return run.field(name.toLowerCase()) ?? EMPTY;
}

function nameOf(expression: Expression | undefined, run: Evaluation): string | undefined {
  return expression && textsOf(run.value(expression))?.[0];
}

function named(name: string | undefined, make: (name: string) => Value): Value {
  return name === undefined ? error('There is no field here') : make(name);
}

/** Set while `@Transform` runs, so that `@Nothing` fails elsewhere. No formula can write a name like this. */
const IN_TRANSFORM = ' transform';

/** The formula's results for each entry of a list, one after the other; what the variable held before comes back. */
function transform([list, name, formula]: readonly Expression[], run: Evaluation): Value {
  const source = list ? run.value(list) : EMPTY;
  const word = nameOf(name, run)?.toLowerCase();
  if (source.type === 'error') return source;
  if (word === undefined || !formula) return error(WRONG_TYPE);
  const [before, outer] = [run.variable(word), run.variable(IN_TRANSFORM)];
  run.setVariable(IN_TRANSFORM, number(1));
  const results: Exclude<Value, { type: 'error' }>[] = [];
  let fault: Value | undefined;
  for (const entry of source.list) {
    run.setVariable(word, withList(source, [entry]));
    const result = run.value(formula);
    if (result.type === 'error') {
      fault = result;
      break;
    }
    if (result.list.length > 0) results.push(result);
  }
  run.setVariable(word, before);
  run.setVariable(IN_TRANSFORM, outer);
  if (fault) return fault;
  const [first] = results;
  if (!first) return EMPTY;
  if (results.some(({ type }) => type !== first.type)) return error('The values of a list must be of one kind');
  const entries: (string | number)[] = [];
  for (const { list: some } of results) {
    for (const entry of some) entries.push(entry);
    // The run refuses the list right after; this only keeps it from growing on.
    if (entries.length > run.context.limits.listLength) break;
  }
  return withList(first, entries);
}

/** An empty list, which is the only one there is: it leaves the result of `@Transform` at once. */
function nothing(run: Evaluation): Value {
  return run.variable(IN_TRANSFORM) ? text() : error('@Nothing belongs into @Transform');
}

function forLoop([start, test, step, ...body]: readonly Expression[], run: Evaluation): Value {
  const first = start ? run.value(start) : EMPTY;
  return first.type === 'error' ? first : repeat({ test, body: step ? [...body, step] : body }, run);
}

function doWhile(args: readonly Expression[], run: Evaluation): Value {
  const [body, test] = [args.slice(0, -1), args.at(-1)];
  const fault = runAll(body, run);
  return fault ?? repeat({ test, body }, run);
}

/** The run counts its steps, so that a loop without end becomes an error. */
function repeat(loop: { test: Expression | undefined; body: readonly Expression[] }, run: Evaluation): Value {
  for (;;) {
    const holds = loop.test ? conditionOf(run.value(loop.test)) : false;
    if (typeof holds !== 'boolean') return holds;
    if (!holds) return number(1);
    const fault = runAll(loop.body, run);
    if (fault) return fault;
  }
}

function runAll(statements: readonly Expression[], run: Evaluation): Value | undefined {
  for (const statement of statements) {
    const value = run.value(statement);
    if (value.type === 'error') return value;
  }
  return undefined;
}
