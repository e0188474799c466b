import { forbiddenReason, functionArity } from '../names/functions.js';
import type { Expression, Name, Parameter, TypeName, Variable } from '../syntax.js';
import { isGrammarWord, refusalOf } from '../words.js';
import type { Scope } from './scope.js';
import type { ValueCheck } from './values.js';

/** Words of the language cannot be the names of variables and procedures; in classes and types they can. */
export function checkName(scope: Scope, { name, key, at }: Name): void {
  if (functionArity(key) || forbiddenReason(key) || refusalOf(key) || isGrammarWord(key)) {
    scope.report(at, `"${name}" is a word of LotusScript and no name`);
  }
}

/** Reports a type that does not exist. */
export function checkType(scope: Scope, type: TypeName | undefined): void {
  if (type?.kind === 'named' && !scope.module.typeOf(type)) scope.report(type.at, `there is no type "${type.name}"`);
}

/** Checks type, bounds and `New` of a variable. `ReDim` may compute its bounds. */
export function checkVariable(scope: Scope, values: ValueCheck, variable: Variable, isRedim = false): void {
  const { name, type, bounds, newArgs } = variable;
  if (newArgs && type?.kind === 'named') values.created(type, newArgs);
  else checkType(scope, type);
  for (const { low, high } of bounds) {
    for (const bound of low ? [low, high] : [high]) {
      values.typeOf(bound);
      if (!isRedim && !isConstant(scope, bound)) {
        scope.report(
          bound.at,
          `the bounds of "${name}" are not constant; declare "${name}()" and give them with ReDim`,
        );
      }
    }
    const [from, to] = [low ? scope.constantOf(low) : 0, scope.constantOf(high)];
    if (typeof from === 'number' && typeof to === 'number' && to < from) {
      scope.report(high.at, `the upper bound ${to} of "${name}" is below ${from}`);
    }
  }
}

export function checkParameter(scope: Scope, parameter: Parameter): void {
  checkName(scope, parameter);
  checkType(scope, parameter.type);
  if (parameter.byValue && parameter.type?.kind === 'named') {
    scope.report(parameter.at, `"${parameter.name}" is an object or Type and cannot be passed by value`);
  }
}

/** Checks the value of a `Const`. */
export function checkConstant(scope: Scope, values: ValueCheck, name: string, value: Expression): void {
  values.typeOf(value);
  if (!isConstant(scope, value)) scope.report(value.at, `the value of "${name}" is not constant`);
}

/** True for literals, constants and operations on them. */
function isConstant(scope: Scope, expression: Expression): boolean {
  switch (expression.kind) {
    case 'text':
    case 'number':
      return true;
    case 'constant':
      return expression.value !== 'nothing';
    case 'name': {
      const kind = scope.meaningOf(expression.key)?.kind;
      // A name that stands for nothing is reported as such.
      return kind === undefined || kind === 'constant' || kind === 'notes-constant' || expression.key === 'pi';
    }
    case 'unary':
      return isConstant(scope, expression.operand);
    case 'binary':
      return isConstant(scope, expression.left) && isConstant(scope, expression.right);
    case 'bracketed':
      return isConstant(scope, expression.inner);
    default:
      return false;
  }
}
