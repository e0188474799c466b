import { describe, expect, test } from 'vitest';
import {
  ASSERTED_STATUSES,
  decidingWord,
  outweighs,
  spokenSnapshot,
} from '../../../src/bridge/engine/asserted-status.js';
import type { Assertion } from '../../../src/bridge/list-ports.js';
import { ACTIVITIES, STATUSES, type Status } from '../../../src/presence/availability.js';
import { type Snapshot, unknownSnapshot } from '../../../src/presence/snapshot.js';
import { person } from '../../support/people.js';

const ana = person('sip:ana@contoso.example');
const AT = Date.UTC(2026, 0, 5, 9, 0, 1, 700);

const ocsSays = (status: Status, more: Partial<Snapshot> = {}): Snapshot => ({
  ...unknownSnapshot(ana.uri),
  status,
  ...more,
});

function word(status: Assertion['status'], more: Partial<Assertion> = {}): Assertion {
  return { status, holder: 'calendar', setAt: AT, until: AT + 3_600_000, ...more };
}

/**
 * Which words count, written out: `+` always, `-` never, `a` only with an activity where OCS has none. Columns as in
 * `ASSERTED_STATUSES`: busy, do-not-disturb, be-right-back, away.
 */
const TABLE: Readonly<Record<Status, string>> = {
  available: '++++',
  'available-idle': '++++',
  busy: 'a+aa',
  'busy-idle': '++++',
  'do-not-disturb': '----',
  'be-right-back': '++++',
  away: '++++',
  offline: '++++',
  unknown: '----',
};

describe('a word of an application', () => {
  const pairs = STATUSES.flatMap((ocs) => ASSERTED_STATUSES.map((said, column) => [ocs, said, TABLE[ocs][column]]));

  test.each(pairs as [Status, Assertion['status'], string][])('over %s: %s (%s)', (ocs, said, mark) => {
    for (const activity of [undefined, ...ACTIVITIES]) {
      for (const ocsActivity of ['' as const, ...ACTIVITIES]) {
        const counts = mark === '+' || (mark === 'a' && activity !== undefined && ocsActivity === '');
        const one = { status: said, ...(activity === undefined ? {} : { activity }) };
        expect([activity, ocsActivity, outweighs(one, ocsSays(ocs, { activity: ocsActivity }))]).toEqual([
          activity,
          ocsActivity,
          counts,
        ]);
      }
    }
  });

  test('is the newest of those that count', () => {
    const words = [word('away'), word('busy', { activity: 'in-a-meeting' }), word('do-not-disturb')];
    expect(decidingWord(words, ocsSays('available'))).toBe(words[0]);
    expect(decidingWord(words, ocsSays('busy'))).toBe(words[1]);
    expect(decidingWord(words, ocsSays('busy', { activity: 'on-the-phone' }))).toBe(words[2]);
    expect(decidingWord(words, ocsSays('do-not-disturb'))).toBeUndefined();
  });

  test('is shown since it was said, in whole seconds, without the words that belong to the own status', () => {
    const ocs = ocsSays('available', { activityText: 'coding', note: 'back at ten', outOfOffice: true, since: 5_000 });
    expect(spokenSnapshot(word('busy', { activity: 'in-a-meeting' }), ocs)).toMatchObject({
      ...{ status: 'busy', activity: 'in-a-meeting', activityText: '', note: '', outOfOffice: true },
      since: Date.UTC(2026, 0, 5, 9, 0, 1),
    });
  });

  test('that somebody is out of the office is the mark as well, as with OCS', () => {
    expect(spokenSnapshot(word('away', { activity: 'out-of-office' }), ocsSays('offline')).outOfOffice).toBe(true);
  });
});
