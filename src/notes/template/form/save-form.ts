import type { FieldDesign } from '../design/field-design.js';
import { PLAIN_FONT } from '../design/font-design.js';
import type { FormulaEffect } from '../formula/effects.js';
import { text, type Value } from '../formula/values.js';
import { computeFields } from './compute-fields.js';
import { fieldsIn } from './form-fields.js';
import { type FormInput, readInput } from './form-input.js';
import { FormSession, type OpenRequest } from './form-session.js';
import { withSubforms } from './inline-subforms.js';
import { openField } from './open-field.js';
import type { OpenChoices } from './open-model.js';

export type SaveOutcome =
  | {
      readonly ok: true;
      /** All items to write, by the names in the design; with `Form`. */
      readonly items: ReadonlyMap<string, Value>;
      readonly effects: readonly FormulaEffect[];
    }
  | SaveRefusal;

export interface SaveRefusal {
  readonly ok: false;
  readonly field: string;
  /** `refused` by its validation, whose words are the message; or what was entered is none of the field's type. */
  readonly reason: 'refused' | 'number' | 'time' | 'size' | 'error';
  readonly message: string;
}

/** The item that says with which form a document is shown. */
const FORM_ITEM = 'Form';

/**
 * What saving a document gives: entered values are read, then in the order of the fields translated or computed, then
 * validated; fields that are computed after validation come last. The first refusal ends it.
 */
export function saveForm(request: OpenRequest, input: FormInput): SaveOutcome {
  const session = new FormSession({ ...request, mode: 'edit' }, { isBeingSaved: true });
  const fields = fieldsIn(withSubforms(session).blocks);
  const refusal =
    takeInput(session, fields, input) ??
    computeForSaving(
      session,
      fields.filter(({ computesAfterValidation }) => !computesAfterValidation),
    ) ??
    validate(session, fields) ??
    computeForSaving(
      session,
      fields.filter(({ computesAfterValidation }) => computesAfterValidation),
    );
  if (refusal) return refusal;
  const names = new Map(
    [
      ...fields.filter(({ kind }) => kind !== 'computedfordisplay').map(({ name }) => name),
      ...setByFormulas(session),
    ].map((name) => [name.toLowerCase(), name]),
  );
  const items = new Map([...names.values()].map((name) => [name, session.stored(name)]));
  if (!names.has(FORM_ITEM.toLowerCase())) items.set(FORM_ITEM, text(request.form.names.at(-1) ?? request.form.title));
  return { ok: true, items, effects: session.effects };
}

/**
 * The document's fields with what was entered in them, to open the form again with `refreshes`. What cannot be read as the
 * field's type stays as it was.
 */
export function withInput(request: OpenRequest, input: FormInput): ReadonlyMap<string, Value> {
  const session = new FormSession({ ...request, mode: 'edit' }, {});
  takeInput(session, fieldsIn(withSubforms(session).blocks), input);
  return session.values;
}

/** What stands in an input as the form put it there changes nothing: the screen may show less than is stored. */
function takeInput(session: FormSession, fields: readonly FieldDesign[], input: FormInput): SaveRefusal | undefined {
  let refusal: SaveRefusal | undefined;
  const inputs = fields.filter(({ kind }) => kind === 'editable');
  // In a new document an input began with the default; who cleared it wants it empty.
  computeFields(session, inputs);
  for (const field of inputs) {
    const entered = input.get(field.name.toLowerCase())?.map((entry) => entry.replaceAll('\r\n', '\n'));
    if (!entered) continue;
    const { text: shown, choices, isEditable } = openField(session, field, PLAIN_FONT);
    const isUntouched = entered.length === 1 && entered[0] === (field.type === 'password' ? '' : shown);
    if (isUntouched || !isEditable) continue;
    const outcome = readInput(field, withoutLabels(entered, choices), session.request);
    if (outcome.ok) session.values.set(field.name.toLowerCase(), outcome.value);
    else
      refusal ??= {
        ok: false,
        field: field.name,
        reason: outcome.reason,
        message: MESSAGES[outcome.reason](outcome.entry),
      };
  }
  return refusal;
}

/** A label that was typed in means the word behind it. */
function withoutLabels(entered: readonly string[], choices: OpenChoices | undefined): readonly string[] {
  const words = new Map(choices?.entries.map(({ label, value }) => [label, value]));
  const isOffered = (entry: string): boolean => choices?.entries.some(({ value }) => value === entry) ?? false;
  return entered.map((entry) => (isOffered(entry) ? entry : (words.get(entry) ?? entry)));
}

const MESSAGES = {
  number: (entry: string): string => `"${entry}" is no number`,
  time: (entry: string): string => `"${entry}" is no date or time`,
  size: (): string => 'this is too much for one field',
} as const;

function computeForSaving(session: FormSession, fields: readonly FieldDesign[]): SaveRefusal | undefined {
  for (const field of fields) {
    const { name, kind, translation, value: formula } = field;
    const key = name.toLowerCase();
    if (kind === 'computed' && formula) session.values.set(key, session.fieldValue(formula, name));
    else computeFields(session, [field]);
    if (kind === 'editable' && translation) session.values.set(key, session.fieldValue(translation, name));
    const value = session.stored(name);
    if (value.type === 'error' && kind !== 'computedfordisplay') {
      return { ok: false, field: name, reason: 'error', message: value.reason };
    }
  }
  return undefined;
}

/** A validation gives a number when it is content, and words for the user when it is not. */
function validate(session: FormSession, fields: readonly FieldDesign[]): SaveRefusal | undefined {
  for (const { name, validation } of fields) {
    if (!validation) continue;
    const result = session.fieldValue(validation, name);
    if (result.type === 'error') return { ok: false, field: name, reason: 'error', message: result.reason };
    if (result.type === 'text') return { ok: false, field: name, reason: 'refused', message: result.list.join('\n') };
  }
  return undefined;
}

function setByFormulas(session: FormSession): string[] {
  return session.effects.flatMap((effect) => (effect.kind === 'set-field' ? [effect.name] : []));
}
