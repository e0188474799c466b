import { statusOf } from '../../presence/availability.js';
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
 * reachable. Do-not-disturb and the idle form of busy exist in those states only. `null` when nothing is said.
 */
export function stateOfLcs({ availability, activity, states, heardAt }: LcsFacts): ObservedState | null {
  if (availability === undefined && activity === undefined && states.length === 0) return null;
  const told = availability !== undefined;
  if (told && availability < REACHABLE_FROM) return begun(reportedState(OFFLINE), heardAt);
  const base = reportedState(told && activity !== undefined ? classOf(activity) : UNTOLD);
  const decisive = states.reduce<LcsState | undefined>(
    (highest, state) => (state.availability >= (highest?.availability ?? base.availability) ? state : highest),
    undefined,
  );
  if (decisive === undefined) return begun(base, heardAt);
  const same = statusOf(decisive.availability) === statusOf(base.availability);
  const activityToken = same ? base.activity : '';
  return begun({ availability: decisive.availability, activity: activityToken }, decisive.since ?? heardAt);
}

function classOf(activity: number): ReportedStatus {
  return ACTIVITY_CLASSES.find(({ from }) => activity >= from) ?? UNTOLD;
}

function begun(state: ObservedState, since: number | undefined): ObservedState {
  return since === undefined ? state : { ...state, since };
}
