import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PERSON_ITEMS } from '../../../src/notes/fields.js';
import { personItems } from '../../../src/notes/items.js';
import { unknownSnapshot } from '../../../src/presence/snapshot.js';
import { person } from '../../support/people.js';

const guide = readFileSync('docs/guide/privacy.md', 'utf8');

test('the guide gives the purpose of every item that is stored of a person, and of no other', () => {
  const [, table = ''] = /## What is stored of a person([\s\S]*?)\n\nNever stored/.exec(guide) ?? [];
  const named = [...table.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell = '']) =>
    cell.replaceAll('`', '').split(', '),
  );
  expect(named.sort()).toEqual(Object.values(PERSON_ITEMS).sort());
});

test('a document has those items alone, and without notes none for the words of a person', () => {
  const who = person('sip:ana@contoso.example', 'CN=Ana Reyes/O=Contoso');
  const snapshot = { ...unknownSnapshot(who.uri), note: 'CanaryNote', activityText: 'CanaryText' };
  const record = { person: who, snapshot, observedAt: 0, bridge: 'b', epoch: 1, seq: 1, waitingSince: 0 };
  const all: readonly string[] = Object.values(PERSON_ITEMS);
  expect(Object.keys(personItems(record, { notes: true })).sort()).toEqual([...all].sort());
  const without = personItems(record, { notes: false });
  const words: readonly string[] = [PERSON_ITEMS.note, PERSON_ITEMS.activityText];
  expect(Object.keys(without).sort()).toEqual(all.filter((name) => !words.includes(name)).sort());
  expect(JSON.stringify(without)).not.toContain('Canary');
});
