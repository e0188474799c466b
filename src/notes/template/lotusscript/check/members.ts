import type { ClassMember } from '../names/class-shape.js';
import { describeType, type StaticType } from '../names/static-type.js';
import type { Expression } from '../syntax.js';
import type { Scope } from './scope.js';

type Member = Extract<Expression, { kind: 'member' }>;
type BaseMember = Extract<Expression, { kind: 'base-member' }>;

/**
 * The member of a value of that type; `undefined` when it is not known, after a report if it is wrong. `type` is missing
 * where there is no value before the dot and no With around.
 */
export function memberOf(
  scope: Scope,
  { name, key, at }: Member,
  type: StaticType | undefined,
): ClassMember | undefined {
  const { module, report, owner } = scope;
  if (!type) {
    report(at, `".${name}" stands outside of a With`);
    return undefined;
  }
  if (type.kind === 'unknown') return undefined;
  if (type.kind === 'record') {
    const record = module.lookup(type.key);
    const member = record?.kind === 'record' ? record.members.get(key) : undefined;
    if (!member) report(at, `the Type ${type.name} has no member "${name}"`);
    return member && { name, kind: 'variable', visibility: 'public', type: member };
  }
  if (type.kind !== 'object') {
    report(at, `${describeType(type)} has no member "${name}"`);
    return undefined;
  }
  const shape = module.classOf(type.key);
  const found = shape && module.memberOf(shape, key);
  if (!found) {
    const hint = type.key === 'notesdocument' ? '; read items with GetItemValue' : '';
    report(at, `${type.name} has no member "${name}"${hint}`);
  } else if (found.member.visibility === 'private' && found.owner !== owner) {
    report(at, `"${name}" of ${type.name} is private`);
  }
  return found?.member;
}

/** The member as a base class of the procedure's own class has it. */
export function memberOfBase(scope: Scope, { className, name, key, at }: BaseMember): ClassMember | undefined {
  const { module, report, owner } = scope;
  const shape = module.classOf(className.key);
  if (!owner || !shape || !module.lineage(owner).includes(shape)) {
    report(className.at, `"${className.name}" is no class that this one is made from`);
    return undefined;
  }
  const found = module.memberOf(shape, key);
  if (!found) report(at, `${shape.name} has no member "${name}"`);
  return found?.member;
}
