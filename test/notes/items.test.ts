import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PersonRecord } from '../../src/bridge/ports.js';
import { PERSON_ITEMS } from '../../src/notes/fields.js';
import { personFromItems, personItems, personKeyOf } from '../../src/notes/items.js';
import { notesText } from '../../src/notes/notes-text.js';
import { ACTIVITIES, STATUSES } from '../../src/presence/availability.js';
import { awkwardText } from '../support/awkward-text.js';
import { notesName, person } from '../support/people.js';

const WITH_NOTES = { notes: true };
const AT = Date.UTC(2026, 0, 5, 9, 30, 0);

function record(change: Partial<PersonRecord['snapshot']> = {}, who = person('ana@contoso.example')): PersonRecord {
  return {
    person: who,
    snapshot: {
      uri: who.uri,
      status: 'busy',
      activity: 'on-the-phone',
      activityText: 'Call with Zürich',
      outOfOffice: false,
      note: 'In Zürich',
      displayName: 'Ana Reyes',
      since: AT,
      stateAt: AT + 1,
      noteAt: undefined,
      ...change,
    },
    observedAt: AT + 60_000,
    bridge: 'bridge-1',
    epoch: 4,
    seq: 17,
    waitingSince: AT,
  };
}

describe('personItems', () => {
  test('writes the items of the Presence form', () => {
    const ana = person('Ana@Contoso.example', 'Ana Reyes/Sales/Contoso');
    expect(personItems(record({}, ana), WITH_NOTES)).toEqual({
      Form: 'Presence',
      SipKey: ana.key,
      SipAddress: 'sip:ana@contoso.example',
      PersonName: { type: 'text', data: 'CN=Ana Reyes/OU=Sales/O=Contoso', names: true },
      OtherNames: { type: 'text', data: '', names: true },
      MailAddress: '',
      DisplayName: '',
      Status: 'busy',
      StatusRank: 3,
      Activity: 'on-the-phone',
      OutOfOffice: '',
      ActivityText: 'Call with Zürich',
      Note: 'In Zürich',
      StatusSince: { type: 'datetime', data: '2026-01-05T09:30:00Z' },
      ObservedAt: { type: 'datetime', data: '2026-01-05T09:31:00Z' },
      Bridge: 'bridge-1',
      Epoch: 4,
      Seq: 17,
      SchemaVersion: 1,
    });
  });

  test('holds no note and no own words unless notes are turned on', () => {
    const names = Object.keys(personItems(record(), { notes: false }));
    expect(names.filter((name) => ['Note', 'ActivityText'].includes(name))).toEqual([]);
  });

  test('names people without a Notes name by their display name', () => {
    expect(personItems(record(), WITH_NOTES)).toMatchObject({ DisplayName: 'Ana Reyes', PersonName: { data: '' } });
    const listed = { ...person('ana@contoso.example'), displayName: 'Ana (list)' };
    expect(personItems(record({ displayName: '' }, listed), WITH_NOTES)).toMatchObject({ DisplayName: 'Ana (list)' });
  });

  test('writes empty text for what is not there, so that an older value goes away', () => {
    expect(personItems(record({ since: undefined, activity: '' }), WITH_NOTES)).toMatchObject({
      StatusSince: '',
      Activity: '',
    });
  });

  test('cuts moments to whole seconds and leaves out impossible ones', () => {
    expect(personItems(record({ since: AT + 999 }), WITH_NOTES)['StatusSince']).toEqual({
      type: 'datetime',
      data: '2026-01-05T09:30:00Z',
    });
    expect(personItems(record({ since: Number.MAX_VALUE }), WITH_NOTES)['StatusSince']).toBe('');
  });
});

describe('personFromItems', () => {
  test('reads back all that personItems wrote', () => {
    const records = fc
      .record({
        status: fc.constantFrom(...STATUSES),
        activity: fc.constantFrom('' as const, ...ACTIVITIES),
        activityText: awkwardText.map((text) => notesText(text)),
        outOfOffice: fc.boolean(),
        note: awkwardText.map((text) => notesText(text)),
        displayName: awkwardText.map((text) => notesText(text)),
        since: fc.option(fc.integer({ min: 0, max: 4_000_000_000 }), { nil: undefined }),
        name: fc.option(fc.constantFrom('CN=Ana Reyes/O=Contoso', 'CN=Bo/OU=R&D/O=Größe'), { nil: undefined }),
        others: fc.subarray(['CN=Ana Gray/O=Contoso', 'CN=Anna Reyes/OU=Sales/O=Contoso'].map(notesName)),
        mails: fc.subarray(['ana@mail.example', 'reyes@mail.example']),
        epoch: fc.nat(),
        seq: fc.nat(),
      })
      .map(({ name, others, mails, epoch, seq, ...snapshot }): PersonRecord => {
        const who = { ...person('ana@contoso.example', name), otherNames: others, mailAddresses: mails };
        const since = snapshot.since === undefined ? undefined : snapshot.since * 1000;
        // The display name is stored only for people without a Notes name.
        const displayName = name === undefined ? snapshot.displayName : '';
        return { ...record({ ...snapshot, since, displayName }, who), epoch, seq };
      });
    fc.assert(
      fc.property(records, (written) => {
        const read = personFromItems(personItems(written, WITH_NOTES));
        expect(read).toEqual({
          key: written.person.key,
          uri: written.person.uri,
          name: written.person.name,
          otherNames: written.person.otherNames ?? [],
          mailAddresses: written.person.mailAddresses ?? [],
          snapshot: { ...written.snapshot, stateAt: undefined, noteAt: undefined },
          bridge: written.bridge,
          epoch: written.epoch,
          seq: written.seq,
        });
      }),
    );
  });

  test('reads names and text in shorthand, spelled out, or as a list', () => {
    const items = personItems(record({}, person('ana@contoso.example', 'Ana Reyes/Contoso')), WITH_NOTES);
    const shorthand = {
      ...items,
      PersonName: ['CN=Ana Reyes/O=Contoso'],
      Status: { type: 'text', data: 'away' },
    } as const;
    expect(personFromItems(shorthand)).toMatchObject({ name: 'CN=Ana Reyes/O=Contoso', snapshot: { status: 'away' } });
  });

  test('a status, activity or moment that nobody knows reads as not there', () => {
    const items = {
      ...personItems(record(), WITH_NOTES),
      Status: 'green',
      Activity: 'dancing',
      StatusSince: 'soon',
      Epoch: 'x',
    };
    expect(personFromItems(items)).toMatchObject({
      snapshot: { status: 'unknown', activity: '', since: undefined },
      epoch: 0,
    });
  });

  test('a stamp that no bridge reaches reads as none, so that it cannot raise every later one', () => {
    const items = { ...personItems(record(), WITH_NOTES), Epoch: 1e300, Seq: -1 };
    expect(personFromItems(items)).toMatchObject({ epoch: 0, seq: 0 });
  });

  test('a document without a readable address is nobody', () => {
    expect(personFromItems({ ...personItems(record(), WITH_NOTES), SipAddress: 'nonsense' })).toBeUndefined();
    expect(personFromItems({})).toBeUndefined();
  });
});

describe('personKeyOf', () => {
  const items = personItems(record(), WITH_NOTES);
  const { key } = person('ana@contoso.example');

  test('is the stored key, or else that of the address', () => {
    expect(personKeyOf(items)).toBe(key);
    expect(personKeyOf({ ...items, [PERSON_ITEMS.key]: 'spoilt' })).toBe(key);
    expect(personKeyOf({ ...items, [PERSON_ITEMS.address]: 'spoilt' })).toBe(key);
    expect(personKeyOf({ Form: 'Presence' })).toBeUndefined();
  });
});
