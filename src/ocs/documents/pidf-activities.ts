import type { Activity, Status } from '../../presence/availability.js';
import { numberOf, type ReportedStatus } from './reported-status.js';

const AVAILABLE: Status = 'available';

function as(status: Status, activity: Activity | '' = ''): ReportedStatus {
  return { status, activity };
}

/**
 * What each activity of RPID (RFC 4480 §3.2) makes of a person who can be reached. Activities that say nothing about
 * it (`working`, `looking-for-work`, `other`, `unknown`) and those nobody knows are not in the table.
 */
const STATUS_BY_ACTIVITY: ReadonlyMap<string, ReportedStatus> = new Map([
  ['on-the-phone', as('busy', 'on-the-phone')],
  ['meeting', as('busy', 'in-a-meeting')],
  ['appointment', as('busy')],
  ['busy', as('busy')],
  ['performance', as('busy')],
  ['spectator', as('busy')],
  ['worship', as('busy')],
  ['presentation', as('do-not-disturb', 'presenting')],
  ['away', as('away', 'away')],
  ['breakfast', as('away', 'away')],
  ['dinner', as('away', 'away')],
  ['in-transit', as('away', 'away')],
  ['playing', as('away', 'away')],
  ['shopping', as('away', 'away')],
  ['sleeping', as('away', 'away')],
  ['steering', as('away', 'away')],
  ['travel', as('away', 'away')],
  ['tv', as('away', 'away')],
  ['lunch', as('away', 'out-to-lunch')],
  ['meal', as('away', 'out-to-lunch')],
  ['holiday', as('away', 'off-work')],
  ['vacation', as('away', 'out-of-office')],
  ['permanent-absence', as('offline', 'out-of-office')],
]);

/** Stands among activities for a word about reachability that nobody knows. */
export const UNCLEAR = 'unclear';
/** Words beside `basic` that add nothing to it. */
const PLAIN_WORDS: ReadonlySet<string> = new Set(['', 'open', 'available', 'online', 'active', 'chat', 'working']);

/** What a word beside `basic` says that somebody does. */
export function activityOfWord(word: string): string {
  return STATUS_BY_ACTIVITY.has(word) || PLAIN_WORDS.has(word) ? word : UNCLEAR;
}

/** Names of all activities that mean something here. */
export const PIDF_ACTIVITIES: readonly string[] = [...STATUS_BY_ACTIVITY.keys()];

/**
 * Status of somebody who does all of these at once: the least reachable decides, of equal ones the one that says more,
 * and a meeting on the phone is a conference. `undefined` when none of them says anything.
 */
export function statusOfActivities(names: readonly string[]): ReportedStatus | undefined {
  let decisive: ReportedStatus | undefined;
  for (const name of names) {
    const status = STATUS_BY_ACTIVITY.get(name);
    if (status !== undefined && (decisive === undefined || outweighs(status, decisive))) decisive = status;
  }
  if (decisive?.status === 'busy' && names.includes('on-the-phone') && names.includes('meeting')) {
    return as('busy', 'in-a-conference');
  }
  return decisive;
}

function outweighs(status: ReportedStatus, than: ReportedStatus): boolean {
  const difference = numberOf(status.status) - numberOf(than.status);
  return difference > 0 || (difference === 0 && detail(status.activity) > detail(than.activity));
}

/** How much a token says beyond its status. */
function detail(activity: Activity | ''): number {
  if (activity === 'out-of-office') return 3;
  return activity === '' ? 0 : activity === 'away' ? 1 : 2;
}

/** Somebody whose devices lie idle. Whoever is on the phone, meets or presents is not idle for that. */
export function idle({ status, activity }: ReportedStatus): ReportedStatus {
  if (status === AVAILABLE) return as('available-idle');
  return status === 'busy' && activity === '' ? as('busy-idle') : { status, activity };
}
