import type { ObservedState } from '../../presence/snapshot.js';
import { idle, statusOfActivities, UNCLEAR } from './pidf-activities.js';
import { mostReachable, numberOf, type ReportedStatus, reportedState } from './reported-status.js';

/** One service of a person (RFC 3863 §4.1.2) that is the person's own. */
export interface PidfTuple {
  readonly basic: 'open' | 'closed' | undefined;
  readonly priority: number;
  readonly activities: readonly string[];
  /** Milliseconds since 1970. */
  readonly changedAt: number | undefined;
}

/** What a PIDF document says about how reachable its person is. */
export interface PidfFacts {
  readonly tuples: readonly PidfTuple[];
  /** Activities of the person, whatever the service (RFC 4479). */
  readonly activities: readonly string[];
  readonly personChangedAt: number | undefined;
  /** Of person, services and devices (RFC 4480 §3.12). */
  readonly inputs: readonly ('active' | 'idle')[];
}

/** The service that decides, with its index among all tuples of the facts. */
export interface PidfVerdict {
  /** `null` when the document says nothing about it. */
  readonly state: ObservedState | null;
  readonly tuple: number | undefined;
}

/**
 * How reachable the person is. The service that decides says open or closed; activities of it and of the person can
 * only make less of it, down to unknown when they are not clear; an idle device counts when no other is in use.
 */
export function stateOfPidf(facts: PidfFacts): PidfVerdict {
  const ways = facts.tuples.flatMap((tuple, index) => (tuple.basic === undefined ? [] : [way(tuple, index)]));
  const decisive = mostReachable(ways);
  const person = statusOfActivities(facts.activities);
  if (decisive === undefined) return { state: person ? reportedState(person) : null, tuple: undefined };
  const lies = facts.inputs.includes('idle') && !facts.inputs.includes('active');
  const doing = lessReachable(decisive, [...decisive.activities, ...facts.activities]);
  const state = reportedState(lies ? idle(doing) : doing);
  const byPerson = person !== undefined && numberOf(person.status) === numberOf(doing.status);
  const since = (byPerson ? facts.personChangedAt : undefined) ?? decisive.changedAt;
  return { state: since === undefined ? state : { ...state, since }, tuple: decisive.index };
}

function way(tuple: PidfTuple, index: number) {
  const open = tuple.basic === 'open';
  const basic: ReportedStatus = { status: open ? 'available' : 'offline', activity: '' };
  return { ...tuple, ...lessReachable(basic, tuple.activities), open, index };
}

/** Being out of office is a flag beside any status, so it stays with one that is less reachable still. */
function lessReachable({ status, activity }: ReportedStatus, activities: readonly string[]): ReportedStatus {
  const doing = statusOfActivities(activities);
  if (doing === undefined)
    return { status: status === 'available' && activities.includes(UNCLEAR) ? 'unknown' : status, activity };
  if (numberOf(doing.status) >= numberOf(status)) return doing;
  return { status, activity: doing.activity === 'out-of-office' ? doing.activity : activity };
}
