import type { ErrorCode } from '../../presence/errors.js';
import type { SipUri } from '../../presence/ids.js';
import type { Assertion } from '../list-ports.js';
import { ASSERTED_STATUSES } from './asserted-status.js';
import { type Entry, told } from './entry.js';
import { follow } from './follow.js';
import type { EngineState } from './state.js';
import type { EngineEffect } from './vocabulary.js';

/*
 * Applications that speak for people, by their leave (ADR 23). A word counts only while OCS confirms the person, and only
 * as `outweighs` says. Each application has one word for a person; of those that count the newest is shown. It ends at its
 * time, when it is taken back, and at once with the application's token, the person's consent, an opt-out, or the roster;
 * with the process or its turn at writing all end. Nothing is stored: what stands in documents is corrected like any other
 * status.
 */

/** How far ahead a word may end, milliseconds. */
export const MAX_ASSERTION_MS = 24 * 3_600_000;

/** People of whom something is said, and applications that say something of one of them. */
export const ASSERTION_LIMITS = { people: 10_000, holders: 8 } as const;

export interface AssertionRefusal {
  readonly code: ErrorCode;
  /** A sentence without a full stop; names no person. */
  readonly reason: string;
}

/** Why this word is not taken; `undefined` when it is. */
export function assertionRefusal(
  state: EngineState,
  uri: SipUri | undefined,
  { status, holder, until }: Pick<Assertion, 'status' | 'holder' | 'until'>,
  now: number,
): AssertionRefusal | undefined {
  if (isNotActive(state)) return { code: 'BRIDGE_STANDBY', reason: 'this bridge does not write at the moment' };
  if (!ASSERTED_STATUSES.includes(status)) {
    return { code: 'API_BAD_REQUEST', reason: `the status is none of ${ASSERTED_STATUSES.join(', ')}` };
  }
  if (!(until > now)) return { code: 'API_BAD_REQUEST', reason: 'the end of the status has passed' };
  if (until > now + MAX_ASSERTION_MS) {
    return { code: 'API_BAD_REQUEST', reason: 'the end of the status is more than 24 hours ahead' };
  }
  const entry = uri === undefined ? undefined : state.entries.get(uri);
  if (entry === undefined) return { code: 'DIRECTORY_NOBODY', reason: 'nobody is watched there' };
  if (state.config.accounts?.includes(entry.person.uri)) {
    return { code: 'PERSON_NOT_ALLOWED', reason: 'this is an account of the bridge, which sets its status itself' };
  }
  if (entry.list !== undefined) {
    return { code: 'PERSON_NOT_ALLOWED', reason: 'this is a list, whose status is that of its members' };
  }
  if (!maySpeak(state, entry, holder)) {
    return { code: 'PERSON_NOT_ALLOWED', reason: `the person did not allow it to "${holder}"` };
  }
  if (!state.spokenFor.has(entry.person.uri) && state.spokenFor.size >= ASSERTION_LIMITS.people) {
    return { code: 'API_BUSY', reason: `applications speak for ${ASSERTION_LIMITS.people} people already` };
  }
  if (wordOf(entry, holder) === undefined && entry.assertions.length >= ASSERTION_LIMITS.holders) {
    return { code: 'API_BUSY', reason: `${ASSERTION_LIMITS.holders} applications speak for this person already` };
  }
  return undefined;
}

/** Takes an application's word in place of its former one. The same status once more only moves the end. */
export function assert(state: EngineState, uri: SipUri, assertion: Assertion, now: number): EngineEffect[] {
  const entry = state.entries.get(uri);
  if (entry === undefined || assertionRefusal(state, uri, assertion, now) !== undefined) return [];
  const former = wordOf(entry, assertion.holder);
  const isSame = former?.status === assertion.status && former.activity === assertion.activity;
  const words = isSame
    ? entry.assertions.map((one) => (one === former ? { ...former, until: assertion.until } : one))
    : [assertion, ...entry.assertions.filter((one) => one !== former)];
  setWords(state, entry, words, now);
  return scheduleEnd(state, assertion.until, now);
}

/** Takes back what an application said. The timer stays: when it ends it finds nothing, or the next end. */
export function retract(state: EngineState, uri: SipUri, holder: string, now: number): void {
  const entry = state.entries.get(uri);
  if (entry === undefined) return;
  keepWords(state, entry, (word) => !isSameHolder(word.holder, holder), now);
}

/** Takes back all that an application said, of whomever. */
export function silence(state: EngineState, holder: string, now: number): void {
  for (const entry of spokenEntries(state)) keepWords(state, entry, (word) => !isSameHolder(word.holder, holder), now);
}

/** Ends the words that are over, and those that a clock put back would stretch beyond what is allowed. */
export function endAssertions(state: EngineState, now: number): EngineEffect[] {
  state.assertionsDue = undefined;
  let next = Number.POSITIVE_INFINITY;
  for (const entry of spokenEntries(state)) {
    keepWords(state, entry, ({ until }) => until > now && until <= now + MAX_ASSERTION_MS, now);
    for (const { until } of entry.assertions) next = Math.min(next, until);
  }
  return Number.isFinite(next) ? scheduleEnd(state, next, now) : [];
}

/** Ends what nobody allows any more. To be called after each roster. */
export function takeConsents(state: EngineState, consents: EngineState['consents'] = new Map(), now: number): void {
  state.consents = consents;
  for (const entry of spokenEntries(state)) {
    keepWords(state, entry, ({ holder }) => maySpeak(state, entry, holder), now);
  }
}

/** Ends everything: this bridge speaks for nobody any more. */
export function dropAssertions(state: EngineState, now: number): void {
  state.assertionsDue = undefined;
  for (const entry of spokenEntries(state)) setWords(state, entry, [], now);
}

function isNotActive({ role, started, stopping, rosterKnown }: EngineState): boolean {
  return role.state === 'standby' || !started || stopping || !rosterKnown;
}

function maySpeak(state: EngineState, { person, list }: Entry, holder: string): boolean {
  if (list !== undefined) return false;
  return state.consents.get(person.key)?.has(holder.toLowerCase()) ?? false;
}

function wordOf({ assertions }: Entry, holder: string): Assertion | undefined {
  return assertions.find((word) => isSameHolder(word.holder, holder));
}

/** As consents name applications. */
function isSameHolder(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function spokenEntries({ spokenFor, entries }: EngineState): readonly Entry[] {
  return [...spokenFor].flatMap((uri) => entries.get(uri) ?? []);
}

function keepWords(state: EngineState, entry: Entry, keeps: (word: Assertion) => boolean, now: number): void {
  if (!entry.assertions.every(keeps)) setWords(state, entry, entry.assertions.filter(keeps), now);
}

function setWords(state: EngineState, entry: Entry, words: readonly Assertion[], now: number): void {
  const before = told(entry);
  entry.assertions = words;
  if (words.length === 0) state.spokenFor.delete(entry.person.uri);
  else state.spokenFor.add(entry.person.uri);
  follow(state, entry, before, now);
}

function scheduleEnd(state: EngineState, until: number, now: number): EngineEffect[] {
  if (state.assertionsDue !== undefined && state.assertionsDue <= until) return [];
  state.assertionsDue = until;
  return [{ type: 'set-timer', name: 'assertions', delayMs: Math.max(0, until - now) }];
}
