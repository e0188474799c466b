import { readXml } from '../../../../src/notes/template/xml-tree.js';
import { mismatch } from '../conversion.js';
import { method, type NativeClass, NativeObject, property, selfArg, textArg } from '../native.js';
import { ERROR, ScriptError, StandInFault } from '../script-error.js';
import { bool, int, long, str, type Value } from '../values.js';
import { type DatabaseState, NOTES_DATABASE } from './database.js';
import { inputOf, NOTES_STREAM } from './stream.js';
import type { NotesWorld } from './world.js';

export interface ImporterState {
  readonly world: NotesWorld;
  input: Value | undefined;
  output: DatabaseState | undefined;
  options: Readonly<Record<string, number | boolean | string>>;
  log: string;
  count: number;
}

/** Properties with the values that they have at the beginning. */
const OPTIONS: Readonly<Record<string, number | boolean | string>> = {
  aclimportoption: 1,
  compilelotusscript: true,
  createftindex: false,
  designimportoption: 1,
  documentimportoption: 2,
  exitonfirstfatalerror: true,
  inputvalidationoption: 2,
  logcomment: '',
  replacedbproperties: false,
  replicarequiredforreplaceorupdate: true,
  unknowntokenlogoption: 4,
};

export const IMPORT_CONSTANTS: Readonly<Record<string, Value>> = Object.fromEntries(
  Object.entries({
    ignore: 1,
    create: 2,
    replace_else_ignore: 5,
    replace_else_create: 6,
    update_else_ignore: 9,
    update_else_create: 10,
  }).map(([name, value]) => [`dxlimportoption_${name}`, int(value)]),
);

/** An importer that reads the DXL, takes over the views and keeps a record. */
export const NOTES_DXL_IMPORTER: NativeClass<ImporterState> = {
  name: 'NotesDXLImporter',
  members: {
    ...Object.fromEntries(
      Object.keys(OPTIONS).map((name) => [
        name,
        property<ImporterState>(
          ({ options }) => plain(options[name] ?? ''),
          (state, value) => {
            if (!('value' in value)) mismatch();
            else state.options = { ...state.options, [name]: value.value };
          },
        ),
      ]),
    ),
    log: property(({ log }) => str(log)),
    importednotecount: property(({ count }) => long(count)),
    setinput: method(1, 1, (state, [input]) => {
      state.input = input;
      return undefined;
    }),
    setoutput: method(1, 1, (state, args) => {
      state.output = selfArg(args, 0, NOTES_DATABASE);
      return undefined;
    }),
    process: method(0, 0, (state) => {
      run(state);
      return undefined;
    }),
    import: method(2, 2, (state, args) => {
      state.input = args[0];
      state.output = selfArg(args, 1, NOTES_DATABASE);
      run(state);
      return undefined;
    }),
    getfirstimportednoteid: method(0, 0, ({ count }) => str(count > 0 ? noteId(1) : '')),
    getnextimportednoteid: method(1, 1, ({ count }, args) => {
      const next = Number.parseInt(textArg(args, 0), 16) + 1;
      return str(next <= count ? noteId(next) : '');
    }),
  },
};

function noteId(index: number): string {
  return index.toString(16).toUpperCase().padStart(8, '0');
}

function plain(value: number | boolean | string): Value {
  return typeof value === 'number' ? int(value) : typeof value === 'boolean' ? bool(value) : str(value);
}

function run(state: ImporterState): void {
  const { input, output, world } = state;
  const database = output?.open;
  if (!input || !database) throw new StandInFault('the importer has no input or no open database');
  const dxl =
    input.kind === 'object' && input.object instanceof NativeObject
      ? inputOf(selfArg([input], 0, NOTES_STREAM))
      : input.kind === 'string'
        ? input.value
        : mismatch();
  const entry = { dxl, database, options: { ...OPTIONS, ...state.options } };
  world.imports.push(entry);
  const outcome = readXml(dxl);
  const fault = world.options.importFault?.(entry) ?? (outcome.ok ? undefined : outcome.reason);
  if (fault !== undefined || !outcome.ok) {
    state.log = `<DXLImporterLog><fatalerror>${fault}</fatalerror></DXLImporterLog>`;
    throw new ScriptError(ERROR.notesError, 'DXL importer operation failed');
  }
  const { attributes, children } = outcome.root;
  state.log = '<DXLImporterLog></DXLImporterLog>';
  // With IGNORE design elements are read and left.
  state.count = entry.options['designimportoption'] === 1 ? 0 : children.length;
  if (state.count > 0) database.adopt(dxl);
  if (entry.options['replacedbproperties'] === true) {
    database.title = attributes.get('title') ?? database.title;
    database.templateName = attributes.get('templatename') ?? '';
  }
}

export function importerOf(world: NotesWorld): ImporterState {
  return { world, input: undefined, output: undefined, options: OPTIONS, log: '', count: 0 };
}
