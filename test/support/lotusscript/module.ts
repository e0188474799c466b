import type {
  ClassDefinition,
  Procedure,
  RecordDefinition,
  Script,
  TypeName,
} from '../../../src/notes/template/lotusscript/syntax.js';
import { type Flow, flowOf } from './flow.js';
import type { Comparison } from './operators.js';
import type { Reference } from './reference.js';
import type { ElementType, ObjectValue } from './values.js';

/** A class together with the script that it stands in. */
export interface ClassHome {
  readonly definition: ClassDefinition;
  readonly module: ScriptModule;
}

/** A procedure together with where it stands; `owner` is the class that has it. */
export interface ProcedureHome {
  readonly procedure: Procedure;
  readonly module: ScriptModule;
  readonly owner?: ClassHome;
}

/** A script with its variables, and the libraries that it uses. */
export class ScriptModule {
  readonly name: string;
  readonly script: Script;
  readonly imports: readonly ScriptModule[];
  readonly comparison: Comparison;
  /** Variables and constants of the script, by key. */
  readonly globals = new Map<string, Reference>();
  /** Static variables, by procedure. */
  readonly statics = new Map<Procedure, Map<string, Reference>>();
  readonly #flows = new Map<Procedure, Flow>();
  readonly #procedures: ReadonlyMap<string, Procedure>;
  readonly #classes: ReadonlyMap<string, ClassHome>;
  readonly #records: ReadonlyMap<string, RecordDefinition>;
  readonly #publicNames: ReadonlySet<string>;

  constructor(name: string, script: Script, imports: readonly ScriptModule[]) {
    this.name = name;
    this.script = script;
    this.imports = imports;
    this.comparison = script.options.compare;
    this.#procedures = new Map(script.procedures.map((procedure) => [procedure.key, procedure]));
    this.#classes = new Map(script.classes.map((definition) => [definition.key, { definition, module: this }]));
    this.#records = new Map(script.records.map((record) => [record.key, record]));
    this.#publicNames = publicNames(script);
  }

  flow(procedure: Procedure): Flow {
    const flow = this.#flows.get(procedure) ?? flowOf(procedure.body);
    this.#flows.set(procedure, flow);
    return flow;
  }

  global(key: string): Reference | undefined {
    return this.#find(key, (module) => module.globals.get(key));
  }

  procedure(key: string): ProcedureHome | undefined {
    return this.#find(key, (module) => {
      const procedure = module.#procedures.get(key);
      return procedure && { procedure, module };
    });
  }

  class(key: string): ClassHome | undefined {
    return this.#find(key, (module) => module.#classes.get(key));
  }

  record(key: string): RecordDefinition | undefined {
    return this.#find(key, (module) => module.#records.get(key));
  }

  /** What is private in a library is not seen by those that use it. */
  #find<Found>(key: string, look: (module: ScriptModule) => Found | undefined): Found | undefined {
    const own = look(this);
    if (own !== undefined) return own;
    for (const used of this.imports) {
      const found = used.#publicNames.has(key)
        ? look(used)
        : used.#find(key, (other) => (other === used ? undefined : look(other)));
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function publicNames(script: Script): ReadonlySet<string> {
  const isPublic = (visibility: 'public' | 'private' | undefined): boolean =>
    (visibility ?? (script.options.isPublic ? 'public' : 'private')) === 'public';
  return new Set([
    ...script.variables.filter((one) => isPublic(one.visibility)).map((one) => one.variable.key),
    ...script.constants.filter((one) => isPublic(one.visibility)).map((one) => one.constant.key),
    ...[...script.procedures, ...script.classes, ...script.records]
      .filter((one) => isPublic(one.visibility))
      .map((one) => one.key),
  ]);
}

/** An object of a class of the script, or a value of a `Type`. */
export class ScriptObject implements ObjectValue {
  readonly className: string;
  readonly home: ClassHome | undefined;
  readonly fields = new Map<string, Reference>();

  constructor(className: string, home: ClassHome | undefined) {
    this.className = className;
    this.home = home;
  }

  /** True for the class itself and for what it is derived from. */
  isA(className: string): boolean {
    const wanted = className.toLowerCase();
    if (!this.home) return this.className.toLowerCase() === wanted;
    return [...lineage(this.home)].some((home) => home.definition.key === wanted);
  }

  /** A method or property part by key, the most derived one. */
  method(key: string, kinds: readonly Procedure['kind'][]): ProcedureHome | undefined {
    return this.home && methodOf(this.home, key, kinds);
  }
}

export function methodOf(from: ClassHome, key: string, kinds: readonly Procedure['kind'][]): ProcedureHome | undefined {
  for (const owner of lineage(from)) {
    const procedure = owner.definition.methods.find((one) => one.key === key && kinds.includes(one.kind));
    if (procedure) return { procedure, module: owner.module, owner };
  }
  return undefined;
}

/** A class and its bases, the most derived first. */
export function* lineage(from: ClassHome): Generator<ClassHome> {
  for (let home: ClassHome | undefined = from; home; ) {
    yield home;
    const { base }: ClassDefinition = home.definition;
    home = base && home.module.class(base.key);
  }
}

/** The type that stands after `As`; Variant when nothing does. */
export function elementTypeOf(type: TypeName | undefined): ElementType {
  if (!type) return { kind: 'variant' };
  if (type.kind === 'named') return { kind: 'object', className: type.name };
  return { kind: type.type.toLowerCase() as Exclude<ElementType['kind'], 'object'> };
}
