import type { OpenChoices, OpenField } from '../form/open-model.js';
import { type Html, html } from './html.js';
import { fontCss } from './rich-text-css.js';
import type { Pen } from './rich-text-options.js';

/** Rows of a field for longer texts. */
const AREA_ROWS = 4;
/** Entries of a list that stand there at once. */
const LIST_ROWS = 5;

/** A field: text to read, or something to type into or choose from. Inputs are named like their field. */
export function fieldHtml(field: OpenField, { styles }: Pen): Html {
  const look = styles.classOf(fontCss(field.font));
  const state = `${field.isEditable ? 'is-editable' : ''} ${field.error === undefined ? '' : 'is-error'}`.trim();
  const type = /^[a-z]+$/.test(field.type) ? field.type : 'text';
  const content = field.isEditable ? inputHtml(field) : linesHtml(field.text);
  return html`<span class="field field-${type} ${state} ${look}" data-field="${field.name}"${helpOf(field)}>${content}</span>`;
}

function helpOf({ help, isEditable }: OpenField): Html | false {
  return help !== '' && !isEditable && html` title="${help}"`;
}

/** Line breaks of a value are line breaks of the page. */
function linesHtml(text: string): Html[] {
  return text.split(/\r\n|\r|\n/).map((line, index) => (index === 0 ? html`${line}` : html`<br/>${line}`));
}

function inputHtml(field: OpenField): Html {
  const { choices, name, text, hint, hasMultipleLines, hasDefaultFocus } = field;
  const common = html` class="field-input" name="${name}" aria-label="${labelOf(field)}"${hasDefaultFocus && html` data-focus="true"`}`;
  const hintText = hint !== '' && html` placeholder="${hint}"`;
  if (choices) return choicesHtml(field, choices, common);
  // A text area leaves out its first line break, and an input all of them.
  if (hasMultipleLines || /[\r\n]/.test(text)) {
    return html`<textarea${common}${hintText} rows="${AREA_ROWS}">${`\n${text}`}</textarea>`;
  }
  const type = field.type === 'password' ? 'password' : 'text';
  const value = type === 'password' ? '' : text;
  return html`<input${common}${hintText} type="${type}" value="${value}" autocomplete="off"/>`;
}

function labelOf({ help, hint, name }: OpenField): string {
  return help || hint || name;
}

function choicesHtml(field: OpenField, choices: OpenChoices, common: Html): Html {
  const { control, entries, takesNewWords, refreshesOnChange } = choices;
  const refresh = refreshesOnChange && html` data-refresh="true"`;
  if (control === 'checkbox' || control === 'radiobutton') return boxesHtml(field, choices, refresh);
  if (takesNewWords && !field.takesSeveral) {
    const list = `choices-${field.name}`;
    const options = entries.map(({ label, value }) => html`<option value="${value}">${label}</option>`);
    return html`<input${common}${refresh} type="text" value="${field.text}" list="${list}" autocomplete="off"/><datalist id="${list}">${options}</datalist>`;
  }
  const known = new Set(entries.map(({ value }) => value));
  // A stored value that is offered no more must not be lost by saving.
  const strange = field.texts.filter(
    (text) => text !== '' && !known.has(text) && !entries.some(({ label }) => label === text),
  );
  const options = [...entries, ...strange.map((text) => ({ label: text, value: text, isChosen: true }))].map(
    ({ label, value, isChosen }) =>
      html`<option value="${value}"${isChosen && html` selected="selected"`}>${label}</option>`,
  );
  const isList = control === 'listbox' || field.takesSeveral;
  const several = field.takesSeveral && html` multiple="multiple"`;
  const none =
    !isList && !entries.some(({ isChosen }) => isChosen) && strange.length === 0 && html`<option value=""></option>`;
  return html`<select${common}${refresh}${several}${isList && html` size="${LIST_ROWS}"`}>${none}${options}</select>`;
}

function boxesHtml(field: OpenField, { control, entries }: OpenChoices, refresh: Html | false): Html {
  const type = control === 'checkbox' ? 'checkbox' : 'radio';
  const boxes = entries.map(
    ({ label, value, isChosen }) =>
      html`<label><input type="${type}" name="${field.name}" value="${value}"${isChosen && html` checked="checked"`}${refresh}/>${label}</label>`,
  );
  const role = type === 'radio' ? 'radiogroup' : 'group';
  return html`<span class="field-choices" role="${role}" aria-label="${labelOf(field)}">${boxes}</span>`;
}
