import { mergeScripts } from '../../../src/notes/template/lotusscript/merge.js';
import { parseScript } from '../../../src/notes/template/lotusscript/parser.js';
import type { Script } from '../../../src/notes/template/lotusscript/syntax.js';
import { descendants, type XmlElement } from '../../../src/notes/template/xml-tree.js';
import { elementOf, treeOf } from '../template.js';
import { numberOf, textOf } from './conversion.js';
import { dayNumber } from './dates.js';
import { finish } from './finish.js';
import { Interpreter } from './interpreter.js';
import type { Surroundings } from './machine.js';
import { ScriptModule, ScriptObject } from './module.js';
import { native } from './native.js';
import { notesClasses } from './notes/classes.js';
import { NOTES_DATABASE } from './notes/database.js';
import type { MemoryDatabase } from './notes/memory-database.js';
import type { NotesWorld } from './notes/world.js';
import { StandInFault } from './script-error.js';
import {
  arrayOf,
  bool,
  date,
  double,
  EMPTY,
  int,
  isNumber,
  long,
  NOTHING,
  NULL,
  object,
  str,
  type Value,
} from './values.js';

/** A script and where its libraries come from. */
export interface ScriptPlace {
  /** DXL of a database that holds the libraries. */
  readonly dxl: string;
  readonly world: NotesWorld;
  /** Instructions of one run. */
  readonly steps?: number;
}

/** The script of an agent or library: its sections, put together. Lines count within each section, as `Erl` does. */
export function scriptOf(element: XmlElement): Script {
  const sections = [...descendants(element)].filter(({ name }) => name === 'lotusscript');
  return mergeScripts(sections.map(({ text }) => readScript(text)));
}

/** Throws with the line when it cannot be read. */
export function readScript(text: string): Script {
  const outcome = parseScript(text);
  if (!outcome.ok) throw new Error(`line ${outcome.at.line}: ${outcome.reason}`);
  return outcome.script;
}

/** Runs an agent of a database, by name or alias. What it did stands in the world; an error that nobody handles is thrown. */
export async function runAgent({ agent, ...place }: ScriptPlace & { readonly agent: string }): Promise<NotesWorld> {
  const root = treeOf(place.dxl);
  const found = [...descendants(root)].find(
    ({ name, attributes }) => name === 'agent' && [attributes.get('alias'), attributes.get('name')].includes(agent),
  );
  if (!found) throw new Error(`there is no agent ${agent}`);
  return runScript({ ...place, name: agent, script: scriptOf(found) });
}

/** Runs `Initialize` of a script. */
export async function runScript({
  name = 'script',
  script,
  ...place
}: ScriptPlace & { readonly name?: string; readonly script: Script }): Promise<NotesWorld> {
  const { module, interpreter } = prepared(name, script, place);
  await finish(interpreter.load(module));
  const initialize = module.procedure('initialize');
  if (initialize) await finish(interpreter.invoke(initialize, undefined, []));
  return place.world;
}

/** What a test passes to scripts and gets back: scalars, dates, arrays, objects; `null` is Nothing, `undefined` Empty. */
export type Plain =
  | string
  | number
  | boolean
  | Date
  | null
  | undefined
  | PlainObject
  | MemoryDatabase
  | readonly Plain[];

/** An object of a script, as a test sees it. */
export interface PlainObject {
  /** A property, or a public variable. */
  get(name: string): Promise<Plain>;
  call(name: string, ...args: readonly Plain[]): Promise<Plain>;
  readonly object: ScriptObject;
}

export interface Library {
  call(name: string, ...args: readonly Plain[]): Promise<Plain>;
  make(className: string, ...args: readonly Plain[]): Promise<PlainObject>;
  readonly world: NotesWorld;
}

/** A library of a database, ready to be used. */
export async function loadLibrary({ library, ...place }: ScriptPlace & { readonly library: string }): Promise<Library> {
  const script = scriptOf(elementOf(treeOf(place.dxl), 'scriptlibrary', { name: library }));
  return loadScript({ ...place, name: library, script });
}

/** A script whose procedures and classes a test calls. */
export async function loadScript({
  name = 'script',
  script,
  ...place
}: ScriptPlace & { readonly name?: string; readonly script: Script }): Promise<Library> {
  const { module, interpreter } = prepared(name, script, place);
  const { world } = place;
  await finish(interpreter.load(module));

  const plain = (value: Value): Plain => plainOf(value, world, wrap);
  const values = (args: readonly Plain[]): Value[] => args.map((arg) => valueOfPlain(arg, world));
  const wrap = (made: ScriptObject): PlainObject => ({
    object: made,
    get: async (key) => {
      const getter = made.method(key.toLowerCase(), ['get', 'function']);
      if (getter) return plain((await finish(interpreter.invoke(getter, made, []))) ?? EMPTY);
      const field = made.fields.get(key.toLowerCase());
      if (!field) throw new StandInFault(`class ${made.className} has no member ${key}`);
      return plain(field.get());
    },
    call: async (key, ...args) => {
      const method = made.method(key.toLowerCase(), ['sub', 'function', 'get']);
      if (!method) throw new StandInFault(`class ${made.className} has no method ${key}`);
      return plain((await finish(interpreter.invoke(method, made, values(args)))) ?? EMPTY);
    },
  });

  return {
    world,
    call: async (key, ...args) => {
      const home = module.procedure(key.toLowerCase());
      if (!home) throw new StandInFault(`there is no procedure ${key}`);
      return plain((await finish(interpreter.invoke(home, undefined, values(args)))) ?? EMPTY);
    },
    make: async (className, ...args) => {
      const made = await finish(interpreter.make(module, className, values(args)));
      if (made?.kind !== 'object' || !(made.object instanceof ScriptObject)) throw new StandInFault(`no ${className}`);
      return wrap(made.object);
    },
  };
}

function prepared(name: string, script: Script, { dxl, world, steps }: ScriptPlace) {
  const root = treeOf(dxl);
  const loaded = new Map<string, ScriptModule>();
  const moduleOf = (one: string, text: Script): ScriptModule => {
    const imports = text.uses.map(({ library }) => {
      const known = loaded.get(library);
      return known ?? moduleOf(library, scriptOf(elementOf(root, 'scriptlibrary', { name: library })));
    });
    const made = new ScriptModule(one, text, imports);
    loaded.set(one, made);
    return made;
  };
  const natives = notesClasses(world);
  const interpreter = new Interpreter({
    surroundings: surroundingsOf(world),
    natives,
    ...(steps !== undefined && { steps }),
  });
  return { module: moduleOf(name, script), interpreter };
}

function surroundingsOf(world: NotesWorld): Surroundings {
  const inputs = [...(world.options.inputs ?? [])];
  return {
    now: () => world.today,
    print: (line) => void world.printed.push(line),
    environment: (name) => world.environment[name] ?? '',
    random: () => 0.5,
    input: (fallback) => inputs.shift() ?? fallback,
  };
}

function valueOfPlain(plain: Plain, world: NotesWorld): Value {
  if (plain === undefined) return EMPTY;
  if (plain === null) return NOTHING;
  if (typeof plain === 'string') return str(plain);
  if (typeof plain === 'boolean') return bool(plain);
  if (typeof plain === 'number') {
    if (!Number.isInteger(plain)) return double(plain);
    return Math.abs(plain) < 32_768 ? int(plain) : long(plain);
  }
  if (plain instanceof Date) return date(dayNumber(plain.getTime(), world.offset));
  if (isList(plain)) return arrayOf(plain.map((one) => valueOfPlain(one, world)));
  if ('object' in plain) return object(plain.object);
  return native(NOTES_DATABASE, { world, server: plain.server, file: plain.file, open: plain });
}

function isList(plain: Plain): plain is readonly Plain[] {
  return Array.isArray(plain);
}

function plainOf(value: Value, world: NotesWorld, wrap: (made: ScriptObject) => PlainObject): Plain {
  if (isNumber(value)) return numberOf(value);
  switch (value.kind) {
    case 'string':
      return textOf(value);
    case 'boolean':
      return value.value;
    case 'date':
      return new Date(Math.round((value.value - dayNumber(0, world.offset)) * 86_400_000));
    case 'array':
      return value.array.elements.map((one) => plainOf(one, world, wrap));
    case 'object':
      if (value.object instanceof ScriptObject) return wrap(value.object);
      if (!value.object) return null;
      throw new StandInFault(`${value.object.className} has no plain form`);
    case 'list':
      throw new StandInFault('a list has no plain form');
    case 'null':
      return textOf(NULL);
    default:
      return undefined;
  }
}
