import type { Status } from '../../presence/availability.js';
import type { Snapshot } from '../../presence/snapshot.js';
import type { AssertedStatus, Assertion } from '../list-ports.js';

/** What applications may say of people: nothing green. */
export const ASSERTED_STATUSES = [
  'busy',
  'do-not-disturb',
  'be-right-back',
  'away',
] as const satisfies readonly AssertedStatus['status'][];

/** Over these any word of an application counts. */
const YIELDING: ReadonlySet<Status> = new Set([
  'available',
  'available-idle',
  'busy-idle',
  'be-right-back',
  'away',
  'offline',
]);

/**
 * Whether an application's word counts over what OCS confirms. Over `available`, `available-idle`, `busy-idle`,
 * `be-right-back`, `away` and `offline` it does. Over `busy` it does if it is `do-not-disturb`, or if it tells an activity
 * and OCS tells none. Over `do-not-disturb` and `unknown` it never does: whoever wants to be left alone is, and what OCS
 * does not know nobody else knows.
 */
export function outweighs(word: Pick<AssertedStatus, 'status' | 'activity'>, ocs: Snapshot): boolean {
  if (YIELDING.has(ocs.status)) return true;
  if (ocs.status !== 'busy') return false;
  return word.status === 'do-not-disturb' || (word.activity !== undefined && ocs.activity === '');
}

/** The newest word that counts; `words` newest first. */
export function decidingWord(words: readonly Assertion[], ocs: Snapshot): Assertion | undefined {
  // Nearly always: this is asked at every change of everybody.
  return words.length === 0 ? undefined : words.find((word) => outweighs(word, ocs));
}

/** What is shown by an application's word. Words of one's own belong to one's own status and are left out. */
export function spokenSnapshot(word: Assertion, ocs: Snapshot): Snapshot {
  const { status, setAt } = word;
  const activity = word.activity ?? '';
  return {
    ...ocs,
    status,
    activity,
    activityText: '',
    outOfOffice: ocs.outOfOffice || activity === 'out-of-office',
    note: '',
    // Documents keep whole seconds.
    since: Math.floor(setAt / 1000) * 1000,
  };
}
