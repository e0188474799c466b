import type { Activity, Status } from './availability.js';

/** What decides how a presence reads in other programs' words. */
export interface Look {
  readonly status: Status;
  readonly activity: Activity | '';
  readonly outOfOffice: boolean;
}

/**
 * One presence in the words of other programs.
 * - `mistatus`: Communicator 2007 Automation API (MISTATUS).
 * - `lync`: Lync SDK (ContactAvailability and activity token).
 * - `graph`: Microsoft Graph (availability, activity).
 * - `rpid`: PIDF basic status (RFC 3863) and RPID activities (RFC 4480).
 */
export interface Vocabularies {
  readonly mistatus: { readonly value: number; readonly name: string };
  readonly lync: { readonly availability: number; readonly name: string; readonly activity: string };
  readonly graph: { readonly availability: string; readonly activity: string };
  /** `idle` is an element of its own there, not an activity. */
  readonly rpid: {
    readonly basic: 'open' | 'closed' | undefined;
    readonly activities: readonly string[];
    readonly idle: boolean;
  };
}

export const VOCABULARIES = ['mistatus', 'lync', 'graph', 'rpid'] as const satisfies readonly (keyof Vocabularies)[];

export type Vocabulary = (typeof VOCABULARIES)[number];

/** Values of MISTATUS (Communicator 2007 Automation API). */
export const MISTATUS = {
  UNKNOWN: 0x00,
  OFFLINE: 0x01,
  ONLINE: 0x02,
  BUSY: 0x0a,
  BE_RIGHT_BACK: 0x0e,
  AWAY: 0x22,
  ON_THE_PHONE: 0x32,
  OUT_TO_LUNCH: 0x42,
  IN_A_MEETING: 0x52,
  OUT_OF_OFFICE: 0x62,
  DO_NOT_DISTURB: 0x72,
  IN_A_CONFERENCE: 0x82,
  ALLOW_URGENT_INTERRUPTIONS: 0x92,
  MAY_BE_AVAILABLE: 0xa2,
} as const;

/** Values of ContactAvailability (Lync SDK). */
export const LYNC_AVAILABILITY = {
  None: 0,
  Free: 3500,
  FreeIdle: 5000,
  Busy: 6500,
  BusyIdle: 7500,
  DoNotDisturb: 9500,
  TemporarilyAway: 12500,
  Away: 15500,
  Offline: 18500,
} as const;

interface Row {
  readonly mistatus: keyof typeof MISTATUS;
  readonly lync: keyof typeof LYNC_AVAILABILITY;
  readonly graph: readonly [availability: string, activity: string];
  readonly rpid: readonly [basic: 'open' | 'closed' | undefined, ...activities: string[]];
}

const ROWS: Readonly<Record<Status, Row>> = {
  available: { mistatus: 'ONLINE', lync: 'Free', graph: ['Available', 'Available'], rpid: ['open'] },
  'available-idle': {
    mistatus: 'MAY_BE_AVAILABLE',
    lync: 'FreeIdle',
    graph: ['AvailableIdle', 'Inactive'],
    rpid: ['open'],
  },
  busy: { mistatus: 'BUSY', lync: 'Busy', graph: ['Busy', 'Busy'], rpid: ['open', 'busy'] },
  'busy-idle': { mistatus: 'BUSY', lync: 'BusyIdle', graph: ['BusyIdle', 'Busy'], rpid: ['open', 'busy'] },
  'do-not-disturb': {
    mistatus: 'DO_NOT_DISTURB',
    lync: 'DoNotDisturb',
    graph: ['DoNotDisturb', 'DoNotDisturb'],
    rpid: ['open', 'busy'],
  },
  'be-right-back': {
    mistatus: 'BE_RIGHT_BACK',
    lync: 'TemporarilyAway',
    graph: ['BeRightBack', 'BeRightBack'],
    rpid: ['open', 'away'],
  },
  away: { mistatus: 'AWAY', lync: 'Away', graph: ['Away', 'Away'], rpid: ['open', 'away'] },
  offline: { mistatus: 'OFFLINE', lync: 'Offline', graph: ['Offline', 'Offline'], rpid: ['closed'] },
  unknown: {
    mistatus: 'UNKNOWN',
    lync: 'None',
    graph: ['PresenceUnknown', 'PresenceUnknown'],
    rpid: [undefined, 'unknown'],
  },
};

type Change = Partial<Omit<Row, 'lync'>>;

/** What an activity changes of the row of a status with which it goes. */
const CHANGES: Partial<Record<Status, Partial<Record<Activity, Change>>>> = {
  busy: {
    'on-the-phone': { mistatus: 'ON_THE_PHONE', graph: ['Busy', 'InACall'], rpid: ['open', 'on-the-phone'] },
    'in-a-conference': {
      mistatus: 'IN_A_CONFERENCE',
      graph: ['Busy', 'InAConferenceCall'],
      rpid: ['open', 'on-the-phone', 'meeting'],
    },
    'in-a-meeting': { mistatus: 'IN_A_MEETING', graph: ['Busy', 'InAMeeting'], rpid: ['open', 'meeting'] },
    'urgent-interruptions-only': {
      mistatus: 'ALLOW_URGENT_INTERRUPTIONS',
      graph: ['DoNotDisturb', 'UrgentInterruptionsOnly'],
    },
  },
  'do-not-disturb': {
    presenting: { graph: ['DoNotDisturb', 'Presenting'], rpid: ['open', 'presentation'] },
    'urgent-interruptions-only': {
      mistatus: 'ALLOW_URGENT_INTERRUPTIONS',
      graph: ['DoNotDisturb', 'UrgentInterruptionsOnly'],
    },
  },
  away: {
    // The schema of RFC 4480 has no word for lunch alone.
    'out-to-lunch': { mistatus: 'OUT_TO_LUNCH', rpid: ['open', 'meal'] },
    'off-work': { graph: ['Away', 'OffWork'] },
  },
};

/**
 * A presence in all vocabularies. Out of office is a flag of its own: it changes MISTATUS and the activities of Graph and
 * RPID of somebody who is away, and never hides that a person is available, busy, offline or unknown.
 */
export function vocabulariesOf({ status, activity, outOfOffice }: Look): Vocabularies {
  const change = activity === '' ? undefined : CHANGES[status]?.[activity];
  const { mistatus, lync, graph, rpid } = { ...ROWS[status], ...change };
  const isOut = outOfOffice && status !== 'unknown';
  const name = isOut && status === 'away' ? 'OUT_OF_OFFICE' : mistatus;
  const [basic, ...activities] = rpid;
  return {
    mistatus: { value: MISTATUS[name], name: `MISTATUS_${name}` },
    lync: { availability: LYNC_AVAILABILITY[lync], name: lync, activity: status === 'unknown' ? '' : activity },
    graph: { availability: graph[0], activity: isOut ? 'OutOfOffice' : graph[1] },
    rpid: { basic, activities: isOut ? [...activities, 'vacation'] : activities, idle: status.endsWith('-idle') },
  };
}
