import { arityOf } from '../names/arity.js';
import type { ClassMember, ClassShape } from '../names/class-shape.js';
import { type StaticType, scalar, UNKNOWN } from '../names/static-type.js';
import { SCALAR_TYPES } from '../syntax.js';
import { CLIENT_CLASSES } from './client.js';
import { DATABASE_CLASSES } from './database.js';
import { VALUE_CLASSES } from './values.js';
import { VIEW_CLASSES } from './views.js';

const TABLE: ReadonlyMap<string, readonly [name: string, members: string]> = new Map(
  [DATABASE_CLASSES, VIEW_CLASSES, VALUE_CLASSES, CLIENT_CLASSES]
    .flatMap((classes) => Object.entries(classes))
    .map(([name, members]) => [name.toLowerCase(), [name, members]]),
);
const MEMBER = /^(\w+)(?:\((\d+(?:-\d+)?)\))?(?:: (\w+))?$/;
const shapes = new Map<string, ClassShape>();

/** A class of Notes by its name in lower case; `undefined` for others, and for those that templates do not use. */
export function notesClass(key: string): ClassShape | undefined {
  const known = shapes.get(key);
  const entry = TABLE.get(key);
  if (known || !entry) return known;
  const shape = shapeOf(...entry);
  shapes.set(key, shape);
  return shape;
}

/** Keys of all classes in the table. */
export function notesClassKeys(): readonly string[] {
  return [...TABLE.keys()];
}

function shapeOf(name: string, text: string): ClassShape {
  const members = new Map<string, ClassMember>();
  let base: string | undefined;
  let creation: ClassShape['creation'];
  for (const entry of text.split(',').map((part) => part.trim())) {
    if (entry === '') continue;
    const [, member, arity, type] = MEMBER.exec(entry) ?? [];
    if (!member) throw new Error(`the table of ${name} has a broken entry: ${entry}`);
    if (member === 'Base') base = type?.toLowerCase();
    else if (member === 'New') creation = { arity: arityOf(arity ?? '0') };
    else members.set(member.toLowerCase(), memberOf(member, arity, type));
  }
  const made = { name, key: name.toLowerCase(), members, isOfNotes: true };
  return { ...made, ...(base ? { base } : {}), ...(creation ? { creation } : {}) };
}

function memberOf(name: string, arity: string | undefined, type: string | undefined): ClassMember {
  if (arity === undefined) return { name, kind: 'property', visibility: 'public', type: typeOf(type ?? 'Variant') };
  const method = { name, kind: 'method', visibility: 'public', arity: arityOf(arity) } as const;
  return type === undefined ? method : { ...method, type: typeOf(type) };
}

function typeOf(name: string): StaticType {
  const known = SCALAR_TYPES.find((type) => type === name);
  if (known) return known === 'Variant' ? UNKNOWN : scalar(known);
  return { kind: 'object', name, key: name.toLowerCase() };
}
