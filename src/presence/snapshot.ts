import { type Activity, activityOf, type Status, statusOf } from './availability.js';
import type { SipUri } from './ids.js';

/** What one presence document says about one person. A part that is absent was not mentioned; `null` says "no data". */
export interface Observation {
  readonly uri: SipUri;
  readonly state?: ObservedState | null;
  readonly note?: ObservedNote | null;
  readonly displayName?: string;
}

export interface ObservedState {
  /** Availability number as received. */
  readonly availability: number;
  /** Activity token as received, or empty. */
  readonly activity: string;
  /** Range of numbers for which the token holds (MS-PRES activity); absent means every number. */
  readonly minAvailability?: number;
  readonly maxAvailability?: number;
  /** Own words for the activity, as received; they hold for the same numbers. */
  readonly activityText?: string;
  /** When it was published, milliseconds since 1970. Of two states the one published later counts. */
  readonly publishedAt?: number;
  /** When it began, for documents that say so and are put in order by something else. Milliseconds since 1970. */
  readonly since?: number;
}

export interface ObservedNote {
  readonly text: string;
  /** True for the note of an out-of-office message. */
  readonly outOfOffice: boolean;
  readonly publishedAt?: number;
}

/** One person's current presence. Immutable. */
export interface Snapshot {
  readonly uri: SipUri;
  readonly status: Status;
  readonly activity: Activity | '';
  /** Own words for the activity; empty when there are none or notes are turned off. */
  readonly activityText: string;
  readonly outOfOffice: boolean;
  /** Personal note; empty when there is none or notes are turned off. */
  readonly note: string;
  readonly displayName: string;
  /** When the status began, milliseconds since 1970 in whole seconds; `undefined` when nobody said. */
  readonly since: number | undefined;
  /** Publication time of the state that is shown; decides which of two crossed documents is newer. */
  readonly stateAt: number | undefined;
  readonly noteAt: number | undefined;
}

export interface MergeOptions {
  /** Milliseconds since 1970. */
  readonly now: number;
  /**
   * Keep personal notes and own words for an activity. Off by default everywhere: they are personal data nobody needs
   * for an icon.
   */
  readonly notes: boolean;
  /**
   * True for the first state of a subscription: it replaces what was there, whatever the times say, because the server
   * that answers now is the truth.
   */
  readonly authoritative: boolean;
}

/** Publication times further ahead than this are ignored, so that a wrong clock cannot freeze a record. */
const FUTURE_TOLERANCE_MS = 5 * 60_000;
const MAX_NOTE_LENGTH = 500;

export function unknownSnapshot(uri: SipUri, displayName = ''): Snapshot {
  return {
    uri,
    status: 'unknown',
    activity: '',
    activityText: '',
    outOfOffice: false,
    note: '',
    displayName,
    since: undefined,
    stateAt: undefined,
    noteAt: undefined,
  };
}

/**
 * The snapshot after one more observation. Each category replaces itself only (MS-PRES: categories in a notification
 * replace per category name). Returns `previous` itself when the observation is older or says nothing new. A confirmation of the
 * same status at a later time does give a new object, since the later time must win over documents still under way.
 */
export function merge(previous: Snapshot, observed: Observation, options: MergeOptions): Snapshot {
  let next = previous;
  if (observed.state !== undefined) next = mergeState(next, observed.state, options);
  if (observed.note !== undefined) next = mergeNote(next, observed.note, options);
  if (observed.displayName && observed.displayName !== next.displayName) {
    next = { ...next, displayName: observed.displayName };
  }
  const confirmsLater = next.stateAt !== previous.stateAt || next.noteAt !== previous.noteAt;
  return confirmsLater || !sameSnapshot(previous, next) ? next : previous;
}

function mergeState(previous: Snapshot, state: ObservedState | null, options: MergeOptions): Snapshot {
  const outOfOfficeByNote = previous.outOfOffice && previous.activity !== 'out-of-office';
  if (state === null) {
    const none = { status: 'unknown', activity: '', activityText: '', since: undefined, stateAt: undefined } as const;
    return { ...previous, ...none, outOfOffice: outOfOfficeByNote };
  }
  const at = believableTime(state.publishedAt, options.now);
  if (!options.authoritative && isOlder(at, previous.stateAt)) return previous;
  const status = statusOf(state.availability);
  const applies = activityApplies(state);
  const token = applies ? activityOf(state.activity) : undefined;
  const outOfOfficeToken = token === 'out-of-office';
  const began =
    status === previous.status && previous.since !== undefined
      ? previous.since
      : wholeSeconds(beginning(state, at, options.now));
  // Field by field: a spread costs a tenth of all work from octets to record.
  return {
    uri: previous.uri,
    status,
    activity: token ?? '',
    activityText: applies && options.notes && state.activityText ? cleanText(state.activityText) : '',
    outOfOffice: outOfOfficeToken || outOfOfficeByNote,
    note: previous.note,
    displayName: previous.displayName,
    since: status === 'unknown' ? undefined : began,
    stateAt: at ?? previous.stateAt,
    noteAt: previous.noteAt,
  };
}

function mergeNote(previous: Snapshot, note: ObservedNote | null, options: MergeOptions): Snapshot {
  const fromToken = previous.activity === 'out-of-office';
  if (note === null) return { ...previous, note: '', outOfOffice: fromToken, noteAt: undefined };
  const at = believableTime(note.publishedAt, options.now);
  if (!options.authoritative && isOlder(at, previous.noteAt)) return previous;
  // Field by field, as in `mergeState`.
  return {
    uri: previous.uri,
    status: previous.status,
    activity: previous.activity,
    activityText: previous.activityText,
    outOfOffice: fromToken || note.outOfOffice,
    note: options.notes ? cleanText(note.text) : '',
    displayName: previous.displayName,
    since: previous.since,
    stateAt: previous.stateAt,
    noteAt: at ?? previous.noteAt,
  };
}

/** Documents keep whole seconds; finer times would differ from what is read back. */
function wholeSeconds(time: number): number {
  return Math.floor(time / 1000) * 1000;
}

function activityApplies(state: ObservedState): boolean {
  const { availability, minAvailability = 0, maxAvailability = Number.POSITIVE_INFINITY } = state;
  return availability >= minAvailability && availability <= maxAvailability;
}

function beginning(state: ObservedState, publishedAt: number | undefined, now: number): number {
  return believableTime(state.since, now) ?? publishedAt ?? now;
}

function believableTime(time: number | undefined, now: number): number | undefined {
  return time === undefined || time > now + FUTURE_TOLERANCE_MS ? undefined : time;
}

function isOlder(time: number | undefined, than: number | undefined): boolean {
  return time !== undefined && than !== undefined && time < than;
}

/** Text that is clean as it stands but for its ends and its length: nothing in this range is composed or controls. */
const LATIN_TEXT = /^[\x20-\x7e\xa0-\xff]*$/;

/** One line of plain text without control characters and without marks that turn the reading direction. */
export function cleanText(text: string): string {
  // Nearly all names and notes, and each document brings its own.
  if (LATIN_TEXT.test(text)) return text.trim().slice(0, MAX_NOTE_LENGTH);
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim()
    .slice(0, MAX_NOTE_LENGTH)
    .replace(/\p{Cs}/gu, '');
}

/** Equal in everything a reader can see. Publication times do not count: they alone are no reason to write. */
export function sameSnapshot(a: Snapshot, b: Snapshot): boolean {
  return a.uri === b.uri && a.displayName === b.displayName && samePresence(a, b);
}

/** Equal but for who it is. */
export function samePresence(a: Snapshot, b: Snapshot): boolean {
  return (
    a.status === b.status &&
    a.activity === b.activity &&
    a.activityText === b.activityText &&
    a.outOfOffice === b.outOfOffice &&
    a.note === b.note &&
    a.since === b.since
  );
}
