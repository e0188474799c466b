import type { Value } from './values.js';

/** What a look-up asks. Names are as the formula gives them: server and file empty for the formula's own database. */
export interface LookUp {
  readonly server: string;
  /** Path of the database, or a replica id. */
  readonly file: string;
  readonly view: string;
  /** Number of a column from 1, or the name of an item. */
  readonly column: number | string;
}

export interface KeyedLookUp extends LookUp {
  /** Each is looked for in the first sorted column; the answers stand in this order. */
  readonly keys: readonly string[];
  /** A key may be the beginning of an entry. */
  readonly partial: boolean;
  /** Unique ids of the documents are wanted instead of the column. */
  readonly wantsIds: boolean;
}

export interface DatabaseFacts {
  /** Empty for a local database. */
  readonly server: string;
  readonly file: string;
  readonly title: string;
  /** 16 hexadecimal digits. */
  readonly replicaId: string;
}

/** Privileges that `@UserAccess` tells, by keyword in capitals, in the order of its answer without a keyword. */
export const PRIVILEGES = [
  'CREATEDOCUMENTS',
  'DELETEDOCUMENTS',
  'CREATEPERSONALAGENTS',
  'CREATEPERSONALFOLDERSANDVIEWS',
  'CREATESHAREDFOLDERSANDVIEWS',
  'CREATELOTUSSCRIPTJAVAAGENTS',
  'READPUBLICDOCUMENTS',
  'WRITEPUBLICDOCUMENTS',
  'REPLICATEORCOPYDOCUMENTS',
] as const;

export type Privilege = (typeof PRIVILEGES)[number];

export interface Access {
  /** 1 depositor, 2 reader, 3 author, 4 editor, 5 designer, 6 manager. */
  readonly level: 1 | 2 | 3 | 4 | 5 | 6;
  readonly privileges: readonly Privilege[];
}

/**
 * What formulas of forms, actions and agents see beyond their document and the clock. All of it is optional; a function
 * whose part is absent gives an error value, as it does in a view.
 */
export interface Outside {
  /** `@DbLookup`: the answers, or an error value when view, key or column is missing. */
  readonly lookUp?: (request: KeyedLookUp) => Value;
  /** `@DbColumn`. */
  readonly column?: (request: LookUp) => Value;
  /** `@GetProfileField`; `undefined` when there is no such item, which gives the empty text. */
  readonly profileField?: (form: string, item: string, key?: string) => Value | undefined;
  /** `@GetDocField` by unique id and name in lower case. */
  readonly documentField?: (unid: string, item: string) => Value | undefined;
  /** `@NameLookup`: values of an item of the directory for names. */
  readonly nameLookUp?: (names: readonly string[], item: string) => Value;
  /** `@DbName`, `@DbTitle`, `@ReplicaID`. */
  readonly database?: DatabaseFacts;
  /** `@UserAccess`; `undefined` as answer means no access at all. Empty names are the formula's own database. */
  readonly access?: (server: string, file: string) => Access | undefined;
  /** `@UserRoles`, each with its brackets. */
  readonly roles?: readonly string[];
  /** `@ClientType` (`Notes` or `Web`), `@Platform` (such as `Windows/32`), `@Version` (build number as text). */
  readonly client?: { readonly type: 'Notes' | 'Web'; readonly platform: string; readonly version: string };
  /** `@IsNewDoc`, `@IsDocBeingEdited`, `@IsDocBeingSaved`, `@IsDocBeingLoaded`. */
  readonly isNew?: boolean;
  readonly isEdited?: boolean;
  readonly isBeingSaved?: boolean;
  readonly isBeingLoaded?: boolean;
  /** `@ViewTitle`: the view in which the document is selected. */
  readonly viewTitle?: string;
}
