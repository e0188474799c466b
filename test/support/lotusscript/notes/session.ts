import { conditionOf, textOf } from '../conversion.js';
import {
  booleanArg,
  method,
  type NativeClass,
  NativeObject,
  native,
  optionalSelfArg,
  property,
  selfArg,
  textArg,
} from '../native.js';
import { ERROR, ScriptError } from '../script-error.js';
import { bool, EMPTY, int, long, object, str, type Value } from '../values.js';
import { type DatabaseState, databaseOf, NOTES_DATABASE, tryOpen } from './database.js';
import { dateTimeOf } from './date-time.js';
import { documentOf } from './document.js';
import { httpRequestOf, NOTES_HTTP_REQUEST } from './http-request.js';
import { importerOf, NOTES_DXL_IMPORTER } from './importer.js';
import { jsonNavigatorOf } from './json.js';
import { logOf, NOTES_LOG } from './log.js';
import { nameOf, notesName } from './names.js';
import { NOTES_STREAM, streamOf } from './stream.js';
import type { NotesWorld } from './world.js';

export interface SessionState {
  readonly world: NotesWorld;
  /** The same object each time that the script asks. */
  readonly current: DatabaseState | undefined;
}

export interface AgentState {
  readonly session: SessionState;
  readonly name: string;
}

const NOTES_AGENT: NativeClass<AgentState> = {
  name: 'NotesAgent',
  members: {
    name: property(({ name }) => str(name)),
    owner: property(({ session }) => str(session.world.userName)),
    servername: property(({ session }) => str(session.current?.server ?? '')),
    isenabled: property(() => bool(true)),
    parent: property(({ session }) => native(NOTES_DATABASE, session.current)),
  },
};

/** `CreateDatabase` and `OpenDatabase` of this class exist in COM only. */
const NOTES_DB_DIRECTORY: NativeClass<{ readonly name: string }> = {
  name: 'NotesDbDirectory',
  members: { name: property(({ name }) => str(name)) },
};

/** notes.ini: names that are not a system's own carry a dollar sign there. */
function variableName(args: readonly Value[], systemAt: number): string {
  return booleanArg(args, systemAt) ? textArg(args, 0) : `$${textArg(args, 0)}`;
}

function variable({ world }: SessionState, args: readonly Value[]): string {
  const wanted = variableName(args, 1).toLowerCase();
  return Object.entries(world.environment).find(([name]) => name.toLowerCase() === wanted)?.[1] ?? '';
}

export const NOTES_SESSION: NativeClass<SessionState> = {
  name: 'NotesSession',
  members: {
    currentdatabase: property(({ current }) => native(NOTES_DATABASE, current)),
    currentagent: property((session) =>
      session.world.options.agent === undefined
        ? object(undefined)
        : native(NOTES_AGENT, { session, name: session.world.options.agent }),
    ),
    documentcontext: property(contextOf),
    username: property(({ world }) => str(world.userName)),
    effectiveusername: property(({ world }) => str(world.userName)),
    commonusername: property(({ world }) =>
      str(nameOf(world.userName).parts.find(({ label }) => label === 'CN')?.value ?? world.userName),
    ),
    isonserver: property(({ world }) => bool(world.options.isOnServer === true)),
    notesversion: property(() => str('Release 9.0.1')),
    notesbuildversion: property(() => long(405)),
    platform: property(() => str('Windows/32')),
    convertmime: property(
      () => bool(true),
      (_, value) => void conditionOf(value),
    ),
    getdatabase: method(2, 3, ({ world }, args) => {
      const state = databaseOf(world, textArg(args, 0), textArg(args, 1));
      const isOpen = state.file !== '' && quietlyOpened(state);
      return isOpen || booleanArg(args, 2, true) ? native(NOTES_DATABASE, state) : object(undefined);
    }),
    getdbdirectory: method(1, 1, (_, args) => native(NOTES_DB_DIRECTORY, { name: textArg(args, 0) })),
    getenvironmentstring: method(1, 2, (session, args) => {
      // In the vendor's table of restricted operations.
      if (session.world.options.isUnrestricted === false)
        throw new ScriptError(ERROR.notesError, 'Operation is disallowed in this session');
      return str(variable(session, args));
    }),
    getenvironmentvalue: method(1, 2, (session, args) => {
      const text = variable(session, args);
      return text === '' ? EMPTY : int(Number(text));
    }),
    setenvironmentvar: method(2, 3, ({ world }, args) => {
      world.environment[variableName(args, 2)] = textOf(args[1] ?? EMPTY);
      return undefined;
    }),
    createname: method(1, 2, (_, args) => notesName(textArg(args, 0))),
    createdatetime: method(1, 1, ({ world }, args) => dateTimeOf(args[0], world)),
    createlog: method(1, 1, ({ world }, args) => native(NOTES_LOG, logOf(world, textArg(args, 0)))),
    createstream: method(0, 0, ({ world }) => native(NOTES_STREAM, streamOf(world))),
    createhttprequest: method(0, 0, ({ world }) => native(NOTES_HTTP_REQUEST, httpRequestOf(world))),
    createjsonnavigator: method(0, 1, (_, args) => {
      const [input] = args;
      const isStream = input?.kind === 'object' && input.object instanceof NativeObject;
      return jsonNavigatorOf(isStream ? selfArg(args, 0, NOTES_STREAM).text : textArg(args, 0, ''));
    }),
    createdxlimporter: method(0, 2, ({ world }, args) => {
      const importer = importerOf(world);
      importer.input = args[0];
      importer.output = optionalSelfArg(args, 1, NOTES_DATABASE);
      return native(NOTES_DXL_IMPORTER, importer);
    }),
  },
};

/** A document that stands in no database, with what the web server tells of a request. */
function contextOf({ world, current }: SessionState): Value {
  const { context } = world.options;
  if (context === undefined || world.current === undefined) return object(undefined);
  const now = world.now();
  const stored = { unid: '0'.repeat(32), items: context, revision: 0, created: now, modified: now };
  return documentOf(stored, world.current, world, () => native(NOTES_DATABASE, current));
}

/** GetDatabase does not complain: the script asks whether it is open. */
function quietlyOpened(state: DatabaseState): boolean {
  try {
    return tryOpen(state);
  } catch {
    return false;
  }
}
