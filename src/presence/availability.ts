/** Our status words, most reachable first. `unknown` is a state of its own and never shown as reachable. */
export const STATUSES = [
  'available',
  'available-idle',
  'busy',
  'busy-idle',
  'do-not-disturb',
  'be-right-back',
  'away',
  'offline',
  'unknown',
] as const;

export type Status = (typeof STATUSES)[number];

interface Range {
  readonly status: Status;
  /** Lowest availability number of the range, inclusive. */
  readonly from: number;
  /** Number a client publishes for it. */
  readonly publishes: number;
}

/**
 * Availability numbers of OCS 2007 and later (MS-PRES, aggregateState). Ranges are compared, never single values:
 * servers and clients publish different numbers within one range.
 */
const RANGES: readonly Range[] = [
  { status: 'offline', from: 18000, publishes: 18500 },
  { status: 'away', from: 15000, publishes: 15500 },
  { status: 'be-right-back', from: 12000, publishes: 12500 },
  { status: 'do-not-disturb', from: 9000, publishes: 9500 },
  { status: 'busy-idle', from: 7500, publishes: 7500 },
  { status: 'busy', from: 6000, publishes: 6500 },
  { status: 'available-idle', from: 4500, publishes: 5000 },
  { status: 'available', from: 3000, publishes: 3500 },
];

/**
 * Status of an availability number. 0-2999, negative, fractional and absent numbers are `unknown`: sources disagree
 * whether they mean offline or available, and a guess must not turn green.
 */
export function statusOf(availability: number | undefined): Status {
  if (availability === undefined || !Number.isInteger(availability)) return 'unknown';
  for (const range of RANGES) if (availability >= range.from) return range.status;
  return 'unknown';
}

/** The number to publish for a status; `undefined` for `unknown`, which cannot be published. */
export function availabilityOf(status: Status): number | undefined {
  return RANGES.find((range) => range.status === status)?.publishes;
}

/** Position for sorting: 1 is most reachable. */
export function rankOf(status: Status): number {
  return STATUSES.indexOf(status) + 1;
}

export function isStatus(text: string): text is Status {
  return (STATUSES as readonly string[]).includes(text);
}

/** Standard activity tokens, lower case, as clients and servers send them. */
export const ACTIVITIES = [
  'on-the-phone',
  'in-a-conference',
  'in-a-meeting',
  'presenting',
  'urgent-interruptions-only',
  'be-right-back',
  'away',
  'out-to-lunch',
  'off-work',
  'out-of-office',
] as const;

export type Activity = (typeof ACTIVITIES)[number];

const ACTIVITY_BY_TOKEN: ReadonlyMap<string, Activity> = new Map<string, Activity>([
  ...ACTIVITIES.map((activity): [string, Activity] => [activity, activity]),
  // COMPAT(lync2010): the desktop client says "in-presentation", the web API "presenting".
  ['in-presentation', 'presenting'],
]);

/** Our activity for a token in any case; `undefined` for a token we do not know. */
export function activityOf(token: string): Activity | undefined {
  return ACTIVITY_BY_TOKEN.get(token) ?? ACTIVITY_BY_TOKEN.get(token.toLowerCase());
}
