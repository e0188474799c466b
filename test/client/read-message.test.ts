import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PresenceError } from '../../src/client/presence-error.js';
import { readMessage } from '../../src/client/read-message.js';
import { UNKNOWN_WORDS, unknownPresence } from '../../src/client/unknown-presence.js';
import { vocabulariesOf } from '../../src/presence/vocabularies.js';
import { presence } from './follow-model.js';

const ANA = presence('sip:ana@contoso.example');
const read = (message: object) => readMessage(JSON.stringify(message));
const changes = (person: object) => read({ type: 'changes', cursor: 'c', at: 1, people: [person] });

describe('messages', () => {
  test('of the bridge are taken with all that they hold', () => {
    const message = {
      type: 'snapshot',
      at: 1,
      freshUntil: 2,
      asked: [],
      people: [ANA],
      cursor: 'c',
      more: true,
      new: 1,
    };
    expect(read(message)).toEqual(message);
  });

  test('of other types are passed over', () => {
    expect(read({ type: 'welcome', views: [] })).toBeUndefined();
  });

  test('with a word for a status that nobody knows say unknown', () => {
    expect(changes({ ...ANA, status: 'very-available' })).toMatchObject({ people: [{ status: 'unknown' }] });
    expect(changes({ ...ANA, status: 'constructor' })).toMatchObject({ people: [{ status: 'unknown' }] });
  });

  test('that say available of somebody who is not confirmed say unknown', () => {
    expect(changes({ ...ANA, confirmed: false })).toMatchObject({ people: [{ status: 'unknown', confirmed: false }] });
  });

  test.each([
    'x',
    '[]',
    'null',
    '{"type":"changes"}',
    '{"type":"changes","cursor":1,"at":1,"people":[]}',
    '{"type":"changes","cursor":"c","at":null,"people":[]}',
    '{"type":"changes","cursor":"c","at":1,"people":[{}]}',
    '{"type":"snapshot","at":1,"freshUntil":2,"people":{}}',
    '{"type":"snapshot","at":1,"freshUntil":2,"asked":[{}],"people":[]}',
    '{"type":"status","now":1}',
    '{"type":"message","at":1,"from":"x"}',
    '{"type":"error"}',
  ])('that no bridge sends are refused: %s', (text) => {
    if (text === '[]') expect(readMessage(text)).toBeUndefined();
    else expect(() => readMessage(text)).toThrow(expect.objectContaining({ code: 'CLIENT_ANSWER' }));
  });

  // Whoever draws many people must not stumble over one, and leave the others green.
  test.each([
    { name: 1 },
    { displayName: [] },
    { note: {} },
    { activityText: null },
    { activity: 7 },
    { since: 'today' },
    { since: 1e300 },
    { observedAt: -1e16 },
    { words: 'busy' },
    { words: null },
  ])('of a person with what nobody can show are refused: %j', (part) => {
    expect(() => changes({ ...ANA, ...part })).toThrow(expect.objectContaining({ code: 'CLIENT_ANSWER' }));
  });

  test('that are too long are refused unread', () => {
    expect(() => readMessage(' '.repeat(16 * 1024 * 1024 + 1))).toThrow(
      expect.objectContaining({ code: 'CLIENT_LIMIT' }),
    );
  });

  test('of any content are read, passed over or refused', () => {
    const type = fc.constantFrom('snapshot', 'changes', 'status', 'message', 'error', 'other');
    const fields = fc.dictionary(
      fc.constantFrom('at', 'now', 'freshUntil', 'people', 'asked', 'cursor'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(type, fields, (name, rest) => {
        try {
          readMessage(JSON.stringify({ ...rest, type: name }));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(PresenceError);
        }
      }),
    );
  });
});

describe('somebody whom nothing confirms', () => {
  test('keeps the name and loses all else', () => {
    const told = {
      ...ANA,
      name: 'CN=Ana',
      note: 'secret',
      since: 1,
      activity: 'in-a-meeting',
      outOfOffice: true,
    } as const;
    expect(unknownPresence(told)).toEqual({
      address: ANA.address,
      name: 'CN=Ana',
      status: 'unknown',
      outOfOffice: false,
      source: 'none',
      confirmed: false,
      reason: 'not-confirmed',
    });
  });

  test('is unknown in the words of other programs too', () => {
    const { mistatus, lync, graph, rpid } = vocabulariesOf({ status: 'unknown', activity: '', outOfOffice: false });
    const { activity: _, ...availability } = lync;
    const { basic: __, ...activities } = rpid;
    expect(UNKNOWN_WORDS).toEqual({ mistatus, lync: availability, graph, rpid: activities });
    const words = { graph: { availability: 'Available', activity: 'Available' } };
    expect(unknownPresence({ ...ANA, words }).words).toEqual({ graph: UNKNOWN_WORDS.graph });
  });
});
