import { expect, test } from 'vitest';
import { PeopleJournal } from '../../../../src/bridge/api/stream/people-journal.js';
import { notesName, sip } from '../../../support/people.js';

const somebody = (user: string, name = 'Ana/Sales') => ({
  uri: sip(`sip:${user}@contoso.example`),
  name: notesName(name),
  displayName: '',
  observedAt: 1 as number | undefined,
});
const ANA = somebody('ana');
const BEN = somebody('ben');

test('all who are noted together changed at once, and later than all before', () => {
  const journal = new PeopleJournal();
  journal.note([ANA.uri]);
  const before = journal.changedAt(ANA.uri);
  journal.note([ANA.uri, BEN.uri]);
  expect(journal.changedAt(ANA.uri)).toBeGreaterThan(before);
  expect([journal.changedAt(ANA.uri), journal.changedAt(BEN.uri)]).toEqual([journal.sequence, journal.sequence]);
});

test('nobody spoke of others', () => {
  expect(new PeopleJournal().changedAt(ANA.uri)).toBe(0);
});

test('who comes and who bears another name changed, who stays did not', () => {
  const journal = new PeopleJournal();
  expect([...journal.follow([ANA])]).toEqual([ANA.uri]);
  const { sequence } = journal;
  expect([...journal.follow([ANA])]).toEqual([]);
  expect(journal.sequence).toBe(sequence);
  expect([...journal.follow([somebody('ana', 'Ana Reyes/Sales'), BEN])]).toEqual([ANA.uri, BEN.uri]);
});

test('who left is forgotten, and who comes back changed', () => {
  const journal = new PeopleJournal();
  journal.follow([ANA, BEN]);
  journal.follow([BEN]);
  expect(journal.changedAt(ANA.uri)).toBe(0);
  expect([...journal.follow([ANA, BEN])]).toEqual([ANA.uri]);
});

test('who left and came back unseen is not taken for confirmed', () => {
  const journal = new PeopleJournal();
  journal.follow([ANA]);
  expect([...journal.follow([{ ...ANA, observedAt: undefined }])]).toEqual([ANA.uri]);
});
