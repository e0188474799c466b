import { type Arity, arityText } from '../names/arity.js';
import { describeType, type StaticType } from '../names/static-type.js';
import type { Argument, Parameter, Position } from '../syntax.js';
import type { Scope } from './scope.js';

/** Reports a wrong number of arguments. */
export function checkCount(scope: Scope, name: string, arity: Arity, count: number, at: Position): void {
  if (count >= arity.least && count <= arity.most) return;
  scope.report(at, `"${name}" takes ${arityText(arity)}, not ${count}`);
}

/** Reports objects, arrays and lists in brackets of their own: they cannot be passed by value. */
export function checkByValue(scope: Scope, args: readonly Argument[], types: readonly StaticType[]): void {
  for (const [index, { value, byValue }] of args.entries()) {
    const type = types[index];
    if (!type || type.kind === 'unknown' || type.kind === 'value') continue;
    if (byValue || value.kind === 'bracketed') {
      scope.report(value.at, `${describeType(type)} cannot be passed by value; write "Call", or leave the bracket out`);
    }
  }
}

/** Reports arguments that cannot be what the parameters say. `types` are those of the arguments. */
export function checkTypes(
  scope: Scope,
  name: string,
  parameters: readonly Parameter[],
  args: readonly Argument[],
  types: readonly StaticType[],
): void {
  for (const [index, parameter] of parameters.entries()) {
    const argument = args[index];
    const given = types[index];
    if (!argument || !given) continue;
    const wanted = scope.module.variableType({ ...parameter, bounds: [] });
    const { at } = argument.value;
    const what = `parameter "${parameter.name}" of "${name}" is ${describeType(wanted)}`;
    if (!fitsKind(scope, wanted, given)) scope.report(at, `${what}, not ${describeType(given)}`);
    else if (isWrongReference(scope, parameter, wanted, argument, given)) {
      scope.report(
        at,
        `${what} and is passed by reference: ${describeType(given)} variable does not fit; put it in brackets`,
      );
    }
  }
}

function fitsKind(scope: Scope, wanted: StaticType, given: StaticType): boolean {
  if (wanted.kind === 'unknown') return given.kind !== 'record';
  if (given.kind === 'unknown') return true;
  if (wanted.kind === 'object') {
    return given.kind === 'nothing' || (given.kind === 'object' && scope.module.fits(wanted.key, given.key));
  }
  if (wanted.kind === 'record') return given.kind === 'record' && given.key === wanted.key;
  return wanted.kind === given.kind;
}

/** A variable passed by reference must have the very type of the parameter; any other value is converted. */
function isWrongReference(
  scope: Scope,
  parameter: Parameter,
  wanted: StaticType,
  argument: Argument,
  given: StaticType,
): boolean {
  if (parameter.byValue || argument.byValue || argument.value.kind !== 'name') return false;
  if (scope.meaningOf(argument.value.key)?.kind !== 'variable') return false;
  return wanted.kind === 'value' && given.kind === 'value' && wanted.type !== given.type;
}
