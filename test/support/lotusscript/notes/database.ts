import { randomUUID } from 'node:crypto';
import {
  booleanArg,
  method,
  type NativeClass,
  native,
  numberArg,
  optionalSelfArg,
  property,
  type Result,
  textArg,
  textArray,
} from '../native.js';
import { ERROR, ScriptError } from '../script-error.js';
import { bool, long, object, str, type Value } from '../values.js';
import { collectionOf } from './collection.js';
import { NOTES_DATE_TIME } from './date-time.js';
import { type DocumentState, documentOf, NOTES_DOCUMENT } from './document.js';
import { MemoryDatabase } from './memory-database.js';
import { viewOf } from './view.js';
import type { NotesWorld } from './world.js';

/** A database as a script names it: it may not exist, or not be open. */
export interface DatabaseState {
  readonly world: NotesWorld;
  server: string;
  file: string;
  open: MemoryDatabase | undefined;
}

/** Error 4063 unless it is open. */
function opened(state: DatabaseState): MemoryDatabase {
  if (!state.open) {
    throw new ScriptError(ERROR.databaseNotOpen, `Database ${state.file} has not been opened yet`);
  }
  return state.open;
}

/** True when it is open now. Throws where opening is refused. */
export function tryOpen(state: DatabaseState): boolean {
  const found = state.world.database(state.server, state.file);
  if (!found) return false;
  if (typeof found.canBeOpened === 'string') throw new ScriptError(4060, found.canBeOpened);
  if (found.canBeOpened) state.open = found;
  return found.canBeOpened;
}

function whenOpen(use: (database: MemoryDatabase, state: DatabaseState, args: readonly Value[]) => Result) {
  return (state: DatabaseState, args: readonly Value[] = []): Result => use(opened(state), state, args);
}

const self = (state: DatabaseState) => (): Value => native(NOTES_DATABASE, state);

function fresh(state: DatabaseState, database: MemoryDatabase): DocumentState {
  const unid = randomUUID().replaceAll('-', '').toUpperCase();
  return { world: state.world, database, unid, items: {}, revision: 0, isDeleted: false, parent: self(state) };
}

export function newDocument(state: DatabaseState): Value {
  return native(NOTES_DOCUMENT, fresh(state, opened(state)));
}

export const NOTES_DATABASE: NativeClass<DatabaseState> = {
  name: 'NotesDatabase',
  members: {
    server: property(({ server }) => str(server)),
    filepath: property(({ file }) => str(file)),
    filename: property(({ file }) => str(file.split(/[\\/]/).at(-1) ?? '')),
    isopen: property(({ open }) => bool(open !== undefined)),
    title: property(
      (state) => str(opened(state).title),
      (state, value) => {
        if (value.kind === 'string') opened(state).title = value.value;
      },
    ),
    replicaid: property((state) => str(opened(state).replicaId)),
    templatename: property((state) => str(opened(state).templateName)),
    designtemplatename: property((state) => str(opened(state).designTemplateName)),
    currentaccesslevel: property((state) => long(opened(state).accessLevel)),
    queryaccess: method(1, 1, (state, args) => {
      const { granted, accessLevel } = opened(state);
      return long(granted.get(textArg(args, 0)) ?? accessLevel);
    }),
    queryaccessroles: method(1, 1, (state) => textArray(opened(state).roles)),
    open: method(2, 2, (state, args) => {
      const [server, file] = [textArg(args, 0), textArg(args, 1)];
      if (server !== '' || file !== '') {
        if (state.file !== '' && (server !== state.server || file !== state.file)) {
          throw new ScriptError(ERROR.notesError, 'Database object is assigned to another database already');
        }
        [state.server, state.file] = [server, file];
      }
      return bool(state.open !== undefined || tryOpen(state));
    }),
    create: method(3, 4, (state, args) => {
      const isNamed = textArg(args, 0) !== '' || textArg(args, 1) !== '';
      const [server, file] = isNamed ? [textArg(args, 0), textArg(args, 1)] : [state.server, state.file];
      if (state.world.database(server, file)) throw new ScriptError(4005, `Notes error: ${file} exists already`);
      const made = new MemoryDatabase({ server, file });
      made.clock = state.world.now;
      state.world.databases.push(made);
      [state.server, state.file] = [server, file];
      if (booleanArg(args, 2)) state.open = made;
      return undefined;
    }),
    getview: method(
      1,
      1,
      whenOpen((database, state, args) => {
        const view = database.view(textArg(args, 0));
        return view ? viewOf(view, database, state.world, self(state)) : object(undefined);
      }),
    ),
    search: method(
      3,
      3,
      whenOpen((database, state, args) => {
        const since = optionalSelfArg(args, 1, NOTES_DATE_TIME)?.moment ?? 0;
        const most = numberArg(args, 2);
        const found = database
          .select(textArg(args, 0), state.world.now())
          .filter(({ modified }) => modified >= since)
          .map(({ unid }) => unid);
        return collectionOf(most > 0 ? found.slice(0, most) : found, database, state.world, self(state));
      }),
    ),
    alldocuments: property(
      whenOpen((database, state) =>
        collectionOf(
          database.documents().map(({ unid }) => unid),
          database,
          state.world,
          self(state),
        ),
      ),
    ),
    createdocument: method(0, 0, newDocument),
    createdocumentcollection: method(
      0,
      0,
      whenOpen((database, state) => collectionOf([], database, state.world, self(state))),
    ),
    getdocumentbyunid: method(
      1,
      1,
      whenOpen((database, state, args) => {
        const stored = database.stored(textArg(args, 0));
        if (!stored) throw new ScriptError(ERROR.documentDeleted, 'Invalid universal id');
        return documentOf(stored, database, state.world, self(state));
      }),
    ),
    getprofiledocument: method(
      1,
      2,
      whenOpen((database, state, args) => {
        const [form, key] = [textArg(args, 0), textArg(args, 1, '')];
        const stored = database.profile(form, key);
        // Notes makes the profile when there is none.
        const base = fresh(state, database);
        return native(NOTES_DOCUMENT, {
          ...base,
          items: stored?.items ?? { Form: form },
          revision: stored?.revision ?? 0,
          profile: { form, key },
        });
      }),
    ),
    grantaccess: method(
      2,
      2,
      whenOpen((database, _, args) => {
        database.granted.set(textArg(args, 0), numberArg(args, 1));
        return undefined;
      }),
    ),
    sign: method(
      0,
      4,
      whenOpen((database, _, args) => {
        database.signed.push(numberArg(args, 0, 32_767));
        return undefined;
      }),
    ),
  },
};

/** A database by server and path; opened where that is possible. */
export function databaseOf(world: NotesWorld, server: string, file: string): DatabaseState {
  return { world, server, file, open: undefined };
}
