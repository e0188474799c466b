import { type Snapshot, samePresence, unknownSnapshot } from '../../presence/snapshot.js';
import type { Assertion, StatusSource } from '../list-ports.js';
import type { Person } from '../ports.js';
import { decidingWord, spokenSnapshot } from './asserted-status.js';
import type { ListTable } from './list-seats.js';

/** What the engine knows of one person. */
export interface Entry {
  readonly person: Person;
  /** Set where this is no person but a list, which OCS does not know. */
  list: ListTable | undefined;
  /** What OCS said last, or what the members of a list made of it. */
  snapshot: Snapshot;
  /** What applications say by the person's leave, newest first. */
  assertions: readonly Assertion[];
  /** True while a living subscription stands behind `snapshot`, of a list that of one member at least. */
  confirmed: boolean;
  /** True when nobody waits any longer for a confirmation, or OCS refuses it: unknown in the document too. */
  overdue: boolean;
  /**
   * True when this person alone was lost while OCS stands: the source said that it sees to it. The document then counts
   * as good until the grace ends, or one broken subscription would turn everybody grey.
   */
  tolerated: boolean;
  observedAt: number | undefined;
  /** What stands in the person's document; `undefined` when there is none of this bridge, or when nobody knows. */
  stored: Snapshot | undefined;
  /** True when the document must be written anew whatever its status: other names, or somebody changed it. */
  spoilt: boolean;
  /**
   * True when the document was found saying that the person is available, and was neither confirmed nor written since: a
   * heartbeat that came before its correction would make readers believe it for as long as the heartbeat counts.
   */
  unproven: boolean;
  /** Whether this entry is among `EngineState.doubtful`. */
  countedDoubtful: boolean;
}

export function newEntry(person: Person): Entry {
  return {
    person,
    list: undefined,
    snapshot: unknownSnapshot(person.uri),
    assertions: [],
    confirmed: false,
    overdue: false,
    tolerated: false,
    observedAt: undefined,
    stored: undefined,
    spoilt: false,
    unproven: false,
    countedDoubtful: false,
  };
}

/** What people are told now: while it is confirmed what OCS says, or an application that counts over it; else unknown. */
export function shown(entry: Entry): Snapshot {
  if (!entry.confirmed) return unknownSnapshot(entry.person.uri, entry.snapshot.displayName);
  const word = assertionOf(entry);
  return word === undefined ? entry.snapshot : spokenSnapshot(word, entry.snapshot);
}

/** The application's word that is shown instead of what OCS says; `undefined` while none counts. */
export function assertionOf({ confirmed, assertions, snapshot }: Entry): Assertion | undefined {
  return confirmed ? decidingWord(assertions, snapshot) : undefined;
}

/** What people are told, and where it comes from. */
export interface Told {
  readonly snapshot: Snapshot;
  readonly source: StatusSource;
}

export function told(entry: Entry): Told {
  return { snapshot: shown(entry), source: sourceOf(entry) };
}

export function sourceOf(entry: Entry): StatusSource {
  if (!entry.confirmed) return 'none';
  if (assertionOf(entry) !== undefined) return 'application';
  return entry.list === undefined ? 'ocs' : 'list';
}

/** What the document should say now; `undefined` leaves it as it is, while a short interruption may still end. */
export function wanted(entry: Entry): Snapshot | undefined {
  return entry.confirmed || entry.overdue ? shown(entry) : undefined;
}

/** True when the document says something else than it should. */
export function isStale(entry: Entry): boolean {
  const target = wanted(entry);
  return target !== undefined && differs(entry, target);
}

/** True when the document would have to be written to say `target`. */
export function differs({ stored, spoilt, person }: Entry, target: Snapshot): boolean {
  if (stored === undefined || spoilt || !samePresence(stored, target)) return true;
  // Documents hold a display name only for people without a Notes name.
  return person.name === undefined && displayed(stored, person) !== displayed(target, person);
}

/** True when the document tells readers something that nobody confirms at the moment. */
export function isDoubtful(entry: Entry): boolean {
  const { confirmed, tolerated, stored, unproven } = entry;
  if (stored === undefined) return false;
  if (confirmed) return unproven && stored.status !== shown(entry).status;
  return !tolerated && stored.status !== 'unknown';
}

function displayed(snapshot: Snapshot, person: Person): string {
  return snapshot.displayName || person.displayName;
}
