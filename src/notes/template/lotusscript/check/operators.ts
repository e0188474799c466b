import { describeType, type StaticType, scalar, UNKNOWN } from '../names/static-type.js';
import type { Expression } from '../syntax.js';
import type { Scope } from './scope.js';

type Binary = Extract<Expression, { kind: 'binary' }>;

const LOGICAL: ReadonlySet<string> = new Set(['and', 'or', 'xor', 'eqv', 'imp']);
const COMPARING: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=', 'like']);

/** Type of an operation on two values; reports values that the operator cannot work on. */
export function binaryType(scope: Scope, { operator, at }: Binary, left: StaticType, right: StaticType): StaticType {
  if (operator === 'is') {
    for (const type of [left, right]) {
      if (type.kind === 'value') scope.report(at, `"Is" compares objects, not ${describeType(type)}`);
    }
    return scalar('Boolean');
  }
  if (operator === 'isa') {
    if (left.kind === 'value') scope.report(at, `"IsA" is asked of an object, not of ${describeType(left)}`);
    return scalar('Boolean');
  }
  const wrong = [left, right].find(({ kind }) => kind !== 'value' && kind !== 'unknown');
  if (wrong) {
    const isObject = wrong.kind === 'object' || wrong.kind === 'nothing';
    const hint = isObject && (operator === '=' || operator === '<>') ? '; compare objects with "Is"' : '';
    scope.report(at, `"${operator}" does not work on ${describeType(wrong)}${hint}`);
  }
  if (COMPARING.has(operator)) return scalar('Boolean');
  if (operator === '&') return scalar('String');
  if (LOGICAL.has(operator) && isBoolean(left) && isBoolean(right)) return scalar('Boolean');
  return UNKNOWN;
}

function isBoolean(type: StaticType): boolean {
  return type.kind === 'value' && type.type === 'Boolean';
}
