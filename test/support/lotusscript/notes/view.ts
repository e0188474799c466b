import { mismatch } from '../conversion.js';
import { momentOfDay } from '../dates.js';
import {
  booleanArg,
  method,
  type NativeClass,
  native,
  numberArg,
  property,
  selfArg,
  textArray,
  valuesOf,
} from '../native.js';
import { ERROR, ScriptError } from '../script-error.js';
import { bool, isNumber, long, object, str, type Value } from '../values.js';
import { collectionOf } from './collection.js';
import { type DatabaseView, matchingRows, type ViewRow } from './database-view.js';
import { columnValues, documentOf, NOTES_DOCUMENT } from './document.js';
import type { MemoryDatabase } from './memory-database.js';
import type { NotesWorld } from './world.js';

export interface ViewState {
  readonly world: NotesWorld;
  readonly database: MemoryDatabase;
  readonly view: DatabaseView;
  readonly parent: () => Value;
  isAutoUpdated: boolean;
  /** Rows as of the last refresh. */
  rows: readonly ViewRow[];
}

export interface EntriesState {
  readonly view: ViewState;
  readonly rows: readonly ViewRow[];
  readonly entries: EntryState[];
}

export interface EntryState {
  readonly view: ViewState;
  readonly row: ViewRow;
  readonly index: number;
}

/** With AutoUpdate rows are as they are now; without it as they were at the last refresh. */
function rowsOf(state: ViewState): readonly ViewRow[] {
  if (state.isAutoUpdated) state.rows = state.view.rows();
  return state.rows;
}

function documentAt(state: ViewState, row: ViewRow | undefined): Value {
  const stored = row && state.database.stored(row.unid);
  return stored ? documentOf(stored, state.database, state.world, state.parent, row) : object(undefined);
}

/** The row behind the one by which a document was found. */
function following(state: ViewState, args: readonly Value[], step: number): Value {
  const { unid, row } = selfArg(args, 0, NOTES_DOCUMENT);
  const rows = rowsOf(state);
  const exact = row ? rows.indexOf(row) : -1;
  const index = exact >= 0 ? exact : rows.findIndex((one) => one.unid === unid && sameKeys(one, row));
  if (index < 0) throw new ScriptError(ERROR.notesError, 'Notes error: Entry not found in index');
  return documentAt(state, rows[index + step]);
}

function sameKeys(row: ViewRow, other: ViewRow | undefined): boolean {
  return !other || row.keys.every((key, index) => key === other.keys[index]);
}

function found(state: ViewState, args: readonly Value[]): readonly ViewRow[] {
  const keys = valuesOf(args[0]).map((value): string | number => {
    if (value.kind === 'string') return value.value;
    if (value.kind === 'date') return momentOfDay(value.value, state.world.offset);
    return isNumber(value) ? value.value : mismatch();
  });
  state.database.beforeLookUp?.(state.view.design.alias, String(keys[0]));
  const rules = { isExact: booleanArg(args, 1), ignoresAccents: state.world.options.ignoresAccents === true };
  return matchingRows(rowsOf(state), keys, rules);
}

function entries(view: ViewState, rows: readonly ViewRow[]): Value {
  return native(NOTES_VIEW_ENTRY_COLLECTION, { view, rows, entries: rows.map((row, index) => ({ view, row, index })) });
}

function entryAt(state: EntriesState, index: number): Value {
  return native(NOTES_VIEW_ENTRY, state.entries[index]);
}

export const NOTES_VIEW: NativeClass<ViewState> = {
  name: 'NotesView',
  members: {
    name: property(({ view }) => str(view.design.title)),
    aliases: property(({ view }) => textArray([view.design.alias])),
    parent: property(({ parent }) => parent()),
    autoupdate: property(
      ({ isAutoUpdated }) => bool(isAutoUpdated),
      (state, value) => {
        state.isAutoUpdated = value.kind === 'boolean' ? value.value : mismatch();
      },
    ),
    columnnames: property(({ view }) => textArray(view.design.columns.map(({ title }) => title))),
    entrycount: property((state) => long(rowsOf(state).length)),
    allentries: property((state) => entries(state, rowsOf(state))),
    refresh: method(0, 0, (state) => {
      state.rows = state.view.rows();
      return undefined;
    }),
    getfirstdocument: method(0, 0, (state) => documentAt(state, rowsOf(state)[0])),
    getlastdocument: method(0, 0, (state) => documentAt(state, rowsOf(state).at(-1))),
    getnextdocument: method(1, 1, (state, args) => following(state, args, 1)),
    getprevdocument: method(1, 1, (state, args) => following(state, args, -1)),
    getnthdocument: method(1, 1, (state, args) => documentAt(state, rowsOf(state)[numberArg(args, 0) - 1])),
    getdocumentbykey: method(1, 2, (state, args) => documentAt(state, found(state, args)[0])),
    getalldocumentsbykey: method(1, 2, (state, args) => {
      const ids = new Set(found(state, args).map(({ unid }) => unid));
      return collectionOf([...ids], state.database, state.world, state.parent);
    }),
    getentrybykey: method(1, 2, (view, args) => {
      const [row] = found(view, args);
      return native(NOTES_VIEW_ENTRY, row && { view, row, index: 0 });
    }),
    getallentriesbykey: method(1, 2, (state, args) => entries(state, found(state, args))),
  },
};

export const NOTES_VIEW_ENTRY_COLLECTION: NativeClass<EntriesState> = {
  name: 'NotesViewEntryCollection',
  members: {
    count: property(({ rows }) => long(rows.length)),
    parent: property(({ view }) => native(NOTES_VIEW, view)),
    getfirstentry: method(0, 0, (state) => entryAt(state, 0)),
    getlastentry: method(0, 0, (state) => entryAt(state, state.rows.length - 1)),
    getnextentry: method(1, 1, (state, args) => entryAt(state, selfArg(args, 0, NOTES_VIEW_ENTRY).index + 1)),
    getpreventry: method(1, 1, (state, args) => entryAt(state, selfArg(args, 0, NOTES_VIEW_ENTRY).index - 1)),
    getnthentry: method(1, 1, (state, args) => entryAt(state, numberArg(args, 0) - 1)),
  },
};

export const NOTES_VIEW_ENTRY: NativeClass<EntryState> = {
  name: 'NotesViewEntry',
  members: {
    columnvalues: property(({ row, view }) => columnValues(row, view.world)),
    document: property(({ row, view }) => documentAt(view, row)),
    universalid: property(({ row }) => str(row.unid)),
    noteid: property(({ row }) => str(row.unid.slice(-8))),
    isdocument: property(() => bool(true)),
    iscategory: property(() => bool(false)),
    istotal: property(() => bool(false)),
    isconflict: property(() => bool(false)),
    isvalid: property(({ row, view }) => bool(view.database.stored(row.unid) !== undefined)),
    parent: property(({ view }) => native(NOTES_VIEW, view)),
  },
};

export function viewOf(view: DatabaseView, database: MemoryDatabase, world: NotesWorld, parent: () => Value): Value {
  return native(NOTES_VIEW, { world, database, view, parent, isAutoUpdated: true, rows: view.rows() });
}
