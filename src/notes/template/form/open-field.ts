import { type FieldDesign, LIST_SEPARATORS } from '../design/field-design.js';
import type { Font } from '../design/form-model.js';
import { conditionOf } from '../formula/operators.js';
import { textsOf, type Value } from '../formula/values.js';
import type { FormSession } from './form-session.js';
import type { OpenChoices, OpenField } from './open-model.js';
import { boundedText, errorText, fieldTexts, isShownWhole } from './value-text.js';

type Entries = OpenChoices['entries'];

/** Offered values; a longer list is cut. */
const MOST_CHOICES = 1000;

/** A field with its value as the reader sees it. */
export function openField(session: FormSession, field: FieldDesign, font: Font): OpenField {
  const value = session.stored(field.name);
  const choices = openChoices(session, field, value);
  const isInput = isEditable(session, field);
  const texts = value.type === 'error' ? [errorText(value)] : shownTexts(session, field, value, choices?.entries ?? []);
  return {
    kind: 'field',
    name: field.name,
    type: field.type,
    font,
    texts,
    text: boundedText(texts.join(isInput ? inputSeparator(field) : LIST_SEPARATORS[field.displaySeparator])),
    error: value.type === 'error' ? value.reason : undefined,
    isEditable: isInput,
    takesSeveral: field.takesSeveral || choices?.control === 'checkbox',
    choices,
    hint: field.hint,
    help: field.help,
    hasMultipleLines: field.hasMultipleLines || field.type.startsWith('richtext'),
    hasDefaultFocus: field.hasDefaultFocus,
  };
}

/** What is typed in must be read again as the same list. */
function inputSeparator({ displaySeparator, inputSeparators }: FieldDesign): string {
  const [first = displaySeparator] = inputSeparators;
  return LIST_SEPARATORS[inputSeparators.includes(displaySeparator) ? displaySeparator : first];
}

function isEditable(session: FormSession, field: FieldDesign): boolean {
  if (field.kind !== 'editable' || session.request.mode !== 'edit') return false;
  // Saving what was cut for the screen would cut the document.
  if (!isShownWhole(session.stored(field.name))) return false;
  const { inputEnabled } = field;
  return (
    inputEnabled === undefined ||
    conditionOf(session.value(inputEnabled, `input enabled of field ${field.name}`)) !== false
  );
}

/** A value that is offered under a label shows the label. */
function shownTexts(
  session: FormSession,
  field: FieldDesign,
  value: Exclude<Value, { type: 'error' }>,
  entries: Entries,
): string[] {
  const labels = new Map(entries.map(({ label, value: word }) => [word, label]));
  const texts = field.type === 'password' ? value.list.map((entry) => (entry === '' ? '' : '****')) : undefined;
  return texts ?? fieldTexts(value, field, session.request).map((shown) => labels.get(shown) ?? shown);
}

function openChoices(session: FormSession, field: FieldDesign, value: Value): OpenChoices | undefined {
  const { choices } = field;
  if (!choices) return undefined;
  const { control, takesNewWords, refreshesOnChange } = choices;
  const given =
    'kind' in choices.entries
      ? (textsOf(session.value(choices.entries, `choices of field ${field.name}`)) ?? [])
      : choices.entries;
  const chosen = new Set(value.type === 'error' ? [] : value.list.map(String));
  const entries = given.slice(0, MOST_CHOICES).map((entry) => {
    const [label = '', word = label] = boundedText(entry)
      .split('|')
      .map((part) => part.trim());
    return { label, value: word, isChosen: chosen.has(word) };
  });
  return { control, takesNewWords, refreshesOnChange, entries };
}
