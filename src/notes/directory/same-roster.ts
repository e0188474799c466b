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
  if (!(yield* sameGroups(a.groups, b.groups))) return false;
  return yield* sameConsents(a.consents, b.consents);
}

/** Groups come in the order of the configuration, their people in that of the roster. */
function* sameGroups(a: Roster['groups'] = [], b: Roster['groups'] = []): Steps<boolean> {
  if (a.length !== b.length) return false;
  for (const [index, { name, members }] of a.entries()) {
    const other = b[index];
    if (other?.name !== name || other.members.length !== members.length) return false;
    for (const [place, uri] of members.entries()) {
      if (place % STRETCH === 0) yield;
      if (other.members[place] !== uri) return false;
    }
  }
  return true;
}

function* sameConsents(a: Roster['consents'] = new Map(), b: Roster['consents'] = new Map()): Steps<boolean> {
  if (a.size !== b.size) return false;
  let count = 0;
  for (const [key, allowed] of a) {
    if (++count % STRETCH === 0) yield;
    const others = b.get(key);
    if (others?.size !== allowed.size || [...allowed].some((name) => !others.has(name))) return false;
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
