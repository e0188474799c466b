import type { Person, Roster } from '../../src/bridge/ports.js';
import { type NotesName, parseNotesName, parseSipUri, type SipUri, sipKeyOf } from '../../src/presence/ids.js';

/** A SIP address known to be good. */
export function sip(text: string): SipUri {
  const read = parseSipUri(text);
  if (!read.ok) throw new Error(`${text}: ${read.reason}`);
  return read.value;
}

/** A Notes name known to be good. */
export function notesName(text: string): NotesName {
  const read = parseNotesName(text);
  if (!read.ok) throw new Error(`${text}: ${read.reason}`);
  return read.value;
}

export function person(address: string, name?: string): Person {
  const uri = sip(address);
  return { uri, key: sipKeyOf(uri), name: name === undefined ? undefined : notesName(name), displayName: '' };
}

/** A roster on which nobody opted out, unless said otherwise. */
export function rosterOf(people: readonly Person[], optedOut: readonly Person[] = []): Roster {
  return { people, optedOut: new Set(optedOut.map(({ key }) => key)) };
}
