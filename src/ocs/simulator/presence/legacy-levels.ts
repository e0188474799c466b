import type { AggregateState } from './aggregate.js';

/** The two numbers of LCS 2005 (MS-SIP 2.2.1). */
export interface LegacyLevels {
  /** 0-99 offline, 100-199 maybe reachable, 200-299 device connected, 300-399 at the device. */
  readonly availability: number;
  readonly activity: number;
}

interface Row {
  /** Lowest number of the range, which reaches up to the next row. */
  readonly from: number;
  readonly state: AggregateState;
}

const OFFLINE: AggregateState = { availability: 18_500, activity: '' };
const OFFLINE_BELOW = 100;

/** What each range of `activity` means on the scale of MS-PRES. */
const ACTIVITIES: readonly Row[] = [
  { from: 0, state: { availability: 15_500, activity: '' } },
  { from: 200, state: { availability: 5000, activity: '' } },
  { from: 300, state: { availability: 12_500, activity: '' } },
  { from: 400, state: { availability: 3500, activity: '' } },
  { from: 500, state: { availability: 6500, activity: 'on-the-phone' } },
  { from: 600, state: { availability: 6500, activity: '' } },
  { from: 700, state: { availability: 15_500, activity: '' } },
  { from: 800, state: { availability: 3500, activity: '' } },
];

/** The scale of MS-PRES in numbers of LCS 2005. Do not disturb is shown as busy; only the user's own state says more. */
const LEVELS: readonly { readonly from: number; readonly activity: number }[] = [
  { from: 3000, activity: 400 },
  { from: 4500, activity: 200 },
  { from: 6000, activity: 600 },
  { from: 12_000, activity: 300 },
  { from: 15_000, activity: 100 },
];
const ON_THE_PHONE = 500;
const PRESENT = 300;
const GONE = 18_000;

/** What somebody says who publishes these numbers. */
export function stateOfLevels({ availability, activity }: LegacyLevels): AggregateState {
  if (availability < OFFLINE_BELOW) return OFFLINE;
  return ACTIVITIES.findLast(({ from }) => activity >= from)?.state ?? OFFLINE;
}

/** The numbers in which a watcher of LCS 2005 reads an aggregated state. */
export function levelsOf({ availability, activity }: AggregateState): LegacyLevels {
  const row = availability >= GONE ? undefined : LEVELS.findLast(({ from }) => availability >= from);
  if (!row) return { availability: 0, activity: 0 };
  const isCall = row.activity === 600 && activity === 'on-the-phone';
  return { availability: PRESENT, activity: isCall ? ON_THE_PHONE : row.activity };
}
