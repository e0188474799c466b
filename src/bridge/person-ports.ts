import type { Status } from '../presence/availability.js';
import type { LookUp } from '../presence/directory.js';
import type { ErrorCode } from '../presence/errors.js';
import type { NotesName, SipKey, SipUri, Unid } from '../presence/ids.js';

/** Who is meant: all addresses and names that lead to one person. */
export interface PersonSubject {
  /** As asked. */
  readonly who: string;
  readonly addresses: readonly SipUri[];
  readonly keys: readonly SipKey[];
  readonly names: readonly NotesName[];
  /** Alternate and previous names. Somebody else may bear one of them by now. */
  readonly otherNames: readonly NotesName[];
}

/** What of a document names the person. */
export type NamedBy = 'address' | 'name' | 'other-name';

/** A document about a person, as it stands in the database. */
export interface PersonDocument {
  readonly form: string;
  readonly unid: Unid;
  /** Milliseconds since 1970. */
  readonly created: number | undefined;
  readonly namedBy: NamedBy;
  /** True for a replication or save conflict. */
  readonly conflict: boolean;
  /** Items by name, in the shapes of domino-db's canonical items. */
  readonly items: Readonly<Record<string, unknown>>;
}

/** Another place where something about the person stands, or may stand. */
export interface PersonTrace {
  readonly place: string;
  /** One sentence. */
  readonly says: string;
}

/** Sign of life of a bridge that wrote one of the documents. Milliseconds since 1970. */
export interface WriterBeat {
  readonly bridge: string;
  readonly connected: boolean;
  readonly writtenAt: number;
  readonly freshUntil: number;
  readonly fresh: boolean;
}

/** What a running bridge knows of a person beyond the document. */
export interface LiveView {
  readonly address: SipUri;
  readonly status: Status;
  readonly since: number | undefined;
  /** True while a living subscription stands behind the status. */
  readonly confirmed: boolean;
  readonly observedAt: number | undefined;
  /** True when exactly this state stands in the document. */
  readonly written: boolean;
  /** Why Domino refuses the document at the moment. */
  readonly refused?: ErrorCode;
}

/** Everything that is stored about one person. */
export interface PersonFile {
  readonly subject: PersonSubject;
  /** Where the database stands, for people. */
  readonly store: string;
  readonly readAt: number;
  readonly documents: readonly PersonDocument[];
  readonly writers: readonly WriterBeat[];
  readonly elsewhere: readonly PersonTrace[];
  /** What the directory says; absent when none was asked. */
  readonly directory?: LookUp;
  /** One for each address that is watched; absent when no bridge runs. */
  readonly live?: readonly LiveView[];
}

export interface ErasedDocument {
  readonly form: string;
  readonly unid: Unid;
}

export interface Erasure {
  readonly subject: PersonSubject;
  readonly store: string;
  readonly removed: readonly ErasedDocument[];
  /** Documents that name the person and stay, with the reason. */
  readonly kept: readonly (ErasedDocument & { readonly reason: string })[];
  /** Documents that the database did not let go. */
  readonly refused: readonly (ErasedDocument & { readonly code: ErrorCode })[];
  readonly optOut: 'not-asked' | 'written' | 'stood-already';
  /** Why the person would come back, one sentence each; empty when nothing is known that leads to it. */
  readonly comesBack: readonly string[];
}

/** Answers what is stored about somebody, and removes it. */
export interface PersonDesk {
  /**
   * `who` is a SIP or mail address, a Notes name in any spelling, a common name that only one person has, or a `SipKey`.
   * Throws `DIRECTORY_NOBODY` when a common name or key leads to nobody, `API_BAD_REQUEST` when it leads to several, and
   * `NOTES_…` when the database cannot be read.
   */
  show(who: string): Promise<PersonFile>;
  /** Removes all documents of that person, whichever bridge wrote them. With `optOut` the person does not come back. */
  erase(who: string, options: { readonly optOut: boolean }): Promise<Erasure>;
}
