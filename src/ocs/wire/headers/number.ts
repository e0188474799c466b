import { DIGIT, isMadeOf } from '../char-class.js';
import { trimmed } from '../scan.js';

/** Highest value of a time or an expiry in seconds (RFC 3261 §20.19). */
export const HIGHEST_SECONDS = 0xffff_ffff;

/** Reads decimal digits, leading zeros allowed; `undefined` for anything else and for values above `highest`. */
export function parseUnsigned(text: string, highest: number): number | undefined {
  const digits = trimmed(text);
  if (!isMadeOf(DIGIT, digits)) return undefined;
  const value = Number(digits);
  return value <= highest ? value : undefined;
}
