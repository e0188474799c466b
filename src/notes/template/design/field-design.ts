import type { TimeParts } from '../formula/time-text.js';
import { childrenOf, type XmlElement } from '../xml-tree.js';
import { eventFormula, type FormulaCode, formulaCode } from './formula-code.js';
import { type NumberFormat, readNumberFormat } from './number-format.js';
import { timePartsOf } from './time-parts.js';

/** A field of a form. */
export interface FieldDesign {
  readonly name: string;
  /** `text`, `number`, `datetime`, `keyword`, `names`, `authors`, `readers`, `richtext`, `password` and so on. */
  readonly type: string;
  readonly kind: 'editable' | 'computed' | 'computedfordisplay' | 'computedwhencomposed';
  readonly takesSeveral: boolean;
  /** What may stand between values that are typed in. */
  readonly inputSeparators: readonly ListSeparator[];
  readonly displaySeparator: ListSeparator;
  readonly timeParts: TimeParts;
  readonly numberFormat: NumberFormat;
  readonly choices: FieldChoices | undefined;
  /** What the field shows or begins with, for every kind. */
  readonly value: FormulaCode | undefined;
  readonly translation: FormulaCode | undefined;
  readonly validation: FormulaCode | undefined;
  /** For an editable field: whether it may be typed into. */
  readonly inputEnabled: FormulaCode | undefined;
  readonly computesAfterValidation: boolean;
  /** Shown while the field is empty. */
  readonly hint: string;
  readonly help: string;
  readonly hasMultipleLines: boolean;
  readonly hasDefaultFocus: boolean;
  readonly htmlId: string;
  /** Line of the DXL. */
  readonly line: number;
}

export interface FieldChoices {
  readonly control: 'dialoglist' | 'checkbox' | 'radiobutton' | 'combobox' | 'listbox';
  /** Entries as `label|value`, or as both in one. */
  readonly entries: readonly string[] | FormulaCode;
  readonly takesNewWords: boolean;
  /** The document is computed anew when another choice is made. */
  readonly refreshesOnChange: boolean;
}

export const LIST_SEPARATORS = {
  space: ' ',
  comma: ', ',
  semicolon: '; ',
  newline: '\n',
  blankline: '\n\n',
  none: '',
} as const;

export type ListSeparator = keyof typeof LIST_SEPARATORS;

const KINDS = ['editable', 'computed', 'computedfordisplay', 'computedwhencomposed'] as const;
const CONTROLS = ['dialoglist', 'checkbox', 'radiobutton', 'combobox', 'listbox'] as const;

export function readFieldDesign(field: XmlElement): FieldDesign {
  const at = (name: string): string => field.attributes.get(name) ?? '';
  const [display] = separatorsOf(at('listdisplayseparator'));
  const input = separatorsOf(at('listinputseparators'));
  return {
    name: at('name'),
    type: at('type') || 'text',
    kind: KINDS.find((kind) => kind === at('kind')) ?? 'editable',
    takesSeveral: at('allowmultivalues') === 'true',
    inputSeparators: input.length > 0 ? input : ['comma', 'semicolon', 'newline'],
    displaySeparator: display ?? 'comma',
    timeParts: timePartsOf(childrenOf(field, 'datetimeformat')[0]),
    numberFormat: readNumberFormat(childrenOf(field, 'numberformat')[0]),
    choices: choicesOf(field),
    value: eventFormula(field, 'defaultvalue'),
    translation: eventFormula(field, 'inputtranslation'),
    validation: eventFormula(field, 'inputvalidation'),
    inputEnabled: eventFormula(field, 'inputenabled'),
    computesAfterValidation: at('computeaftervalidation') === 'true',
    hint: at('fieldhint'),
    help: at('description') || at('fieldhelp'),
    hasMultipleLines: at('multiline') === 'true',
    hasDefaultFocus: at('defaultfocus') === 'true',
    htmlId: at('htmlid'),
    line: field.line,
  };
}

function choicesOf(field: XmlElement): FieldChoices | undefined {
  const [keywords] = childrenOf(field, 'keywords');
  if (!keywords) return undefined;
  const ui = keywords.attributes.get('ui');
  const [list] = childrenOf(keywords, 'textlist');
  const [formula] = childrenOf(keywords, 'formula');
  const fixed = list ? childrenOf(list, 'text').map((entry) => entry.text) : [];
  return {
    control: CONTROLS.find((control) => control === ui) ?? 'dialoglist',
    entries: formula ? formulaCode(formula) : fixed,
    takesNewWords: keywords.attributes.get('allownew') === 'true',
    refreshesOnChange: keywords.attributes.get('recalconchange') === 'true',
  };
}

function separatorsOf(tokens: string): ListSeparator[] {
  return tokens.split(/\s+/).filter((token): token is ListSeparator => Object.hasOwn(LIST_SEPARATORS, token));
}
