import { randomUUID } from 'node:crypto';
import type { Items, ItemValue } from '../../../../src/notes/item-value.js';
import { type Design, readDesign } from '../../../../src/notes/template/design/design.js';
import { compileFormula } from '../../../../src/notes/template/formula/compile.js';
import { contextOf } from '../../../../src/notes/template/formula/context.js';
import { evaluate } from '../../../../src/notes/template/formula/evaluate.js';
import { conditionOf } from '../../../../src/notes/template/formula/operators.js';
import { fieldsOf } from '../../../../src/notes/template/item-fields.js';
import { ERROR, ScriptError, StandInFault } from '../script-error.js';
import { DatabaseView } from './database-view.js';

export interface StoredDocument {
  readonly unid: string;
  readonly items: Items;
  /** Counts the writes: who read an older one has a conflict. */
  readonly revision: number;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly modified: number;
}

export interface DatabaseOptions {
  /** Path within the data directory. */
  readonly file: string;
  /** Canonical name; empty is the computer that the script runs on. */
  readonly server?: string;
  readonly title?: string;
  /** A built template: its views are the database's. Without one there are none. */
  readonly dxl?: string;
  /** Documents by universal id of 32 characters, or a list. */
  readonly documents?: readonly Items[];
}

const DESIGNS = new Map<string, Design>();

function designOf(dxl: string): Design {
  const known = DESIGNS.get(dxl) ?? readDesign(dxl);
  DESIGNS.set(dxl, known);
  return known;
}

/** A database in memory. What a test changes here is what another program did. */
export class MemoryDatabase {
  readonly server: string;
  readonly file: string;
  title: string;
  /** Of its own for each database. */
  readonly replicaId = randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase();
  /** False: it cannot be opened. A text: opening it is refused with that message. */
  canBeOpened: boolean | string = true;
  /** Aliases of views that somebody removed. */
  readonly missingViews = new Set<string>();
  /** Writing is refused with that message, for all documents or for one. */
  deniesWriting: string | ((unid: string) => string | undefined) | undefined;
  /** Called before a script's write counts, so that a test may write or remove the document in between. */
  beforeSave: ((unid: string) => void) | undefined;
  /** Called when a view is read by a key; may throw. */
  beforeLookUp: ((view: string, key: string) => void) | undefined;
  /** 0 no access to 6 Manager. */
  accessLevel = 6;
  readonly roles: string[] = [];
  /** Name of the template that it is, and of the one that it inherits from. */
  templateName = '';
  designTemplateName = '';
  /** Universal ids in the order in which scripts saved them. */
  readonly saved: string[] = [];
  readonly signed: number[] = [];
  /** Levels that scripts granted, by name. Whoever is not in it has the level above. */
  readonly granted = new Map<string, number>();
  clock: () => number = Date.now;
  readonly #documents = new Map<string, StoredDocument>();
  readonly #profiles = new Map<string, StoredDocument>();
  readonly #views = new Map<string, DatabaseView>();
  #design: Design | undefined;

  constructor({ server = '', file, title = '', dxl, documents = [] }: DatabaseOptions) {
    this.server = server;
    this.file = file;
    this.title = title;
    this.#design = dxl === undefined ? undefined : designOf(dxl);
    for (const items of documents) this.write(items);
  }

  /** Writes a new document, or all items of one that is there. Gives its universal id. */
  write(items: Items, unid = randomUUID().replaceAll('-', '').toUpperCase()): string {
    const before = this.#documents.get(unid);
    const now = this.clock();
    const stored = {
      unid,
      items,
      revision: (before?.revision ?? 0) + 1,
      created: before?.created ?? now,
      modified: now,
    };
    this.#documents.set(unid, stored);
    for (const view of this.#views.values()) view.put(unid, items);
    return unid;
  }

  /** Changes single items of a document. */
  change(unid: string, items: Items): void {
    this.write({ ...this.items(unid), ...items }, unid);
  }

  remove(unid: string): void {
    this.#documents.delete(unid);
    for (const view of this.#views.values()) view.remove(unid);
  }

  stored(unid: string): StoredDocument | undefined {
    return this.#documents.get(unid);
  }

  /** Items of a document that is there. */
  items(unid: string): Items {
    const found = this.#documents.get(unid);
    if (!found) throw new StandInFault(`there is no document ${unid}`);
    return found.items;
  }

  /** All documents in the order of their making. */
  documents(): readonly StoredDocument[] {
    return [...this.#documents.values()];
  }

  /** The profile document of a form, and of a key where one is given. */
  profile(form: string, key = ''): StoredDocument | undefined {
    return this.#profiles.get(`${form}/${key}`.toLowerCase());
  }

  writeProfile(form: string, items: Items, key = ''): void {
    const [id, now] = [`${form}/${key}`.toLowerCase(), this.clock()];
    const before = this.#profiles.get(id);
    const revision = (before?.revision ?? 0) + 1;
    this.#profiles.set(id, { unid: id, items, revision, created: before?.created ?? now, modified: now });
  }

  /** Takes over a design; documents stay. */
  adopt(dxl: string): void {
    this.#design = designOf(dxl);
    this.#views.clear();
  }

  /** A view by its name or one of its aliases, in any case of letters. */
  view(name: string): DatabaseView | undefined {
    const wanted = name.toLowerCase();
    const design = this.#design?.views.find(({ alias, title }) =>
      [alias, title].some((one) => one.toLowerCase() === wanted),
    );
    if (!this.#design || !design || this.missingViews.has(design.alias)) return undefined;
    const known = this.#views.get(design.alias);
    if (known) return known;
    const made = new DatabaseView(design, this.#design.images);
    for (const { unid, items } of this.#documents.values()) made.put(unid, items);
    this.#views.set(design.alias, made);
    return made;
  }

  /** Documents that a selection formula takes. */
  select(formula: string, now: number): readonly StoredDocument[] {
    const outcome = compileFormula(formula);
    if (!outcome.ok) throw new ScriptError(ERROR.notesError, `Formula Error: ${outcome.reason}`);
    return this.documents().filter(
      ({ items }) => conditionOf(evaluate(outcome.formula, contextOf(fieldsOf(items), { now }))) === true,
    );
  }
}

/** An item whatever the case of its name. */
export function itemIn(items: Items, name: string): { readonly name: string; readonly value: ItemValue } | undefined {
  const wanted = name.toLowerCase();
  const found = Object.entries(items).find(([key]) => key.toLowerCase() === wanted);
  return found && { name: found[0], value: found[1] };
}
