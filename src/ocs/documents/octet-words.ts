/** Octets that are looked at by four at a time, so that a text of usual length costs few steps. */

/** Octets of a word. */
export const WORD = 4;

/** A text in ASCII as octets, with a word behind them so that all can be read by words. */
export function octetsOf(text: string): DataView {
  return new DataView(Uint8Array.from(Buffer.from(`${text}\0\0\0\0`, 'latin1')).buffer);
}

/** True when `length` octets are the same from `start` in `octets` and from `from` in `other`. At least one. */
export function isSame(octets: DataView, start: number, other: DataView, from: number, length: number): boolean {
  let at = 0;
  for (; at < length - WORD; at += WORD) {
    if (other.getInt32(from + at, true) !== octets.getInt32(start + at, true)) return false;
  }
  const rest = other.getInt32(from + at, true) ^ octets.getInt32(start + at, true);
  return rest << (8 * (at + WORD - length)) === 0;
}
