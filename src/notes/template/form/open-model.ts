import type { ActionDesign } from '../design/action-design.js';
import type { FieldChoices } from '../design/field-design.js';
import type {
  BreakPart,
  Font,
  FormDesign,
  OutlinePart,
  ParagraphStyle,
  RulePart,
  SectionDesign,
  TableCell,
  TableDesign,
  TextPart,
  Undrawn,
  UndrawnPart,
} from '../design/form-model.js';
import type { EventCode } from '../design/formula-code.js';
import type { FormulaEffect } from '../formula/effects.js';
import type { Value } from '../formula/values.js';

/** A document as a form shows it: all formulas have run, what is hidden is not in it. Plain data without HTML. */
export interface OpenForm {
  readonly kind: FormDesign['kind'];
  /** First alias, or the title of the form. */
  readonly form: string;
  readonly mode: 'read' | 'edit';
  readonly isNew: boolean;
  readonly windowTitle: string;
  readonly background: string | undefined;
  readonly actions: readonly OpenAction[];
  readonly blocks: readonly OpenBlock[];
  /** What the fields hold now, computed ones for display as well, by name in lower case. */
  readonly values: ReadonlyMap<string, Value>;
  /** What buttons, actions and hotspots do, by their `id`; only of what is shown. */
  readonly clicks: ReadonlyMap<string, EventCode>;
  readonly faults: readonly FormFault[];
  readonly undrawn: readonly Undrawn[];
  /** What formulas did while the form was opened, when they may do something. */
  readonly effects: readonly FormulaEffect[];
}

/** A formula that gave an error value. */
export interface FormFault {
  /** For example `field ShownStatus`, `window title`, `hide-when`. */
  readonly where: string;
  readonly reason: string;
}

export interface OpenAction extends Pick<ActionDesign, 'kind' | 'isInBar' | 'isInMenu' | 'align' | 'icon'> {
  /** Key of `clicks`; the same as long as the design is. */
  readonly id: string;
  readonly label: string;
  readonly isTicked: boolean;
  readonly image: string | undefined;
  readonly systemCommand: string | undefined;
  readonly targetFrame: string | undefined;
}

export type OpenBlock = OpenParagraph | OpenTable | OpenSection | UndrawnPart;

export interface OpenParagraph {
  readonly kind: 'paragraph';
  readonly style: ParagraphStyle;
  readonly parts: readonly OpenInline[];
}

export interface OpenTable extends Omit<TableDesign, 'rows'> {
  readonly rows: readonly (readonly OpenCell[])[];
}

export interface OpenCell extends Omit<TableCell, 'blocks'> {
  readonly blocks: readonly OpenBlock[];
}

export interface OpenSection extends Omit<SectionDesign, 'title' | 'isOpen' | 'blocks'> {
  readonly title: string;
  readonly isOpen: boolean;
  readonly blocks: readonly OpenBlock[];
}

export type OpenInline =
  | TextPart
  | BreakPart
  | RulePart
  | OutlinePart
  | UndrawnPart
  | OpenField
  | OpenPicture
  | { readonly kind: 'button'; readonly id: string; readonly label: string; readonly font: Font }
  | { readonly kind: 'hotspot'; readonly id: string; readonly parts: readonly OpenInline[] }
  | { readonly kind: 'popup'; readonly text: string; readonly parts: readonly OpenInline[] }
  | OpenLink;

export interface OpenLink {
  readonly kind: 'link';
  readonly target: OpenTarget;
  readonly targetFrame: string | undefined;
  readonly parts: readonly OpenInline[];
}

/** Where a link leads, with its formulas run. */
export type OpenTarget =
  | { readonly kind: 'url'; readonly address: string }
  | { readonly kind: 'element'; readonly type: string; readonly name: string; readonly database: string }
  | { readonly kind: 'id'; readonly element: string };

export interface OpenPicture {
  readonly kind: 'picture';
  /** Name of an image resource, or the picture itself. */
  readonly image: string | { readonly type: string; readonly data: Buffer };
  readonly alt: string;
  /** Pixels. */
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly align: string;
}

export interface OpenField {
  readonly kind: 'field';
  readonly name: string;
  readonly type: string;
  readonly font: Font;
  /** The values as people read them; at most as many as a screen can take. */
  readonly texts: readonly string[];
  /** The same in one. */
  readonly text: string;
  /** The error value of its formula; `text` says it too. */
  readonly error: string | undefined;
  /** It can be typed into now. */
  readonly isEditable: boolean;
  readonly takesSeveral: boolean;
  /** Offered values; absent where any text may be typed. */
  readonly choices: OpenChoices | undefined;
  readonly hint: string;
  readonly help: string;
  readonly hasMultipleLines: boolean;
  readonly hasDefaultFocus: boolean;
}

export interface OpenChoices extends Pick<FieldChoices, 'control' | 'takesNewWords' | 'refreshesOnChange'> {
  readonly entries: readonly { readonly label: string; readonly value: string; readonly isChosen: boolean }[];
}
