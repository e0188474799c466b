/**
 * Octets that are looked at by four at a time, so that a text of usual length costs few steps. All read up to a word
 * beyond what they are asked about.
 */

/** Octets of a word. */
export const WORD = 4;
/** The highest bit of each octet of a word. */
const HIGH_BITS = 0x8080_8080 | 0;

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

/** True when these octets are the ones of `name`, which `octetsOf` made. */
export function isNamed(octets: DataView, start: number, end: number, name: DataView): boolean {
  const length = end - start;
  return length === name.byteLength - WORD && isSame(octets, start, name, 0, length);
}

/** Index of the next octet that is no ASCII letter. There must be one. */
export function lettersEnd(octets: DataView, start: number): number {
  for (let at = start; ; at += WORD) {
    const word = octets.getInt32(at, true);
    const lower = word | 0x2020_2020;
    // The highest bit of each sum tells whether the octet is at least "a", and whether it is beyond "z".
    const others = ~((lower + 0x1f1f_1f1f) & ~(lower + 0x0505_0505) & ~word) & HIGH_BITS;
    if (others !== 0) return at + firstOf(others);
  }
}

/** Index of the next octet that is none of ASCII, or one of `"#&'<>` or below a space. There must be one. */
export function plainEnd(octets: DataView, start: number): number {
  for (let at = start; ; at += WORD) {
    const word = octets.getInt32(at, true);
    const notQuotes = ((word | 0x0505_0505) ^ 0x2727_2727) + 0x7f7f_7f7f;
    const notAngles = ((word | 0x0202_0202) ^ 0x3e3e_3e3e) + 0x7f7f_7f7f;
    const others = ~(notQuotes & notAngles & (word + 0x6060_6060) & ~word) & HIGH_BITS;
    if (others !== 0) return at + firstOf(others);
  }
}

/** True when a space is among these octets, all of which are ASCII. */
export function hasSpace(octets: DataView, start: number, end: number): boolean {
  for (let at = start; at < end; at += WORD) {
    const spaces = ~((octets.getInt32(at, true) ^ 0x2020_2020) + 0x7f7f_7f7f) & HIGH_BITS;
    if (spaces !== 0) return at + firstOf(spaces) < end;
  }
  return false;
}

/** Which octet of a word is the first one that is marked. */
function firstOf(marks: number): number {
  return (31 - Math.clz32(marks & -marks)) >> 3;
}
