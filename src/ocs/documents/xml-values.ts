/** Readers of the simple types of XML Schema part 2 that presence documents use. None throws. */

import { timeFrom } from './xml-time.js';

const MAX_DIGITS = 9;

/** An `xs:int` of at most nine digits; `undefined` for anything else. */
export function xmlInteger(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const trimmed = text.trim();
  const signs = trimmed.startsWith('-') || trimmed.startsWith('+') ? 1 : 0;
  if (trimmed.length > signs + MAX_DIGITS) return undefined;
  const value = digits(trimmed, signs, trimmed.length);
  if (Number.isNaN(value)) return undefined;
  return trimmed.startsWith('-') ? 0 - value : value;
}

const MAX_UNSIGNED = 0xffff_ffff;

/** An `xs:unsignedInt`; `undefined` for anything else. */
export function xmlUnsigned(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? '';
  const value = trimmed.length > MAX_DIGITS + 1 ? Number.NaN : digits(trimmed, 0, trimmed.length);
  return value <= MAX_UNSIGNED ? value : undefined;
}

/** An `xs:boolean`; anything but `true` and `1` is false. */
export function xmlBoolean(text: string | undefined): boolean {
  return text === 'true' || text === '1';
}

/** Longer texts are no times. */
const LONGEST_TIME = 40;
/** A character of UTF-16 is three octets at most. */
const TIME_OCTETS = new Uint8Array(LONGEST_TIME * 3);
const ENCODER = new TextEncoder();

/** An `xs:dateTime` in milliseconds since 1970; `undefined` for anything else. Without an offset it is UTC. */
export function xmlTime(text: string | undefined): number | undefined {
  if (text === undefined || text.length > LONGEST_TIME) return undefined;
  return timeFrom(TIME_OCTETS, 0, ENCODER.encodeInto(text, TIME_OCTETS).written);
}

/** The number that stands from `start` to `end`; NaN when anything but digits stands there. */
function digits(text: string, start: number, end: number): number {
  let value = start < end ? 0 : Number.NaN;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    value = isDigit(code) ? value * 10 + (code - 0x30) : Number.NaN;
  }
  return value;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
