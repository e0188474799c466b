import { notesClass } from '../notes-classes/notes-class.js';
import type { Constant, Procedure, RecordDefinition, Script, TypeName, Use, Variable, Visibility } from '../syntax.js';
import type { ClassMember, ClassShape } from './class-shape.js';
import { scriptClass } from './script-class.js';
import { type StaticType, scalar, UNKNOWN } from './static-type.js';

/** What a name of a module stands for. */
export type Definition =
  | { readonly kind: 'variable'; readonly name: string; readonly type: StaticType }
  | { readonly kind: 'constant'; readonly name: string; readonly constant: Constant }
  | { readonly kind: 'procedure'; readonly name: string; readonly procedure: Procedure }
  | { readonly kind: 'class'; readonly name: string; readonly shape: ClassShape }
  | { readonly kind: 'record'; readonly name: string; readonly members: ReadonlyMap<string, StaticType> };

/** Finds a script library by its name as `Use` writes it; `undefined` when there is none. */
export type LibraryResolver = (name: string) => Script | undefined;

/** More libraries than these are not followed. */
const MOST_LIBRARIES = 32;

/** Classes from which one class is made, one from the other; more of them are not followed. */
const MOST_ANCESTORS = 100;

/** Names of a script: its own and what its libraries make public. */
export class Module {
  readonly #own = new Map<string, Definition>();
  readonly #used = new Map<string, Definition>();
  readonly isDeclare: boolean;

  constructor(script: Script, resolve: LibraryResolver, globals?: Script) {
    this.isDeclare = script.options.isDeclare;
    // What is used comes first: the script's own variables may be of its types.
    for (const library of librariesOf([...script.uses, ...(globals?.uses ?? [])], resolve)) {
      this.#addAll(library, this.#used, true);
    }
    if (globals) this.#addAll(globals, this.#used, false);
    this.#addAll(script, this.#own, false);
  }

  lookup(key: string): Definition | undefined {
    return this.#own.get(key) ?? this.#used.get(key);
  }

  /** A class of the script, its libraries or Notes. */
  classOf(key: string): ClassShape | undefined {
    const definition = this.lookup(key);
    return definition?.kind === 'class' ? definition.shape : notesClass(key);
  }

  /** A member of a class or of what it is made from. */
  memberOf(shape: ClassShape, key: string): { readonly member: ClassMember; readonly owner: ClassShape } | undefined {
    for (const owner of this.lineage(shape)) {
      const member = owner.members.get(key);
      if (member) return { member, owner };
    }
    return undefined;
  }

  /** The class and those it is made from, nearest first; those that are too far away are left out. */
  lineage(shape: ClassShape): readonly ClassShape[] {
    const line: ClassShape[] = [];
    let next: ClassShape | undefined = shape;
    while (next && line.length < MOST_ANCESTORS && !line.includes(next)) {
      line.push(next);
      next = next.base === undefined ? undefined : this.classOf(next.base);
    }
    return line;
  }

  /** True when a value of one class may be held by a variable of the other. */
  fits(one: string, other: string): boolean {
    const [first, second] = [this.classOf(one), this.classOf(other)];
    if (!first || !second) return true;
    return this.lineage(first).includes(second) || this.lineage(second).includes(first);
  }

  /** The type of what is declared so; `undefined` in place of a name that is no type. */
  typeOf(type: TypeName | undefined): StaticType | undefined {
    if (!type) return UNKNOWN;
    if (type.kind === 'scalar') return scalar(type.type);
    const definition = this.lookup(type.key);
    if (definition?.kind === 'record') return { kind: 'record', name: definition.name, key: type.key };
    const shape = this.classOf(type.key);
    return shape ? { kind: 'object', name: shape.name, key: type.key } : undefined;
  }

  variableType({ shape, bounds, type }: Pick<Variable, 'shape' | 'bounds'> & { type?: TypeName }): StaticType {
    const element = this.typeOf(type) ?? UNKNOWN;
    if (shape === 'list') return { kind: 'list', element };
    if (shape === 'single') return element;
    return { kind: 'array', element, ...(bounds.length > 0 ? { dimensions: bounds.length } : {}) };
  }

  #addAll(script: Script, names: Map<string, Definition>, onlyPublic: boolean): void {
    const isShown = (visibility: Visibility | undefined): boolean =>
      !onlyPublic || visibility === 'public' || (visibility === undefined && script.options.isPublic);
    const add = (key: string, definition: Definition): void => {
      if (!names.has(key)) names.set(key, definition);
    };
    // Types first: variables, members and results are of these types.
    const records: [RecordDefinition, Map<string, StaticType>][] = [];
    for (const record of script.records) {
      if (!isShown(record.visibility)) continue;
      const members = new Map<string, StaticType>();
      add(record.key, { kind: 'record', name: record.name, members });
      records.push([record, members]);
    }
    for (const { name, key, visibility } of script.classes) {
      const shape: ClassShape = { name, key, members: new Map(), isOfNotes: false };
      if (isShown(visibility)) add(key, { kind: 'class', name, shape });
    }
    for (const [record, members] of records) {
      for (const member of record.members) members.set(member.key, this.variableType(member));
    }
    for (const definition of script.classes) {
      const { name, key, visibility } = definition;
      if (isShown(visibility)) names.set(key, { kind: 'class', name, shape: scriptClass(definition, this) });
    }
    for (const { visibility, constant } of script.constants) {
      if (isShown(visibility)) add(constant.key, { kind: 'constant', name: constant.name, constant });
    }
    for (const { visibility, variable } of script.variables) {
      if (isShown(visibility)) {
        add(variable.key, { kind: 'variable', name: variable.name, type: this.variableType(variable) });
      }
    }
    for (const procedure of script.procedures) {
      const { name, key, visibility } = procedure;
      if (isShown(visibility)) add(key, { kind: 'procedure', name, procedure });
    }
  }
}

/** The libraries and those that they use, each once, the deepest first. */
function librariesOf(uses: readonly Use[], resolve: LibraryResolver): readonly Script[] {
  const waiting = [...uses];
  const seen = new Set<string>();
  const libraries: Script[] = [];
  for (let next = waiting.shift(); next && seen.size < MOST_LIBRARIES; next = waiting.shift()) {
    const key = next.library.toLowerCase();
    if (seen.has(key)) continue;
    seen.add(key);
    const library = resolve(next.library);
    if (!library) continue;
    libraries.unshift(library);
    waiting.push(...library.uses);
  }
  return libraries;
}
