import { describe, expect, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import { doubtOf, personPresence } from '../../../../src/bridge/api/people/person-answer.js';
import type { presenceSchema } from '../../../../src/bridge/api/people/presence-schemas.js';
import type { PersonPresence } from '../../../../src/client/messages.js';
import { VOCABULARIES } from '../../../../src/presence/vocabularies.js';
import { bridgeStatus } from '../../../support/bridge-status.js';
import { ANA } from '../../../support/http-server.js';
import { notesName } from '../../../support/people.js';

const name = notesName('CN=Ana Reyes/OU=Sales/O=Contoso');
const BUSY = { ...ANA, name, displayName: '', status: 'busy', observedAt: 1_767_600_000_500 } as const;

describe('what applications are told of a person', () => {
  test('is a confirmed status with its times and source, and nothing that is empty', () => {
    expect(personPresence(BUSY, 'not-confirmed')).toEqual({
      address: 'sip:ana@contoso.example',
      name,
      status: 'busy',
      outOfOffice: false,
      since: 1_767_600_000_000,
      observedAt: 1_767_600_000_500,
      source: 'ocs',
      confirmed: true,
    });
  });

  test('is the texts of activity and note where there are any', () => {
    const texts = { activity: 'in-a-meeting', activityText: 'Planning', note: 'Room 4', outOfOffice: true } as const;
    expect(personPresence({ ...BUSY, ...texts, source: 'application' }, 'not-confirmed')).toMatchObject({
      ...texts,
      source: 'application',
    });
  });

  test('is a display name only of people without a Notes name', () => {
    const displayed = { ...BUSY, displayName: 'Ana' };
    expect(personPresence(displayed, 'not-confirmed')).not.toHaveProperty('displayName');
    expect(personPresence({ ...displayed, name: undefined }, 'not-confirmed')).toMatchObject({ displayName: 'Ana' });
  });

  test.each([
    ['without a source', { source: 'none' }],
    ['without a moment of confirmation', { observedAt: undefined }],
  ] as const)('is unknown, why, and nothing else that stood there before, of somebody %s', (_what, change) => {
    const before = { ...BUSY, status: 'available', note: 'Room 4', activity: 'presenting', outOfOffice: true } as const;
    expect(personPresence({ ...before, ...change }, 'bridge-disconnected', ['mistatus'])).toEqual({
      address: 'sip:ana@contoso.example',
      name,
      status: 'unknown',
      outOfOffice: false,
      source: 'none',
      confirmed: false,
      reason: 'bridge-disconnected',
      words: { mistatus: { value: 0, name: 'MISTATUS_UNKNOWN' } },
    });
  });

  test('is in the words that are asked for', () => {
    expect(Object.keys(personPresence(BUSY, 'not-confirmed', VOCABULARIES).words ?? {})).toEqual(VOCABULARIES);
  });
});

test('the reason of doubt is standby, then the link, then the person', () => {
  const standby = { role: { state: 'standby', since: 1, holder: '' } } as const;
  const away = { ocs: { state: 'connecting', since: 1 } } as const;
  expect(doubtOf(bridgeStatus(1, { ...standby, ...away }))).toBe('bridge-standby');
  expect(doubtOf(bridgeStatus(1, away))).toBe('bridge-disconnected');
  expect(doubtOf(bridgeStatus(1))).toBe('not-confirmed');
});

test('answers and messages of streams have the same fields', () => {
  expectTypeOf<keyof z.infer<typeof presenceSchema>>().toEqualTypeOf<keyof PersonPresence>();
});
