import type { FormDesign } from '../design/form-model.js';
import { type Computed, type FormulaCode, runFormula } from '../design/formula-code.js';
import type { FormulaContext } from '../formula/context.js';
import { contextOf } from '../formula/context.js';
import type { FormulaEffect } from '../formula/effects.js';
import { conditionOf } from '../formula/operators.js';
import { EMPTY, type Value } from '../formula/values.js';
import type { FormFault } from './open-model.js';
import { boundedText, errorText, plainTexts } from './value-text.js';

/** A document to be shown, and what its formulas may see. */
export interface OpenRequest {
  readonly form: FormDesign;
  /** Among which references are looked up. */
  readonly subforms: readonly FormDesign[];
  /** The document's items by name in lower case; none for a new one or where there is no document, as in a page. */
  readonly fields: ReadonlyMap<string, Value>;
  readonly mode: 'read' | 'edit';
  readonly isNew?: boolean;
  /** Computed fields are computed anew, as when the user presses F9. */
  readonly refreshes?: boolean;
  /** Clock, user, look-ups, effects and style of times. With `effects`, formulas of fields may act. */
  readonly formulas?: Partial<Omit<FormulaContext, 'field'>>;
  /** Language in which numbers are written. Default `en`. */
  readonly language?: string;
  /** Client for which `hide` counts. Default `notes`. */
  readonly client?: 'notes' | 'web';
}

const MOST_FAULTS = 200;

/** The formulas of one form while it is open. They see the fields' values as they are at that moment. */
export class FormSession {
  readonly request: OpenRequest;
  readonly values: Map<string, Value>;
  readonly faults: FormFault[] = [];
  readonly effects: FormulaEffect[] = [];
  readonly #facts: { isBeingLoaded?: boolean; isBeingSaved?: boolean };

  constructor(request: OpenRequest, facts: { isBeingLoaded?: boolean; isBeingSaved?: boolean }) {
    this.request = request;
    this.values = new Map(request.fields);
    this.#facts = facts;
  }

  /** A formula that only computes, such as a hide-when or a title. An error value is noted. */
  value(code: FormulaCode, where: string): Value {
    const { effects: _, ...formulas } = this.#formulas();
    return this.#noted(runFormula(code, contextOf(this.values, formulas)), where);
  }

  /** A formula of a field. What it sets by FIELD is there for the formulas after it. */
  fieldValue(code: FormulaCode, name: string): Value {
    const formulas = { ...this.#formulas(), thisField: name };
    const { effects: outer } = formulas;
    const recorder = (effect: FormulaEffect): void => {
      if (effect.kind === 'set-field') this.values.set(effect.name.toLowerCase(), effect.value);
      this.effects.push(effect);
      outer?.(effect);
    };
    const context = contextOf(this.values, outer ? { ...formulas, effects: recorder } : formulas);
    return this.#noted(runFormula(code, context), `field ${name}`);
  }

  /** Text of what may be computed; an error value as Notes shows it. */
  text(computed: Computed, where: string): string {
    if (typeof computed === 'string') return computed;
    const value = this.value(computed, where);
    return value.type === 'error' ? errorText(value) : boundedText(plainTexts(value, this.request).join(', '));
  }

  /** Where a hide-when fails nothing is hidden: the reader shall see that something is wrong. */
  isHidden(hide: readonly string[], hideWhen: FormulaCode | undefined, where: string): boolean {
    const { mode, client = 'notes' } = this.request;
    if (hide.includes(mode) || hide.includes(client)) return true;
    return hideWhen !== undefined && conditionOf(this.value(hideWhen, where)) === true;
  }

  stored(name: string): Value {
    return this.values.get(name.toLowerCase()) ?? EMPTY;
  }

  #formulas(): Partial<Omit<FormulaContext, 'field'>> {
    const { formulas, mode, isNew = false } = this.request;
    return { ...formulas, outside: { ...formulas?.outside, isNew, isEdited: mode === 'edit', ...this.#facts } };
  }

  #noted(value: Value, where: string): Value {
    if (value.type === 'error' && this.faults.length < MOST_FAULTS) this.faults.push({ where, reason: value.reason });
    return value;
  }
}
