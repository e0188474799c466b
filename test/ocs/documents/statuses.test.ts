import { describe, expect, test } from 'vitest';
import { readPresence } from '../../../src/ocs/documents/read-presence.js';
import { ACTIVITIES, availabilityOf, STATUSES, type Status } from '../../../src/presence/availability.js';
import { merge, unknownSnapshot } from '../../../src/presence/snapshot.js';
import {
  ANA,
  categoriesDocument,
  category,
  lcsDocument,
  pidfDocument,
  pidfTuple,
  rpidPerson,
  stateContent,
  xpidfDocument,
} from './samples.js';

const NOW = Date.UTC(2026, 0, 5, 9);

function shown(contentType: string, body: string): string {
  const { observations, refused } = readPresence(contentType, Buffer.from(body, 'utf8'), { now: NOW });
  const [observed] = observations;
  if (observed === undefined) throw refused[0] ?? new Error('nothing was read');
  const { status, activity, outOfOffice } = merge(unknownSnapshot(ANA), observed, {
    now: NOW,
    notes: false,
    authoritative: true,
  });
  return [status, activity, outOfOffice ? 'out' : ''].filter(Boolean).join(' ');
}

const PIDF = 'application/pidf+xml';
const XPIDF = 'application/xpidf+xml';
const LCS = 'text/xml+msrtc.pidf';
const CATEGORIES = 'application/msrtc-event-categories+xml';

describe('every status in a categories document', () => {
  const document = (status: Status, activity = '') =>
    categoriesDocument(category('state', stateContent(String(availabilityOf(status) ?? 0), activity)));

  test.each(STATUSES)('%s', (status) => {
    expect(shown(CATEGORIES, document(status))).toBe(status);
  });

  test.each(ACTIVITIES)('with the activity %s', (activity) => {
    const expected = activity === 'out-of-office' ? 'busy out-of-office out' : `busy ${activity}`;
    expect(shown(CATEGORIES, document('busy', `<activity token="${activity}"/>`))).toBe(expected);
  });
});

const IDLE = '<rpid:user-input>idle</rpid:user-input>';

/** A document says `basic` of its service and does all `activities`; no entry can be made for do-not-disturb alone. */
const IN_PIDF: readonly [basic: string, activities: string, rest: string, shown: string][] = [
  ['open', '', '', 'available'],
  ['open', '', IDLE, 'available-idle'],
  ['open', 'busy', '', 'busy'],
  ['open', 'busy', IDLE, 'busy-idle'],
  ['open', 'appointment', '', 'busy'],
  ['open', 'on-the-phone', '', 'busy on-the-phone'],
  ['open', 'on-the-phone', IDLE, 'busy on-the-phone'],
  ['open', 'meeting', '', 'busy in-a-meeting'],
  ['open', 'busy meeting', '', 'busy in-a-meeting'],
  ['open', 'meeting on-the-phone', '', 'busy in-a-conference'],
  ['open', 'performance', '', 'busy'],
  ['open', 'spectator', '', 'busy'],
  ['open', 'worship', '', 'busy'],
  ['open', 'presentation', '', 'do-not-disturb presenting'],
  ['open', 'presentation meeting on-the-phone', '', 'do-not-disturb presenting'],
  ['open', 'away', '', 'away away'],
  ['open', 'away', IDLE, 'away away'],
  ['open', 'away on-the-phone', '', 'away away'],
  ['open', 'breakfast', '', 'away away'],
  ['open', 'dinner', '', 'away away'],
  ['open', 'in-transit', '', 'away away'],
  ['open', 'playing', '', 'away away'],
  ['open', 'shopping', '', 'away away'],
  ['open', 'sleeping', '', 'away away'],
  ['open', 'steering', '', 'away away'],
  ['open', 'travel', '', 'away away'],
  ['open', 'tv', '', 'away away'],
  ['open', 'lunch', '', 'away out-to-lunch'],
  ['open', 'meal away', '', 'away out-to-lunch'],
  ['open', 'holiday', '', 'away off-work'],
  ['open', 'vacation', '', 'away out-of-office out'],
  ['open', 'vacation meal', '', 'away out-of-office out'],
  ['open', 'permanent-absence', '', 'offline out-of-office out'],
  ['open', 'working', '', 'available'],
  ['open', 'looking-for-work', '', 'available'],
  ['open', 'other', '', 'available'],
  ['open', 'unknown', '', 'available'],
  ['open', 'something-new', '', 'available'],
  ['closed', '', '', 'offline'],
  ['closed', '', IDLE, 'offline'],
  ['closed', 'on-the-phone', '', 'offline'],
  ['closed', 'vacation', '', 'offline out-of-office out'],
  ['maybe', '', '', 'unknown'],
  ['', 'away', '', 'away away'],
  ['', 'working', '', 'unknown'],
];

describe('every status in a PIDF document', () => {
  test.each(IN_PIDF)('%s, doing "%s" %s: %s', (basic, activities, rest, expected) => {
    const tuple = basic === '' ? '' : pidfTuple(basic);
    const names = activities.split(' ').filter(Boolean);
    expect(shown(PIDF, pidfDocument(tuple + rpidPerson(names, rest)))).toBe(expected);
  });

  test.each(IN_PIDF.filter(([basic]) => basic === 'open' || basic === 'closed'))(
    '%s, doing "%s" %s as a service: %s',
    (basic, activities, rest, expected) => {
      const doing = activities
        .split(' ')
        .filter(Boolean)
        .map((name) => `<rpid:${name}/>`)
        .join('');
      const tuple = pidfTuple(basic, `<rpid:activities>${doing}</rpid:activities>${rest}`);
      expect(shown(PIDF, pidfDocument(tuple))).toBe(expected);
    },
  );
});

const IN_XPIDF: readonly [status: string, substatus: string, shown: string][] = [
  ['open', '', 'available'],
  ['open', 'online', 'available'],
  ['open', 'idle', 'available-idle'],
  ['open', 'busy', 'busy'],
  ['open', 'onthephone', 'busy on-the-phone'],
  ['open', 'berightback', 'be-right-back be-right-back'],
  ['open', 'away', 'away away'],
  ['open', 'outtolunch', 'away out-to-lunch'],
  ['open', 'offline', 'offline'],
  ['open', 'unknown', 'unknown'],
  ['open', 'something-new', 'unknown'],
  ['inuse', '', 'busy'],
  ['inuse', 'busy', 'busy'],
  ['inuse', 'onthephone', 'busy on-the-phone'],
  ['inuse', 'online', 'busy'],
  ['inuse', 'unknown', 'busy'],
  ['inuse', 'something-new', 'busy'],
  ['inactive', '', 'away'],
  ['inactive', 'idle', 'available-idle'],
  ['inactive', 'away', 'away away'],
  ['inactive', 'online', 'away'],
  ['closed', '', 'offline'],
  ['closed', 'online', 'offline'],
  ['closed', 'away', 'offline'],
  ['', 'online', 'available'],
  ['', 'busy', 'busy'],
  ['', '', 'unknown'],
  ['something-new', '', 'unknown'],
  ['something-new', 'online', 'unknown'],
  ['something-new', 'busy', 'busy'],
  ['', 'something-new', 'unknown'],
  ['closed', 'something-new', 'offline'],
];

describe('every status in an XPIDF document', () => {
  test.each(IN_XPIDF)('%s and %s: %s', (status, substatus, expected) => {
    expect(shown(XPIDF, xpidfDocument(status, substatus))).toBe(expected);
  });
});

const IN_LCS: readonly [availability: string, activity: string, states: readonly number[], shown: string][] = [
  ['0', '400', [], 'offline'],
  ['99', '600', [3500], 'offline'],
  ['-1', '400', [], 'offline'],
  ['100', '400', [], 'unknown'],
  ['199', '200', [], 'unknown'],
  ['199', '600', [], 'busy'],
  ['199', '400', [9500], 'do-not-disturb'],
  ['200', '400', [], 'available'],
  ['399', '400', [], 'available'],
  ['400', '400', [], 'unknown'],
  ['300', '0', [], 'away away'],
  ['300', '99', [], 'away away'],
  ['300', '100', [], 'away away'],
  ['300', '149', [], 'away away'],
  ['300', '150', [], 'away out-to-lunch'],
  ['300', '199', [], 'away out-to-lunch'],
  ['300', '200', [], 'available-idle'],
  ['300', '299', [], 'available-idle'],
  ['300', '300', [], 'be-right-back be-right-back'],
  ['300', '399', [], 'be-right-back be-right-back'],
  ['300', '400', [], 'available'],
  ['300', '499', [], 'available'],
  ['300', '500', [], 'busy on-the-phone'],
  ['300', '599', [], 'busy on-the-phone'],
  ['300', '600', [], 'busy'],
  ['300', '699', [], 'busy'],
  ['300', '700', [], 'away away'],
  ['300', '799', [], 'away away'],
  ['300', '800', [], 'available'],
  ['300', '999', [], 'available'],
  ['300', '1000', [], 'unknown'],
  ['300', '-1', [], 'unknown'],
  ['300', '', [], 'unknown'],
  ['', '400', [], 'unknown'],
  ['', '', [], 'unknown'],
  ['x', '400', [], 'unknown'],
  ['300', '400', [9500], 'do-not-disturb'],
  ['300', '400', [7500], 'busy-idle'],
  ['300', '400', [3500], 'available'],
  ['300', '400', [6500, 15500], 'away'],
  ['300', '500', [6900], 'busy on-the-phone'],
  ['300', '500', [3500], 'busy on-the-phone'],
  ['300', '400', [18500], 'offline'],
  ['', '', [3500], 'unknown'],
  ['', '', [5000, 3500], 'unknown'],
  ['', '', [3500, 6500], 'busy'],
  ['300', '', [3500, 3500], 'unknown'],
  ['300', '1000', [3500], 'unknown'],
  ['100', '400', [3500], 'unknown'],
];

describe('every status in an LCS 2005 document', () => {
  test.each(IN_LCS)('availability %s, activity %s, states %j: %s', (availability, activity, states, expected) => {
    expect(shown(LCS, lcsDocument(availability, activity, states))).toBe(expected);
  });
});
