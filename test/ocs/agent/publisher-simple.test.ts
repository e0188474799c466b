import { describe, expect, test } from 'vitest';
import {
  newSimplePublisher,
  type SimplePublisherEffect,
  type SimplePublisherEvent,
  stepSimplePublisher,
} from '../../../src/ocs/agent/publisher-simple.js';
import { readPidf } from '../../../src/ocs/documents/pidf.js';
import { writePidf } from '../../../src/ocs/documents/pidf-write.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { merge, unknownSnapshot } from '../../../src/presence/snapshot.js';
import { sip } from '../../support/people.js';

const BUSY = { status: 'busy' } as const;
const want = (goal: number, status: typeof BUSY | undefined = BUSY): SimplePublisherEvent => ({
  type: 'want',
  status,
  goal,
});
const accepted = (etag: string): SimplePublisherEvent => ({ type: 'accepted', etag, expires: 100 });
const clear: SimplePublisherEvent = { type: 'want', status: undefined, goal: 9 };

/** Feeds events one after the other; gives the effects of the last. */
function last(...events: readonly SimplePublisherEvent[]): readonly SimplePublisherEffect[] {
  let state = newSimplePublisher();
  let effects: readonly SimplePublisherEffect[] = [];
  for (const event of events) ({ state, effects } = stepSimplePublisher(state, event));
  return effects;
}

describe('a publication with an entity-tag', () => {
  test('is made, refreshed without a body, changed, and removed', () => {
    expect(last(want(1))).toEqual([{ type: 'publish', kind: 'initial', status: BUSY, etag: undefined, expires: 600 }]);
    expect(last(want(1), accepted('a'))).toEqual([
      { type: 'arm', timer: 'refresh', delay: 75_000 },
      { type: 'settled', goal: 1, error: undefined, kept: true },
    ]);
    expect(last(want(1), accepted('a'), { type: 'refresh-due' })).toMatchObject([
      { kind: 'refresh', status: undefined, etag: 'a' },
    ]);
    expect(last(want(1), accepted('a'), { type: 'refresh-due' }, accepted('b'), want(2))).toMatchObject([
      { kind: 'modify', status: BUSY, etag: 'b' },
    ]);
    expect(last(want(1), accepted('a'), clear)).toMatchObject([{ kind: 'remove', etag: 'a', expires: 0 }]);
  });

  test('is made anew when the server has forgotten it, but not for ever', () => {
    const forgotten: SimplePublisherEvent = { type: 'forgotten' };
    expect(last(want(1), accepted('a'), want(2), forgotten)).toMatchObject([{ kind: 'initial', etag: undefined }]);
    expect(last(want(1), accepted('a'), { type: 'refresh-due' }, forgotten)).toMatchObject([
      { kind: 'initial', status: BUSY },
    ]);
    expect(last(want(1), forgotten, forgotten, forgotten)).toMatchObject([
      { type: 'settled', kept: false, error: { code: 'OCS_PUBLISH' } },
    ]);
  });

  test('that is to be removed and is gone already is no failure', () => {
    expect(last(want(1), accepted('a'), clear, { type: 'forgotten' })).toEqual([
      { type: 'settled', goal: 9, error: undefined, kept: true },
    ]);
    expect(last(clear)).toMatchObject([{ type: 'settled', goal: 9 }]);
  });

  test('lasts as long as the server wants', () => {
    expect(last(want(1), { type: 'too-brief', minExpires: 7_200 })).toMatchObject([{ expires: 7_200 }]);
  });

  test('is tried again later after a failure of the moment', () => {
    const error = new BridgeError('OCS_PUBLISH', 'no');
    const refused = { type: 'refused', error, passing: true } as const;
    expect(last(want(1), refused)).toEqual([
      { type: 'settled', goal: 1, error, kept: true },
      { type: 'arm', timer: 'retry', delay: 30_000 },
    ]);
    expect(last(want(1), refused, { type: 'retry-due' })).toMatchObject([{ type: 'publish' }]);
    expect(last(want(1), { ...refused, passing: false }, { type: 'retry-due' })).toEqual([]);
  });

  test('has one request under way, and then the newest wish', () => {
    expect(last(want(1), want(2))).toEqual([]);
    expect(last(want(1), want(2), want(3), accepted('a'))).toMatchObject([
      { type: 'arm' },
      { type: 'settled', goal: 1 },
      { type: 'publish', kind: 'modify', etag: 'a' },
    ]);
  });
});

test.each([
  ['available', undefined, 'available', ''],
  ['busy', undefined, 'busy', ''],
  ['busy', 'in-a-meeting', 'busy', 'in-a-meeting'],
  ['busy', 'on-the-phone', 'busy', 'on-the-phone'],
  ['do-not-disturb', 'presenting', 'do-not-disturb', 'presenting'],
  ['away', 'out-to-lunch', 'away', 'out-to-lunch'],
  ['away', undefined, 'away', 'away'],
  ['offline', undefined, 'offline', ''],
] as const)('%s with %s is written so that a reader of PIDF sees %s with "%s"', (status, activity, seen, word) => {
  const entity = sip('bridge@contoso.example');
  const body = writePidf({ entity, id: '5f0c9a1b2d', status, activity, activityText: '', note: 'Röom <4>' });
  const snapshot = merge(unknownSnapshot(entity), readPidf(body), { now: 0, notes: true, authoritative: true });
  expect(snapshot).toMatchObject({ uri: entity, status: seen, activity: word, note: 'Röom <4>' });
});
