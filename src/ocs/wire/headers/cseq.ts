import { DIGIT, endOf, isMadeOf, TOKEN } from '../char-class.js';
import { isBlank, skipBlanks, trimmed } from '../scan.js';

/** RFC 3261 §20.16. */
export interface CSeq {
  readonly number: number;
  /** The number as written: signatures cover it with its leading zeros. */
  readonly digits: string;
  readonly method: string;
}

/** RFC 3261 §8.1.1.5. */
const HIGHEST_SEQUENCE = 2 ** 31 - 1;

export function parseCSeq(text: string): CSeq | undefined {
  const end = endOf(DIGIT, text, 0);
  const digits = text.slice(0, end);
  const number = Number(digits);
  const method = trimmed(text, skipBlanks(text, end));
  if (end === 0 || number > HIGHEST_SEQUENCE || !isBlank(text.charCodeAt(end)) || !isMadeOf(TOKEN, method)) {
    return undefined;
  }
  return { number, digits, method };
}
