/** One person's presence as every watcher of the same company sees it. */
export interface SimulatedPresence {
  /** Number of MS-PRES aggregateState; 18500 is offline. */
  readonly availability: number;
  /** Activity token such as `in-a-meeting`, or empty. */
  readonly activity: string;
  readonly note: string;
  /** True when the newest note is an out-of-office message, or the activity says so. */
  readonly outOfOffice: boolean;
  readonly displayName: string;
}

export const OFFLINE_AVAILABILITY = 18_500;

export function samePresence(a: SimulatedPresence, b: SimulatedPresence): boolean {
  return (
    a.availability === b.availability &&
    a.activity === b.activity &&
    a.note === b.note &&
    a.outOfOffice === b.outOfOffice &&
    a.displayName === b.displayName
  );
}
