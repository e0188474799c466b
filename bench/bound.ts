import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Folders, Pipeline } from './pipeline.js';

/** What the bound takes from a categories document. */
interface Scanned {
  readonly uri: string;
  readonly availability: number;
  readonly activity: string;
  readonly custom: string;
  readonly note: string;
  readonly device: string;
  readonly version: number;
}

interface BoundParts {
  neededFields(message: Buffer): readonly (string | number)[];
  scanPresence(message: Buffer, bodyStart: number): Scanned;
  /** The same on a latin1 view. */
  scanPresenceL1(message: Buffer, bodyStart: number): Scanned;
}

/**
 * The least work that still gives the answer: a few headers and values by `indexOf`, no checks, one Map from address to
 * slot, typed columns, interned words. Cannot be shipped: it accepts anything and mistakes much.
 */
export async function createBound({ peers }: Folders, contacts: number, scan: 'utf8' | 'latin1'): Promise<Pipeline> {
  const parts: BoundParts =
    peers === undefined ? OWN_PARTS : await import(pathToFileURL(join(peers, 'lib', 'fast.js')).href);
  const read = scan === 'utf8' ? parts.scanPresence : parts.scanPresenceL1;
  const slots = new Map<string, number>();
  const words = new Interner();
  const availability = new Uint16Array(contacts);
  const activity = new Uint16Array(contacts);
  const custom = new Uint32Array(contacts);
  const device = new Uint8Array(contacts);
  const version = new Uint32Array(contacts);
  const notes = new Map<number, string>();
  const batch: number[] = [];

  const take = (message: Buffer): void => {
    if (!parts.neededFields(message)[1]) throw new Error('no Call-ID');
    const record = read(message, message.indexOf('\r\n\r\n', 0, 'latin1') + 4);
    let slot = slots.get(record.uri);
    if (slot === undefined) {
      slot = slots.size;
      slots.set(detached(record.uri), slot);
    }
    const activityId = words.idOf(record.activity);
    const customId = words.idOf(record.custom);
    const newNote = record.note !== '' && notes.get(slot) !== record.note;
    const changed =
      availability[slot] !== record.availability ||
      activity[slot] !== activityId ||
      custom[slot] !== customId ||
      newNote;
    availability[slot] = record.availability;
    activity[slot] = activityId;
    custom[slot] = customId;
    device[slot] = words.idOf(record.device);
    version[slot] = record.version;
    if (newNote) notes.set(slot, detached(record.note));
    if (!changed) return;
    batch.push(slot);
    if (batch.length >= 500) batch.length = 0;
  };

  return {
    take,
    stored: (uri) => availability[slots.get(uri) ?? -1],
    count: () => slots.size,
  };
}

class Interner {
  readonly #ids = new Map<string, number>();

  idOf(word: string): number {
    const known = this.#ids.get(word);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(detached(word), id);
    return id;
  }
}

/** A copy that does not keep the message alive which it was cut from. */
function detached(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

const NEEDED = [
  ...['Call-ID', 'CSeq', 'Event', 'Content-Type', 'Content-Length'],
  ...['subscription-state', 'Authentication-Info', 'From', 'To'],
].map((name) => `\r\n${name}:`);

/** Used where the shared bounds are absent. */
const OWN_PARTS: BoundParts = {
  neededFields(message) {
    const head = message.toString('latin1', 0, message.indexOf('\r\n\r\n', 0, 'latin1'));
    const fields = NEEDED.map((name) => textBetween(head, name, '\r\n', 0, head.length));
    return [head.slice(0, head.indexOf(' ')), ...fields];
  },
  scanPresence: (message, bodyStart) => scanText(message.toString('utf8', bodyStart)),
  scanPresenceL1: (message, bodyStart) => scanText(message.toString('latin1', bodyStart)),
};

function scanText(text: string): Scanned {
  const state = text.indexOf('<category name="state"');
  const stateEnd = state < 0 ? 0 : text.indexOf('</category>', state);
  const note = text.indexOf('<category name="note"');
  const noteBody = note < 0 ? -1 : text.indexOf('>', text.indexOf('<body', note));
  return {
    uri: textBetween(text, ' uri="', '"', 0, text.length),
    availability: Number(textBetween(text, '<availability>', '<', state, stateEnd)),
    activity: textBetween(text, '<activity token="', '"', state, stateEnd),
    custom: unescaped(textBetween(text, '<custom LCID="1033">', '<', state, stateEnd)),
    device: textBetween(text, '<device>', '<', state, stateEnd),
    version: Number(textBetween(text, ' version="', '"', state, stateEnd)),
    note: noteBody < 0 ? '' : unescaped(text.slice(noteBody + 1, text.indexOf('<', noteBody))),
  };
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function unescaped(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}

function textBetween(text: string, before: string, after: string, from: number, to: number): string {
  const found = from < 0 ? -1 : text.indexOf(before, from);
  if (found < 0 || found >= to) return '';
  const start = found + before.length;
  const end = text.indexOf(after, start);
  return text.slice(start, end < 0 ? text.length : end);
}
