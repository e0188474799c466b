import type { ClassDefinition, Procedure } from '../syntax.js';
import type { Arity } from './arity.js';
import type { ClassMember, ClassShape } from './class-shape.js';
import type { Module } from './module.js';
import { UNKNOWN } from './static-type.js';

/** LotusScript has no optional parameters. */
export function procedureArity({ parameters }: Procedure): Arity {
  return { least: parameters.length, most: parameters.length };
}

/** The shape of a class that a script defines. */
export function scriptClass(definition: ClassDefinition, module: Module): ClassShape {
  const { name, key, base } = definition;
  const members = new Map<string, ClassMember>();
  let creation: ClassShape['creation'];
  for (const { visibility, variable } of definition.members) {
    members.set(variable.key, {
      name: variable.name,
      kind: 'variable',
      visibility,
      type: module.variableType(variable),
    });
  }
  for (const method of definition.methods) {
    if (method.kind === 'sub' && method.key === 'new') {
      creation = { arity: procedureArity(method), parameters: method.parameters };
    } else members.set(method.key, methodOf(method, module));
  }
  const made = { name, key, members, isOfNotes: false };
  return { ...made, ...(base ? { base: base.key } : {}), ...(creation ? { creation } : {}) };
}

function methodOf(method: Procedure, module: Module): ClassMember {
  const { name, kind, parameters, visibility = 'public' } = method;
  const isProperty = kind === 'get' || kind === 'set';
  return {
    name,
    kind: isProperty ? 'property' : 'method',
    visibility,
    parameters,
    ...(isProperty && parameters.length === 0 ? {} : { arity: procedureArity(method) }),
    ...(kind === 'sub' ? {} : { type: module.typeOf(method.returns) ?? UNKNOWN }),
  };
}
