import { type Status, statusOf } from '../../presence/availability.js';
import type { ObservedState } from '../../presence/snapshot.js';
import { type ReportedStatus, reportedState } from './reported-status.js';

/** A manual or device state inside a document of the old server, on the scale of the new one. */
export interface LcsState {
  readonly availability: number;
  /** Milliseconds since 1970. */
  readonly since: number | undefined;
}

/** What an LCS 2005 document says about how reachable its person is. */
export interface LcsFacts {
  /** 0-399, classes of 100 (MS-SIP §2.2.1). */
  readonly availability: number | undefined;
  /** 0-999, classes of 50 or 100. */
  readonly activity: number | undefined;
  readonly states: readonly LcsState[];
  /** When the last device told something, milliseconds since 1970. */
  readonly heardAt: number | undefined;
}

/** From this availability on somebody can perhaps be reached. */
const REACHABLE_FROM = 100;
/** From this one on a device is connected. */
const CONNECTED_FROM = 200;
const HIGHEST_AVAILABILITY = 399;

/** What nobody is taken for on a guess. */
const NEEDS_CONFIRMATION: ReadonlySet<Status> = new Set(['available', 'available-idle']);

/** Classes of activity by their lowest number, the last first. */
const ACTIVITY_CLASSES: readonly (ReportedStatus & { readonly from: number })[] = [
  { from: 1000, status: 'unknown', activity: '' },
  { from: 800, status: 'available', activity: '' },
  { from: 700, status: 'away', activity: 'away' },
  { from: 600, status: 'busy', activity: '' },
  { from: 500, status: 'busy', activity: 'on-the-phone' },
  { from: 400, status: 'available', activity: '' },
  { from: 300, status: 'be-right-back', activity: 'be-right-back' },
  { from: 200, status: 'available-idle', activity: '' },
  { from: 150, status: 'away', activity: 'out-to-lunch' },
  { from: 0, status: 'away', activity: 'away' },
];

const UNTOLD: ReportedStatus = { status: 'unknown', activity: '' };
const OFFLINE: ReportedStatus = { status: 'offline', activity: '' };

/**
 * Who cannot be reached is offline; else the activity decides, unless a manual state or one of a device is less
 * reachable. Do-not-disturb and the idle form of busy exist in those states only. While the server does not say that a
 * device is connected, nothing makes a person available: such a state may be left from another day. `null` when nothing
 * is said.
 */
export function stateOfLcs({ availability, activity, states, heardAt }: LcsFacts): ObservedState | null {
  if (availability === undefined && activity === undefined && states.length === 0) return null;
  if (availability !== undefined && availability < REACHABLE_FROM) return begun(reportedState(OFFLINE), heardAt);
  const base = reportedState(levelsSay(availability, activity));
  const isUntold = base.availability === 0;
  let decisive: LcsState | undefined;
  for (const state of states) {
    if (isUntold && NEEDS_CONFIRMATION.has(statusOf(state.availability))) continue;
    if (state.availability >= (decisive ?? base).availability) decisive = state;
  }
  if (decisive === undefined) return begun(base, heardAt);
  const same = statusOf(decisive.availability) === statusOf(base.availability);
  const activityToken = same ? base.activity : '';
  return begun({ availability: decisive.availability, activity: activityToken }, decisive.since ?? heardAt);
}

function levelsSay(availability: number | undefined, activity: number | undefined): ReportedStatus {
  if (availability === undefined || availability > HIGHEST_AVAILABILITY || activity === undefined) return UNTOLD;
  const said = ACTIVITY_CLASSES.find(({ from }) => activity >= from) ?? UNTOLD;
  return availability < CONNECTED_FROM && NEEDS_CONFIRMATION.has(said.status) ? UNTOLD : said;
}

function begun(state: ObservedState, since: number | undefined): ObservedState {
  return since === undefined ? state : { ...state, since };
}
