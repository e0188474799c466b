import type { Person, Roster } from '../../bridge/ports.js';
import { sameTexts } from '../../presence/same-texts.js';
import { STRETCH, type Steps } from '../steps.js';

/** Whether two rosters say the same. People come in one order, so theirs counts. */
export function* sameRoster(a: Roster, b: Roster): Steps<boolean> {
  if (a.people.length !== b.people.length || a.optedOut.size !== b.optedOut.size) return false;
  for (const [index, person] of a.people.entries()) {
    if (index % STRETCH === 0) yield;
    if (!isSamePerson(person, b.people[index])) return false;
  }
  let count = 0;
  for (const key of a.optedOut) {
    if (++count % STRETCH === 0) yield;
    if (!b.optedOut.has(key)) return false;
  }
  return true;
}

function isSamePerson(a: Person, b: Person | undefined): boolean {
  return (
    b !== undefined &&
    a.uri === b.uri &&
    a.name === b.name &&
    a.displayName === b.displayName &&
    sameTexts(a.otherNames, b.otherNames) &&
    sameTexts(a.mailAddresses, b.mailAddresses)
  );
}
