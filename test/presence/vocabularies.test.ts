import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  ACTIVITIES,
  type Activity,
  availabilityOf,
  STATUSES,
  type Status,
  statusOf,
} from '../../src/presence/availability.js';
import { LYNC_AVAILABILITY, MISTATUS, vocabulariesOf } from '../../src/presence/vocabularies.js';

/** Status, activity, MISTATUS, Lync number, Graph, PIDF and RPID: the table that all programs agree on. */
const TABLE: readonly (readonly [Status, Activity | '', number, number, string, string])[] = [
  ['available', '', 2, 3500, 'Available/Available', 'open'],
  ['available-idle', '', 162, 5000, 'AvailableIdle/Inactive', 'open idle'],
  ['busy', '', 10, 6500, 'Busy/Busy', 'open busy'],
  ['busy', 'on-the-phone', 50, 6500, 'Busy/InACall', 'open on-the-phone'],
  ['busy', 'in-a-conference', 130, 6500, 'Busy/InAConferenceCall', 'open on-the-phone meeting'],
  ['busy', 'in-a-meeting', 82, 6500, 'Busy/InAMeeting', 'open meeting'],
  ['busy', 'urgent-interruptions-only', 146, 6500, 'DoNotDisturb/UrgentInterruptionsOnly', 'open busy'],
  ['busy-idle', '', 10, 7500, 'BusyIdle/Busy', 'open busy idle'],
  ['do-not-disturb', '', 114, 9500, 'DoNotDisturb/DoNotDisturb', 'open busy'],
  ['do-not-disturb', 'presenting', 114, 9500, 'DoNotDisturb/Presenting', 'open presentation'],
  ['be-right-back', '', 14, 12500, 'BeRightBack/BeRightBack', 'open away'],
  ['away', '', 34, 15500, 'Away/Away', 'open away'],
  ['away', 'out-to-lunch', 66, 15500, 'Away/Away', 'open meal'],
  ['away', 'off-work', 34, 15500, 'Away/OffWork', 'open away'],
  ['offline', '', 1, 18500, 'Offline/Offline', 'closed'],
  ['unknown', '', 0, 0, 'PresenceUnknown/PresenceUnknown', ' unknown'],
];

const look = fc.record({
  status: fc.constantFrom(...STATUSES),
  activity: fc.constantFrom('' as const, ...ACTIVITIES),
  outOfOffice: fc.boolean(),
});

describe('vocabularies', () => {
  test.each(TABLE)('%s %s', (status, activity, mistatus, lync, graph, rpid) => {
    const words = vocabulariesOf({ status, activity, outOfOffice: false });
    expect([
      words.mistatus.value,
      words.lync.availability,
      `${words.graph.availability}/${words.graph.activity}`,
      [words.rpid.basic ?? '', ...words.rpid.activities, ...(words.rpid.idle ? ['idle'] : [])].join(' '),
    ]).toEqual([mistatus, lync, graph, rpid]);
    expect(words.lync.activity).toBe(activity);
  });

  test('out of office is told wherever a vocabulary has a word for it, and hides nothing', () => {
    expect(vocabulariesOf({ status: 'away', activity: '', outOfOffice: true })).toMatchObject({
      mistatus: { name: 'MISTATUS_OUT_OF_OFFICE', value: 98 },
      graph: { availability: 'Away', activity: 'OutOfOffice' },
      rpid: { activities: ['away', 'vacation'] },
    });
    expect(vocabulariesOf({ status: 'available', activity: '', outOfOffice: true })).toMatchObject({
      mistatus: { name: 'MISTATUS_ONLINE' },
      graph: { availability: 'Available', activity: 'OutOfOffice' },
    });
    expect(vocabulariesOf({ status: 'unknown', activity: '', outOfOffice: true })).toEqual(
      vocabulariesOf({ status: 'unknown', activity: '', outOfOffice: false }),
    );
  });

  test('every number from OCS reads alike in all of them', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20_000 }), (number) => {
        const status = statusOf(number);
        const words = vocabulariesOf({ status, activity: '', outOfOffice: false });
        expect(words.lync.availability).toBe(
          status === 'unknown' ? 0 : LYNC_AVAILABILITY[words.lync.name as keyof typeof LYNC_AVAILABILITY],
        );
        // Lync publishes a number of the same range as we do.
        expect(statusOf(words.lync.availability)).toBe(status);
        expect(words.lync.availability === 0).toBe(availabilityOf(status) === undefined);
      }),
    );
  });

  test('only somebody who is available reads as available, whatever else is said', () => {
    fc.assert(
      fc.property(look, (one) => {
        const { mistatus, lync, graph } = vocabulariesOf(one);
        const isAvailable = one.status === 'available';
        expect([mistatus.value === MISTATUS.ONLINE, lync.name === 'Free', graph.availability === 'Available']).toEqual([
          isAvailable,
          isAvailable,
          isAvailable,
        ]);
      }),
    );
  });

  test('an activity that does not go with a status changes nothing but the token for Lync', () => {
    expect(vocabulariesOf({ status: 'offline', activity: 'on-the-phone', outOfOffice: false })).toMatchObject({
      mistatus: { name: 'MISTATUS_OFFLINE' },
      graph: { availability: 'Offline', activity: 'Offline' },
    });
  });
});
