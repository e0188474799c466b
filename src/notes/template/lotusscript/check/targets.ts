import { describeType, type StaticType, UNKNOWN } from '../names/static-type.js';
import type { Expression } from '../syntax.js';
import type { Scope } from './scope.js';
import type { ValueCheck } from './values.js';

/** Checks what stands left of `=` and tells its type. */
export function targetType(scope: Scope, values: ValueCheck, target: Expression): StaticType {
  if (target.kind === 'name') return namedTarget(scope, values, target);
  if (target.kind === 'apply') {
    const { target: inner, args, at } = target;
    const meaning = inner.kind === 'name' ? scope.meaningOf(inner.key) : undefined;
    if (inner.kind === 'name' && (meaning?.kind === 'variable' || meaning?.kind === 'alias')) {
      return values.element(meaning.type, args, `"${inner.name}"`, at);
    }
    if (meaning && meaning.kind !== 'member') {
      scope.report(at, 'the value of a call cannot be assigned to');
      return UNKNOWN;
    }
    return values.typeOf(target);
  }
  if (target.kind === 'member') {
    const member = values.memberOf(target);
    if (member?.kind === 'method') scope.report(target.at, `"${target.name}" is a method and is not assigned to`);
    return member?.type ?? UNKNOWN;
  }
  if (target.kind === 'base-member') return values.typeOf(target);
  scope.report(target.at, 'this cannot be assigned to');
  return UNKNOWN;
}

function namedTarget(scope: Scope, values: ValueCheck, target: Extract<Expression, { kind: 'name' }>): StaticType {
  const { name, key, at } = target;
  const meaning = scope.meaningOf(key);
  switch (meaning?.kind) {
    case 'variable':
    case 'alias':
      return meaning.type;
    case 'result':
      if (scope.procedure?.kind === 'set') scope.report(at, `"${name}" holds the new value and is not assigned to`);
      return meaning.type;
    case 'member':
      if (meaning.member.kind === 'method') scope.report(at, `"${name}" is a method and is not assigned to`);
      return meaning.member.type ?? UNKNOWN;
    case 'notes-constant':
      if (name !== name.toUpperCase()) values.unknown(target, false);
      else scope.report(at, `"${name}" is a constant and is not assigned to`);
      return UNKNOWN;
    case 'constant':
      scope.report(at, `"${name}" is a constant and is not assigned to`);
      return UNKNOWN;
    case 'function':
      // `Err = 0` forgets the last error.
      if (key !== 'err') scope.report(at, `"${name}" is a function of LotusScript and is not assigned to`);
      return UNKNOWN;
    case 'procedure':
      scope.report(at, `"${name}" is a procedure and is assigned to only by itself`);
      return UNKNOWN;
    case 'class':
    case 'record':
      scope.report(at, `"${name}" is a type and is not assigned to`);
      return UNKNOWN;
    case undefined:
      values.unknown(target, false);
      return UNKNOWN;
  }
}

/** Objects are assigned with Set, everything else without. */
export function checkAssignment(
  scope: Scope,
  statement: { readonly kind: 'assign' | 'set'; readonly target: Expression },
  to: StaticType,
  from: StaticType,
): void {
  const { at } = statement.target;
  const isObject = (type: StaticType): boolean => type.kind === 'object' || type.kind === 'nothing';
  if (statement.kind === 'assign') {
    const object = [to, from].find(isObject);
    if (object) scope.report(at, `"Set" is missing: ${describeType(object)} is an object`);
    else if (to.kind !== from.kind && to.kind !== 'unknown' && from.kind !== 'unknown') {
      scope.report(at, `${describeType(from)} does not become ${describeType(to)}`);
    }
    return;
  }
  const scalar = [to, from].find((type) => type.kind !== 'unknown' && !isObject(type));
  if (scalar) scope.report(at, `"Set" is for objects, not for ${describeType(scalar)}`);
  else if (to.kind === 'object' && from.kind === 'object' && !scope.module.fits(to.key, from.key)) {
    scope.report(at, `a ${from.name} is no ${to.name}`);
  }
}
