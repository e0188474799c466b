import type { SipUri } from '../presence/ids.js';
import type { PersonList } from './list-ports.js';
import type { Person } from './ports.js';
import type { PersonExplanation, PersonResolution, PersonStatus } from './status.js';

/** Those who are let through; others are, in every answer, not there. Everybody when left out. */
export type Sees = (person: Person) => boolean;

/** Everybody whom the bridge watches, as it knows them now: the reading side of a running bridge. */
export interface WatchedPeople {
  all(): readonly PersonStatus[];
  byAddress(uri: SipUri): PersonStatus | undefined;
  person(uri: SipUri): Person | undefined;
  /** Whom a Notes name in any spelling, a SIP or a mail address means, and what of the person it was. */
  resolve(text: string, sees?: Sees): PersonResolution;
  /** Why somebody is shown as they are; `undefined` for nobody. */
  explain(uri: SipUri): PersonExplanation | undefined;
  /** `everybody` first, then groups, then the lists of the configuration. */
  lists(): readonly PersonList[];
  /** Whether a list, as it is now, holds somebody or is shown as this entry; false for a list that is not there. */
  isOnList(list: string, uri: SipUri): boolean;
  /** Another number whenever `person`, `resolve` or `lists` may answer otherwise. */
  revision(): number;
  /** Calls back, at once, with those whose status changed. The returned function ends it. */
  onPresence(listener: (uris: Iterable<SipUri>) => void): () => void;
}
