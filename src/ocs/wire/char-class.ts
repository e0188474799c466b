/** A set of character codes below 256: `set[code] === 1` for members. Codes above 255 are never members. */
export type CharClass = Uint8Array;

export function charClass(members: string): CharClass {
  const set = new Uint8Array(256);
  for (let i = 0; i < members.length; i++) set[members.charCodeAt(i)] = 1;
  return set;
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
const ALPHANUM = LETTERS + DIGITS;
/** RFC 3261 §25.1, `unreserved`. */
const UNRESERVED_CHARS = `${ALPHANUM}-_.!~*'()`;

export const DIGIT = charClass(DIGITS);
export const HEX = charClass(`${DIGITS}abcdefABCDEF`);
/** RFC 3261 §25.1, `token`. */
export const TOKEN = charClass(`${ALPHANUM}-.!%*_+\`'~`);
/** RFC 3261 §25.1, `scheme`. */
export const SCHEME = charClass(`${ALPHANUM}+-.`);
/** RFC 3261 §25.1, `user` and `password` without the percent sign, which starts an escape. */
export const USER = charClass(`${UNRESERVED_CHARS}&=+$,;?/`);
export const PASSWORD = charClass(`${UNRESERVED_CHARS}&=+$,`);
/** Host names; COMPAT(windows): computer names with an underscore are usual there. */
export const HOST = charClass(`${ALPHANUM}-._`);
/** RFC 3966, digits of a telephone number with visual separators, local numbers included. */
export const PHONE = charClass(`${DIGITS}abcdefABCDEF+-.()*#`);

/** Whether all of `text` between two positions belongs to the class; false when there is nothing between them. */
export function isMadeOf(set: CharClass, text: string, from = 0, to = text.length): boolean {
  for (let i = from; i < to; i++) if (set[text.charCodeAt(i)] !== 1) return false;
  return to > from;
}

/** First position at or after `at` whose character is not in the class. */
export function endOf(set: CharClass, text: string, at: number): number {
  let i = at;
  while (set[text.charCodeAt(i)] === 1) i++;
  return i;
}

export function hasAnyOf(set: CharClass, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (set[text.charCodeAt(i)] === 1) return true;
  return false;
}

/** As `isMadeOf`, with `%41`-style escapes allowed in between and nothing at all allowed too. */
export function isEscapedMadeOf(set: CharClass, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) === 0x25 /* % */) {
      if (HEX[text.charCodeAt(i + 1)] !== 1 || HEX[text.charCodeAt(i + 2)] !== 1) return false;
      i += 2;
    } else if (set[text.charCodeAt(i)] !== 1) return false;
  }
  return true;
}
