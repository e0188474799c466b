import type { FormulaContext } from '../context.js';
import { formatTime, type TimeParts } from '../time-text.js';
import { error, text, textsOf, type Value, WRONG_TYPE } from '../values.js';
import type { FunctionTable } from './definition.js';

/** `@Text`: any value as text, with Notes' format letters where they are supported. */
export const CONVERSION_FUNCTIONS: FunctionTable = {
  '@text': { least: 1, most: 2, apply: ([value, format], context) => toText(value, format, context) },
};

const WHOLE: TimeParts = { date: 'full', time: 'seconds' };

function toText(value: Value | undefined, format: Value | undefined, context: FormulaContext): Value {
  const letters = format === undefined ? '' : textsOf(format)?.[0];
  if (letters === undefined) return error(WRONG_TYPE);
  if (value?.type === 'text') return value;
  if (value?.type === 'number') return numberText(value.list, letters);
  if (value?.type === 'time') return timeText(value.list, letters, context);
  return error(WRONG_TYPE);
}

/** `G` is the general format, `F2` two fixed decimals. */
function numberText(list: readonly number[], letters: string): Value {
  if (letters === '' || /^G$/i.test(letters)) return text(...list.map(String));
  const decimals = /^F([0-9])$/i.exec(letters)?.[1];
  if (decimals === undefined) return error(`"${letters}" is not supported`);
  return text(...list.map((entry) => entry.toFixed(Number(decimals))));
}

function timeText(list: readonly number[], letters: string, context: FormulaContext): Value {
  const parts = letters === '' ? WHOLE : timeParts(letters);
  if (!parts) return error(`"${letters}" is not supported`);
  return text(...list.map((moment) => formatTime(moment, context.timeStyle, parts)));
}

/** `D0` year, month, day; `D2` month and day; `D3` year and month; `T0` with seconds, `T1` without; `S0` date, `S1` time, `S2` both. */
function timeParts(letters: string): TimeParts | undefined {
  const match = /^(?:D([023]))?(?:T([01]))?(?:S([012]))?(?:Z([01]))?$/i.exec(letters);
  if (!match) return undefined;
  const date = { '0': 'full', '2': 'month-day', '3': 'year-month' } as const;
  const shown = match[3] ?? '2';
  return {
    date: shown === '1' ? 'none' : date[(match[1] ?? '0') as keyof typeof date],
    time: shown === '0' ? 'none' : match[2] === '1' ? 'minutes' : 'seconds',
  };
}
