import { method, type NativeClass, native, numberArg, property, selfArg, textArg, valuesOf } from '../native.js';
import { long, object, type Value } from '../values.js';
import { documentOf, NOTES_DOCUMENT } from './document.js';
import { itemOf } from './item-conversion.js';
import type { MemoryDatabase } from './memory-database.js';
import type { NotesWorld } from './world.js';

/** Documents by universal id. Each is read when the script comes to it. */
export interface CollectionState {
  readonly unids: string[];
  readonly database: MemoryDatabase;
  readonly world: NotesWorld;
  readonly parent: () => Value;
}

/** Documents that are no more are passed over. */
function documentFrom({ unids, database, world, parent }: CollectionState, from: number): Value {
  for (let index = Math.max(0, from); index < unids.length; index += 1) {
    const stored = database.stored(unids[index] ?? '');
    if (stored) return documentOf(stored, database, world, parent);
  }
  return object(undefined);
}

export const NOTES_DOCUMENT_COLLECTION: NativeClass<CollectionState> = {
  name: 'NotesDocumentCollection',
  members: {
    count: property(({ unids }) => long(unids.length)),
    parent: property(({ parent }) => parent()),
    getfirstdocument: method(0, 0, (state) => documentFrom(state, 0)),
    getlastdocument: method(0, 0, (state) => documentFrom(state, state.unids.length - 1)),
    getnextdocument: method(1, 1, (state, args) =>
      documentFrom(state, state.unids.indexOf(selfArg(args, 0, NOTES_DOCUMENT).unid) + 1),
    ),
    getnthdocument: method(1, 1, (state, args) => documentFrom(state, numberArg(args, 0) - 1)),
    adddocument: method(1, 2, ({ unids }, args) => {
      unids.push(selfArg(args, 0, NOTES_DOCUMENT).unid);
      return undefined;
    }),
    deletedocument: method(1, 1, ({ unids }, args) => {
      const index = unids.indexOf(selfArg(args, 0, NOTES_DOCUMENT).unid);
      if (index >= 0) unids.splice(index, 1);
      return undefined;
    }),
    stampall: method(2, 2, ({ unids, database, world }, args) => {
      for (const unid of unids) database.change(unid, { [textArg(args, 0)]: itemOf(valuesOf(args[1]), world.offset) });
      return undefined;
    }),
  },
};

export function collectionOf(
  unids: readonly string[],
  database: MemoryDatabase,
  world: NotesWorld,
  parent: () => Value,
): Value {
  return native(NOTES_DOCUMENT_COLLECTION, { unids: [...unids], database, world, parent });
}
