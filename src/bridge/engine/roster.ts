import { sameTexts } from '../../presence/same-texts.js';
import type { ListEntry } from '../list-ports.js';
import type { Person, Roster } from '../ports.js';
import { takeConsents } from './assertions.js';
import { newEntry, shown } from './entry.js';
import { waitForPeople } from './grace.js';
import { takeLists } from './lists.js';
import { forgetDoubt, mark } from './mark.js';
import type { EngineState } from './state.js';
import type { EngineEffect } from './vocabulary.js';
import { watchedUris } from './watched-uris.js';

/**
 * Takes over a new roster, and the lists that are shown as entries. Nobody who stays on it notices. Documents of people
 * who left it are removed, and of those who opted out whichever bridge wrote them.
 */
export function takeRoster(
  state: EngineState,
  roster: Roster,
  lists: readonly ListEntry[],
  now: number,
): EngineEffect[] {
  const { people, optedOut, consents } = roster;
  const isShown = ({ key }: Person): boolean => !optedOut.has(key);
  const wanted = people.filter(isShown);
  const shownLists = lists.filter(({ person }) => isShown(person));
  optOut(state, optedOut);
  const left = removeOthers(state, wanted, shownLists);
  const came = takePeople(state, wanted, now);
  takePeople(
    state,
    shownLists.map(({ person }) => person),
    now,
  );
  takeLists(state, shownLists, now);
  takeConsents(state, consents, now);
  if (state.role.state === 'standby' || !(left || came)) return [];
  const watch: EngineEffect = { type: 'watch', uris: watchedUris(state) };
  const isAnswering = state.started && !state.stopping && state.source.state === 'connected';
  // Newcomers have as long to be answered for as everybody after a sign-in.
  return came && isAnswering ? [watch, waitForPeople(state, state.config.answerMs, now)] : [watch];
}

function optOut(state: EngineState, optedOut: ReadonlySet<Person['key']>): void {
  // Before the documents are read nobody knows which of these people have any.
  if (state.stamped) for (const key of optedOut) if (!state.optedOut.has(key)) state.leaving.add(key);
  state.optedOut = optedOut;
}

/** True when people were among them, whom OCS need not be asked for any longer. */
function removeOthers(state: EngineState, wanted: readonly Person[], lists: readonly ListEntry[]): boolean {
  const people = new Set(wanted.map(({ uri }) => uri));
  const entries = new Set(lists.map(({ person }) => person.uri));
  let changed = false;
  for (const entry of state.entries.values()) {
    const { uri, key } = entry.person;
    // What was a person and is a list now, or the other way round, begins anew.
    if ((entry.list === undefined ? people : entries).has(uri)) continue;
    changed ||= entry.list === undefined;
    state.entries.delete(uri);
    state.pending.remove(uri);
    state.flapping.forget(uri);
    state.spokenFor.delete(uri);
    state.counts[shown(entry).status]--;
    forgetDoubt(state, entry);
    // On standby the documents are another bridge's affair, and at a takeover all are compared.
    if (state.role.state === 'active') state.leaving.add(key);
  }
  return changed;
}

function takePeople(state: EngineState, wanted: readonly Person[], now: number): boolean {
  let came = false;
  for (const person of wanted) {
    const known = state.entries.get(person.uri);
    if (known !== undefined && isSamePerson(known.person, person)) continue;
    const refusal = state.refusedDocuments.get(person.key);
    const entry = known === undefined ? newEntry(person) : { ...known, person };
    if (known === undefined) {
      came = true;
      state.counts.unknown++;
      // Nobody knows what still stands in a document that was about to be removed, so that it must not wait.
      entry.overdue = state.leaving.has(person.key) || refusal !== undefined;
    } else if (!hasSameNames(known.person, person)) entry.spoilt = true;
    state.entries.set(person.uri, entry);
    state.leaving.delete(person.key);
    if (refusal !== undefined) state.refusedDocuments.set(person.key, { ...refusal, uri: person.uri });
    mark(state, entry, now);
  }
  return came;
}

function isSamePerson(a: Person, b: Person): boolean {
  return a.displayName === b.displayName && hasSameNames(a, b);
}

type Names = Pick<Person, 'name' | 'otherNames' | 'mailAddresses'>;

/** Equal in all names and mail addresses by which documents find a person. */
export function hasSameNames(a: Names, b: Names): boolean {
  return a.name === b.name && sameTexts(a.otherNames, b.otherNames) && sameTexts(a.mailAddresses, b.mailAddresses);
}
