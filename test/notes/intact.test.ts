import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PersonRecord } from '../../src/bridge/ports.js';
import { isIntact } from '../../src/notes/intact.js';
import type { Items, ItemValue } from '../../src/notes/item-value.js';
import { personFromItems, personItems } from '../../src/notes/items.js';
import { ACTIVITIES, STATUSES } from '../../src/presence/availability.js';
import { awkwardText } from '../support/awkward-text.js';
import { notesName, person } from '../support/people.js';

const AT = Date.UTC(2026, 0, 5, 9, 30, 0);
const ANA = { ...person('ana@contoso.example', 'Ana Reyes/Contoso'), otherNames: [notesName('Ana Gray/Contoso')] };

function record(change: Partial<PersonRecord['snapshot']> = {}, who: PersonRecord['person'] = ANA): PersonRecord {
  const snapshot = {
    uri: who.uri,
    status: 'busy',
    activity: 'on-the-phone',
    activityText: '',
    outOfOffice: false,
    note: '',
    displayName: '',
    since: AT,
    stateAt: undefined,
    noteAt: undefined,
    ...change,
  } as const;
  return { person: who, snapshot, observedAt: AT, bridge: 'bridge-1', epoch: 4, seq: 17, waitingSince: AT };
}

function intact(items: Items, notes = false): boolean {
  const read = personFromItems(items);
  return read !== undefined && isIntact(items, read, { notes });
}

const written = personItems(record(), { notes: false });

const COMPARED = ['SipAddress', 'Bridge', 'PersonName', 'OtherNames', 'Activity', 'StatusSince'];

describe('isIntact', () => {
  test('what a bridge wrote is intact, whatever it wrote', () => {
    const records = fc.record({
      status: fc.constantFrom(...STATUSES),
      activity: fc.constantFrom('' as const, ...ACTIVITIES),
      activityText: awkwardText,
      outOfOffice: fc.boolean(),
      note: awkwardText,
      displayName: awkwardText,
      since: fc.option(fc.integer({ min: 0, max: 4_000_000_000_000 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(records, fc.constantFrom(ANA, person('ben@contoso.example')), fc.boolean(), (change, who, notes) => {
        expect(intact(personItems(record(change, who), { notes }), notes)).toBe(true);
      }),
    );
  });

  const edits: readonly (readonly [string, ItemValue])[] = [
    ['SipKey', 'spoilt'],
    ['PersonName', ['CN=Ana Reyes/O=Contoso', 'CN=Somebody Else/O=Contoso']],
    ['PersonName', 'Ana'],
    ['OtherNames', 'no name at all'],
    ['DisplayName', 'Nickname'],
    ['Status', 'green'],
    ['Status', ['busy', 'available']],
    ['StatusRank', 1],
    ['StatusRank', '3'],
    ['Activity', 'dancing'],
    ['OutOfOffice', 'yes'],
    ['StatusSince', 'yesterday'],
    ['ObservedAt', ''],
    ['Epoch', 1e300],
    ['SchemaVersion', 0],
    ['Note', 'planted'],
    ['ActivityText', 'planted'],
  ];
  for (const [item, value] of edits) {
    test(`${item} edited to ${JSON.stringify(value)} is noticed`, () => {
      expect(intact({ ...written, [item]: value })).toBe(false);
    });
  }

  test('an item that is gone is noticed, unless it was empty', () => {
    for (const item of Object.keys(written)) {
      const { [item]: value, ...rest } = written;
      const isEmpty = value === '' || (typeof value === 'object' && 'data' in value && value.data === '');
      // Without an address the document is nobody's; what it then says of these is compared with what it should say.
      if (COMPARED.includes(item)) continue;
      expect([item, intact(rest)]).toEqual([item, isEmpty]);
    }
  });

  test('items of others do not count', () => {
    expect(intact({ ...written, Room: '4.12', $UpdatedBy: ['CN=Somebody/O=Contoso'] })).toBe(true);
  });

  test('the spellings of drivers do not count', () => {
    const spelled: Items = {
      ...written,
      PersonName: 'CN=Ana Reyes/O=Contoso',
      OtherNames: ['CN=Ana Gray/O=Contoso'],
      Status: { type: 'text', data: ['busy'] },
      StatusRank: [3],
      OutOfOffice: [''],
      StatusSince: { type: 'datetime', data: '2026-01-05T10:30:00.00+01:00' },
    };
    expect(intact(spelled)).toBe(true);
  });
});
