import { cleanText } from '../presence/snapshot.js';

/** Bytes of UTF-8 that a person's text may take in a document: far below the 32 KB of a Domino summary item. */
export const MAX_TEXT_BYTES = 1024;

/**
 * Plain text that is safe to store and to show in Notes: one line, at most `maxBytes` bytes of UTF-8, cut between
 * characters, without the brackets `[<` and `>]`, between which Notes passes text through as HTML to a browser.
 */
export function notesText(text: string, maxBytes: number = MAX_TEXT_BYTES): string {
  // Cleaned first: a mark that goes away may have stood inside a bracket. A blank in place of each bracket, so that what
  // stood around it cannot form a new one.
  const inert = cleanText(text)
    .normalize('NFC')
    .replace(/\[<|>\]/g, ' ');
  return cutToBytes(inert, maxBytes).trim();
}

function cutToBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    end += character.length;
  }
  return text.slice(0, end);
}
