import { describe, expect, test } from 'vitest';
import { DocumentTable } from '../../../src/cli/preview/document-table.js';
import { SampleOffice, STILL_MOMENT } from '../../../src/cli/preview/sample-office.js';
import { FORMS, HEARTBEAT_ITEMS, PERSON_ITEMS } from '../../../src/notes/fields.js';
import { isConflict, numberOf, textOf } from '../../../src/notes/item-access.js';
import type { Items } from '../../../src/notes/item-value.js';

const REACHABLE = ['available', 'available-idle'];

/** What each heartbeat says, and what the documents of its bridge say. */
function countsOf(documents: DocumentTable): { readonly told: unknown; readonly held: unknown } {
  const all = [...documents.entries()].map(([, items]) => items);
  const of = (form: string): Items[] => all.filter((items) => textOf(items, 'Form') === form && !isConflict(items));
  const told = of(FORMS.heartbeat).map((beat) => [
    textOf(beat, HEARTBEAT_ITEMS.bridge),
    numberOf(beat, HEARTBEAT_ITEMS.people),
    numberOf(beat, HEARTBEAT_ITEMS.reachable),
    numberOf(beat, HEARTBEAT_ITEMS.unknown),
  ]);
  const held = of(FORMS.heartbeat).map((beat) => {
    const bridge = textOf(beat, HEARTBEAT_ITEMS.bridge);
    const people = of(FORMS.person).filter((items) => textOf(items, PERSON_ITEMS.bridge) === bridge);
    const count = (statuses: readonly string[]): number =>
      people.filter((items) => statuses.includes(textOf(items, PERSON_ITEMS.status))).length;
    return [bridge, people.length, count(REACHABLE), count(['unknown'])];
  });
  return { told, held };
}

describe('made-up office', () => {
  test.each([2, 40, 300])('the heartbeats of an office of %i people count its documents', (people) => {
    const documents = new DocumentTable();
    new SampleOffice(documents, STILL_MOMENT, people);
    const { told, held } = countsOf(documents);
    expect(told).toEqual(held);
  });

  test('a heartbeat counts those who moved meanwhile', () => {
    const documents = new DocumentTable();
    const office = new SampleOffice(documents, STILL_MOMENT);
    for (let step = 1; step <= 50; step += 1) office.move(STILL_MOMENT + step * 1_000);
    office.beat(STILL_MOMENT + 60_000);
    const { told, held } = countsOf(documents);
    expect(told).toEqual(held);
  });
});
