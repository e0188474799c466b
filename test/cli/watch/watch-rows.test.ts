import { describe, expect, test } from 'vitest';
import { activityText, nameOf, watchRows } from '../../../src/cli/watch/watch-rows.js';
import type { PersonPresence } from '../../../src/client/messages.js';

const person = (address: string, facts: Partial<PersonPresence> = {}): PersonPresence => ({
  address,
  status: 'available',
  outOfOffice: false,
  source: 'ocs',
  confirmed: true,
  ...facts,
});

describe('the rows of watch', () => {
  test('are those who were asked for in their order, then others by name, each person once', () => {
    const rows = watchRows({
      asked: [
        { query: 'Zoe', address: 'sip:zoe@x' },
        { query: 'Kim', reason: 'ambiguous' },
        { query: 'zoe@x', address: 'sip:zoe@x' },
      ],
      people: [person('sip:ben@x'), person('sip:ana@x'), person('sip:zoe@x')],
    });
    expect(rows.map((row) => (row.kind === 'person' ? row.person.address : `${row.query} ${row.reason}`))).toEqual([
      'sip:zoe@x',
      'Kim ambiguous',
      'sip:ana@x',
      'sip:ben@x',
    ]);
  });

  test.each([
    [{ name: 'CN=Ana Reyes/OU=Sales/O=Contoso' }, 'Ana Reyes/Sales/Contoso'],
    [{ displayName: 'Ana (guest)' }, 'Ana (guest)'],
    [{}, 'sip:a@x'],
    [{ displayName: 'A\u001b[2J\nna\u202e' }, 'A [2J na'],
  ])('call a person of %j "%s"', (facts, name) => {
    expect(nameOf(person('sip:a@x', facts))).toBe(name);
  });

  test('say in words what somebody does, and that they are out of office', () => {
    expect(activityText(person('sip:a@x', { activity: 'in-a-meeting', outOfOffice: true }))).toBe(
      'in-a-meeting, out of office',
    );
    expect(activityText(person('sip:a@x', { activity: 'in-a-meeting', activityText: 'Board\n' }))).toBe('Board');
    expect(activityText(person('sip:a@x'))).toBe('');
  });
});
