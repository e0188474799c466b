import { type Snapshot, samePresence, unknownSnapshot } from '../../presence/snapshot.js';
import type { Person } from '../ports.js';

/** What the engine knows of one person. */
export interface Entry {
  readonly person: Person;
  /** What OCS said last. */
  snapshot: Snapshot;
  /** True while a living subscription stands behind `snapshot`. */
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
    snapshot: unknownSnapshot(person.uri),
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

/** What people are told now: the snapshot while it is confirmed, else unknown. */
export function shown(entry: Entry): Snapshot {
  return entry.confirmed ? entry.snapshot : unknownSnapshot(entry.person.uri, entry.snapshot.displayName);
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
export function isDoubtful({ confirmed, tolerated, stored, snapshot, unproven }: Entry): boolean {
  if (stored === undefined) return false;
  if (confirmed) return unproven && stored.status !== snapshot.status;
  return !tolerated && stored.status !== 'unknown';
}

function displayed(snapshot: Snapshot, person: Person): string {
  return snapshot.displayName || person.displayName;
}
