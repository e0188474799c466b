import { ScriptFault } from './fault.js';
import type { Position, ScalarType } from './syntax.js';

/** A number as a script writes it, with its suffix. */
export const NUMBER =
  /(?:&[hH][0-9a-fA-F]+[%&]?|&[oO][0-7]+[%&]?|&[bB][01]+[%&]?|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[%&!#@]?)(?![\p{L}\p{N}_])/uy;

const SUFFIX_TYPES: Readonly<Record<string, ScalarType>> = {
  '%': 'Integer',
  '&': 'Long',
  '!': 'Single',
  '#': 'Double',
  '@': 'Currency',
};
const RADIX: Readonly<Record<string, number>> = { h: 16, o: 8, b: 2 };
const LARGEST: Readonly<Record<string, number>> = {
  Integer: 32_767,
  Long: 2_147_483_647,
  Single: 3.402823e38,
  Currency: 922_337_203_685_477,
};

/** A longer number is cut in messages. */
const SHOWN_DIGITS = 30;

/** The type of a name with a suffix. */
export function suffixType(suffix: string): ScalarType | undefined {
  return suffix === '$' ? 'String' : SUFFIX_TYPES[suffix];
}

/**
 * Value and type of a number that `NUMBER` matched (language reference, "Literal number construction rules"). Throws
 * `ScriptFault` when its type cannot hold it.
 */
export function numberOf(text: string, at: Position): { readonly value: number; readonly type: ScalarType } {
  const radix = RADIX[text.startsWith('&') ? (text[1] ?? '').toLowerCase() : ''];
  const suffix = /[%&!#@]$/.exec(text)?.[0] ?? '';
  const digits = suffix === '' ? text : text.slice(0, -1);
  if (radix !== undefined) {
    const value = Number.parseInt(digits.slice(2), radix);
    if (value > 0xffff_ffff) {
      throw new ScriptFault(`${text.slice(0, SHOWN_DIGITS)} has more than 32 bits`, at);
    }
    const signed = value > 0x7fff_ffff ? value - 0x1_0000_0000 : value;
    return { value: signed, type: SUFFIX_TYPES[suffix] ?? (signed >= 0 && signed <= 32_767 ? 'Integer' : 'Long') };
  }
  const value = Number(digits);
  const whole = /^\d+$/.test(digits);
  const type = SUFFIX_TYPES[suffix] ?? (whole ? (value <= 32_767 ? 'Integer' : 'Long') : 'Double');
  if (value > (LARGEST[type] ?? Number.MAX_VALUE)) {
    throw new ScriptFault(`${text.slice(0, SHOWN_DIGITS)} is too large for ${type}`, at);
  }
  return { value, type };
}
