import type { Answering, EffectRecorder } from './effects.js';
import { FORMULA_LIMITS, type FormulaLimits } from './limits.js';
import type { TextEquality } from './operators.js';
import type { Outside } from './outside.js';
import { TIME_STYLES, type TimeStyle } from './time-text.js';
import type { Value } from './values.js';

/** What a formula can see of the world while it runs. */
export interface FormulaContext {
  /** A field's value by its name in lower case; `undefined` when the document has no such field. */
  readonly field: (key: string) => Value | undefined;
  /** Moment of `@Now`, milliseconds since 1970. Absent where time must not be used, as in a view: then `@Now` fails. */
  readonly now?: number;
  /** Canonical name of the user; absent for an anonymous one. */
  readonly userName?: string;
  readonly timeStyle: TimeStyle;
  readonly textEquality: TextEquality;
  readonly limits: FormulaLimits;
  /** The document's own facts: `@DocumentUniqueID` (32 hexadecimal digits), `@Created`, `@Modified` (milliseconds). */
  readonly unid?: string;
  readonly created?: number;
  readonly modified?: number;
  /** Field whose formula runs: `@ThisName`, `@ThisValue`. */
  readonly thisField?: string;
  /** Databases, profiles, the user's rights. Absent in a view: its formulas see their document only. */
  readonly outside?: Outside;
  /** Takes what the formula does. Absent where a formula must only compute: then functions that act fail. */
  readonly effects?: EffectRecorder;
  /** Answers dialogs; without it the user cancels each of them. */
  readonly answer?: Answering;
}

/** A context over a table of fields; what is not given is as strict as a view: no clock, no outside, UTC, exact comparison. */
export function contextOf(
  fields: ReadonlyMap<string, Value>,
  options: Partial<Omit<FormulaContext, 'field'>> = {},
): FormulaContext {
  return {
    timeStyle: TIME_STYLES.en,
    textEquality: 'exact',
    limits: FORMULA_LIMITS,
    ...options,
    field: (key) => fields.get(key),
  };
}
