import type { Items, ItemValue } from '../../../../src/notes/item-value.js';
import { mismatch } from '../conversion.js';
import { dayNumber } from '../dates.js';
import {
  booleanArg,
  method,
  type NativeClass,
  NativeObject,
  native,
  property,
  selfArg,
  textArg,
  valuesOf,
} from '../native.js';
import { ERROR, ScriptError } from '../script-error.js';
import { arrayOf, bool, date, long, object, str, VARIANT, type Value } from '../values.js';
import type { ViewRow } from './database-view.js';
import { dateTimeAt, NOTES_DATE_TIME } from './date-time.js';
import { itemOf, momentText, valueOfColumn, valuesOfItem } from './item-conversion.js';
import { itemIn, type MemoryDatabase, type StoredDocument } from './memory-database.js';
import type { NotesWorld } from './world.js';

/** A document as a script holds it: a copy, until it is saved. */
export interface DocumentState {
  readonly world: NotesWorld;
  readonly database: MemoryDatabase;
  unid: string;
  items: Items;
  /** Revision that was read; 0 for a new document. */
  revision: number;
  isDeleted: boolean;
  readonly profile?: { readonly form: string; readonly key: string };
  /** The row that it was found by. */
  readonly row?: ViewRow;
  readonly parent: () => Value;
}

/** Item of a document. */
export interface ItemState {
  readonly document: DocumentState;
  readonly name: string;
}

function alive(document: DocumentState): DocumentState {
  if (document.isDeleted) throw new ScriptError(ERROR.documentDeleted, 'Document has been deleted');
  return document;
}

function put(document: DocumentState, name: string, value: ItemValue): Value {
  const known = itemIn(document.items, name)?.name ?? name;
  document.items = { ...document.items, [known]: value };
  return native(NOTES_ITEM, { document, name: known });
}

function take(document: DocumentState, name: string): void {
  const known = itemIn(document.items, name)?.name;
  document.items = Object.fromEntries(Object.entries(document.items).filter(([key]) => key !== known));
}

/** An argument as an item: values, an item, or a date and time. */
function itemArg(document: DocumentState, value: Value | undefined): ItemValue {
  const [first] = valuesOf(value);
  if (first?.kind === 'object' && first.object instanceof NativeObject) {
    if (first.object.className === NOTES_DATE_TIME.name) {
      const texts = valuesOf(value).map((one) => {
        const { moment } = selfArg([one], 0, NOTES_DATE_TIME);
        return moment === undefined ? mismatch() : momentText(moment);
      });
      return { type: 'datetime', data: texts.length === 1 ? (texts[0] ?? '') : texts };
    }
    const item = selfArg([first], 0, NOTES_ITEM);
    return itemIn(item.document.items, item.name)?.value ?? '';
  }
  return itemOf(valuesOf(value), document.world.offset);
}

/** False when somebody was faster and the script does not insist; nothing is written then, but a conflict if it is wanted. */
function save(document: DocumentState, force: boolean, makeResponse: boolean): boolean {
  const { database } = alive(document);
  if (document.profile) {
    database.writeProfile(document.profile.form, document.items, document.profile.key);
    return true;
  }
  database.beforeSave?.(document.unid);
  const refusal =
    typeof database.deniesWriting === 'function' ? database.deniesWriting(document.unid) : database.deniesWriting;
  if (refusal !== undefined) throw new ScriptError(ERROR.notesError, `Notes error: ${refusal}`);
  const now = database.stored(document.unid);
  if (document.revision > 0 && !now) throw new ScriptError(ERROR.documentDeleted, 'Document has been deleted');
  if (now && now.revision !== document.revision && !force) {
    if (makeResponse) database.write({ ...document.items, $Conflict: '', $REF: document.unid });
    return false;
  }
  database.write(document.items, document.unid);
  database.saved.push(document.unid);
  document.revision = database.stored(document.unid)?.revision ?? 0;
  return true;
}

export const NOTES_DOCUMENT: NativeClass<DocumentState> = {
  name: 'NotesDocument',
  members: {
    universalid: property(({ unid }) => str(unid)),
    noteid: property(({ unid }) => str(unid.slice(-8))),
    isnewnote: property(({ revision }) => bool(revision === 0)),
    isvalid: property(({ database, unid, revision }) => bool(revision === 0 || database.stored(unid) !== undefined)),
    isdeleted: property(({ isDeleted }) => bool(isDeleted)),
    isprofile: property(({ profile }) => bool(profile !== undefined)),
    isresponse: property(({ items }) => bool(itemIn(items, '$REF') !== undefined)),
    parentdatabase: property(({ parent }) => parent()),
    created: property(({ database, unid, world }) =>
      date(dayNumber(database.stored(unid)?.created ?? 0, world.offset)),
    ),
    lastmodified: property(({ database, unid, world }) =>
      date(dayNumber(database.stored(unid)?.modified ?? 0, world.offset)),
    ),
    columnvalues: property(({ row, world }) => columnValues(row, world)),
    items: property((document) => {
      const names = Object.keys(document.items);
      return arrayOf(names.map((name) => native(NOTES_ITEM, { document, name })));
    }),
    getitemvalue: method(1, 1, (document, args) => {
      const values = valuesOfItem(itemIn(alive(document).items, textArg(args, 0))?.value, document.world.offset);
      const kind = values[0]?.kind;
      return arrayOf(values, kind === 'string' || kind === 'double' ? { kind } : VARIANT);
    }),
    hasitem: method(1, 1, (document, args) => bool(itemIn(alive(document).items, textArg(args, 0)) !== undefined)),
    getfirstitem: method(1, 1, (document, args) => {
      const found = itemIn(alive(document).items, textArg(args, 0));
      return found ? native(NOTES_ITEM, { document, name: found.name }) : object(undefined);
    }),
    replaceitemvalue: method(2, 2, (document, args) =>
      put(alive(document), textArg(args, 0), itemArg(document, args[1])),
    ),
    appenditemvalue: method(2, 2, (document, args) =>
      put(alive(document), textArg(args, 0), itemArg(document, args[1])),
    ),
    removeitem: method(1, 1, (document, args) => {
      take(alive(document), textArg(args, 0));
      return undefined;
    }),
    copyitem: method(2, 2, (document, args) => {
      const item = selfArg(args, 0, NOTES_ITEM);
      return put(alive(document), textArg(args, 1) || item.name, itemIn(item.document.items, item.name)?.value ?? '');
    }),
    copyallitems: method(1, 2, (document, args) => {
      const other = selfArg(args, 0, NOTES_DOCUMENT);
      other.items = booleanArg(args, 1) ? document.items : { ...other.items, ...document.items };
      return undefined;
    }),
    save: method(2, 3, (document, args) => bool(save(document, booleanArg(args, 0), booleanArg(args, 1)))),
    sign: method(0, 0, () => undefined),
    remove: method(1, 1, (document, args) => {
      const { database, unid } = alive(document);
      const isChanged = database.stored(unid)?.revision !== document.revision;
      if (isChanged && !booleanArg(args, 0)) return bool(false);
      database.remove(unid);
      document.isDeleted = true;
      return bool(true);
    }),
  },
};

export const NOTES_ITEM: NativeClass<ItemState> = {
  name: 'NotesItem',
  members: {
    name: property(({ name }) => str(name)),
    parent: property(({ document }) => native(NOTES_DOCUMENT, document)),
    text: property(({ document, name }) => {
      const value = itemIn(document.items, name)?.value;
      const list = typeof value === 'object' && 'type' in value ? value.data : value;
      return str(Array.isArray(list) ? list.join(';') : String(list ?? ''));
    }),
    values: property(
      ({ document, name }) => arrayOf(valuesOfItem(itemIn(document.items, name)?.value, document.world.offset)),
      ({ document, name }, value) => void put(document, name, itemArg(document, value)),
    ),
    type: property(({ document, name }) => long(typeNumber(itemIn(document.items, name)?.value))),
    isnames: property(
      ({ document, name }) => bool(isNames(itemIn(document.items, name)?.value)),
      ({ document, name }, value) => {
        const known = itemIn(document.items, name)?.value ?? '';
        const data = typeof known === 'object' && 'type' in known ? known.data : known;
        const isText =
          typeof data === 'string' || (Array.isArray(data) && data.every((one) => typeof one === 'string'));
        if (!isText || !('value' in value)) return mismatch();
        const texts = data as string | readonly string[];
        put(document, name, value.value ? { type: 'text', data: texts, names: true } : texts);
      },
    ),
    issummary: property(
      () => bool(true),
      () => undefined,
    ),
    datetimevalue: property(({ document, name }) => {
      const value = itemIn(document.items, name)?.value;
      if (typeof value !== 'object' || !('type' in value) || value.type !== 'datetime') return object(undefined);
      const moment = Date.parse(typeof value.data === 'string' ? value.data : (value.data[0] ?? ''));
      return Number.isNaN(moment) ? object(undefined) : dateTimeAt(moment, document.world);
    }),
    appendtotextlist: method(1, 1, ({ document, name }, args) => {
      const before = valuesOfItem(itemIn(document.items, name)?.value, document.world.offset);
      put(document, name, itemOf([...before, ...valuesOf(args[0])], document.world.offset));
      return undefined;
    }),
    contains: method(1, 1, ({ document, name }, args) => {
      const wanted = textArg(args, 0);
      const values = valuesOfItem(itemIn(document.items, name)?.value, document.world.offset);
      return bool(values.some((value) => value.kind === 'string' && value.value === wanted));
    }),
    remove: method(0, 0, ({ document, name }) => {
      take(document, name);
      return undefined;
    }),
  },
};

function isNames(value: ItemValue | undefined): boolean {
  return typeof value === 'object' && 'type' in value && value.type === 'text' && value.names === true;
}

function typeNumber(value: ItemValue | undefined): number {
  if (isNames(value)) return 1074;
  if (typeof value === 'object' && 'type' in value) return value.type === 'datetime' ? 1024 : 1280;
  const [first] = Array.isArray(value) ? value : [value];
  return typeof first === 'number' ? 768 : 1280;
}

export function columnValues(row: ViewRow | undefined, world: NotesWorld): Value {
  if (!row) return arrayOf([]);
  return arrayOf(row.columns.map((value) => valueOfColumn(value, world.offset)));
}

/** A document that was read from its database. */
export function documentOf(
  stored: StoredDocument,
  database: MemoryDatabase,
  world: NotesWorld,
  parent: () => Value,
  row?: ViewRow,
): Value {
  const { unid, items, revision } = stored;
  const state: DocumentState = {
    world,
    database,
    unid,
    items,
    revision,
    isDeleted: false,
    parent,
    ...(row && { row }),
  };
  return native(NOTES_DOCUMENT, state);
}
