import type { Person, Roster } from '../../bridge/ports.js';

/** Whether two rosters say the same. People come in one order, so theirs counts. */
export function isSameRoster(a: Roster, b: Roster): boolean {
  return (
    a.people.length === b.people.length &&
    a.optedOut.size === b.optedOut.size &&
    a.people.every((person, index) => isSamePerson(person, b.people[index])) &&
    [...a.optedOut].every((key) => b.optedOut.has(key))
  );
}

function isSamePerson(a: Person, b: Person | undefined): boolean {
  return (
    b !== undefined &&
    a.uri === b.uri &&
    a.name === b.name &&
    a.displayName === b.displayName &&
    (a.otherNames ?? []).join('\n') === (b.otherNames ?? []).join('\n')
  );
}
