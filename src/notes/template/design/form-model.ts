import type { ActionDesign } from './action-design.js';
import type { ElementNames } from './element-names.js';
import type { FieldDesign } from './field-design.js';
import type { Computed, EventCode, FormulaCode } from './formula-code.js';
import type { LinkTarget } from './link-target.js';
import type { Length } from './measures.js';

/** A form, or another design element that consists of rich text. */
export interface FormDesign extends ElementNames {
  readonly kind: 'form' | 'subform' | 'page' | 'about' | 'using';
  readonly background: string | undefined;
  readonly windowTitle: FormulaCode | undefined;
  readonly opensInEditMode: boolean;
  /** Users can make documents with it by the menu. */
  readonly isInMenu: boolean;
  readonly actions: readonly ActionDesign[];
  readonly body: readonly Block[];
  /** Other events, by name, such as `queryopen` or `postopen`. */
  readonly events: ReadonlyMap<string, EventCode>;
  /** What stands in the DXL and is not, or not fully, in this model. */
  readonly undrawn: readonly Undrawn[];
}

export interface Undrawn {
  readonly element: string;
  /** Line of the DXL. */
  readonly line: number;
  readonly reason: string;
}

export type Block = Paragraph | TableDesign | SectionDesign | SubformReference | UndrawnPart;

export interface Paragraph {
  readonly kind: 'paragraph';
  readonly style: ParagraphStyle;
  readonly parts: readonly Inline[];
}

/** A `pardef`. */
export interface ParagraphStyle {
  readonly align: 'left' | 'right' | 'center' | 'full' | 'none';
  /** From the left edge; nothing means the default of Notes. */
  readonly leftMargin: Length | undefined;
  /** Of the first line, from the left edge. */
  readonly firstLineMargin: Length | undefined;
  /** From the left edge as well; 100 % is all there is. */
  readonly rightMargin: Length | undefined;
  /** 1, 1.5 or 2 lines; 1 adds no space before or after. */
  readonly lineSpacing: number;
  readonly spaceBefore: number;
  readonly spaceAfter: number;
  /** `none`, `bullet`, `number`, `check`, `circle` and so on. */
  readonly list: string;
  /** `read`, `edit`, `print`, `copy`, `preview`, `previewedit`, `notes`, `web`, `mobile`, `embedded`. */
  readonly hide: readonly string[];
  readonly hideWhen: FormulaCode | undefined;
}

export interface Font {
  /** Points; nothing means the default. */
  readonly size: number | undefined;
  readonly color: string | undefined;
  /** `sans-serif`, `serif`, `monospace`, `user-interface`, `multilingual`, or the name of a face. */
  readonly name: string | undefined;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly underline: boolean;
  readonly strikethrough: boolean;
  readonly raised: 'superscript' | 'subscript' | undefined;
}

export interface TextPart {
  readonly kind: 'text';
  readonly text: string;
  readonly font: Font;
}

export interface BreakPart {
  readonly kind: 'break';
}

/** A horizontal rule. */
export interface RulePart {
  readonly kind: 'rule';
  /** Pixels. */
  readonly height: number;
  readonly width: Length | undefined;
  readonly color: string | undefined;
}

/** An embedded outline. */
export interface OutlinePart {
  readonly kind: 'outline';
  readonly outline: string;
  /** Name of the control, not of the outline. */
  readonly name: string;
  readonly isTree: boolean;
  readonly targetFrame: string | undefined;
}

export type Inline =
  | TextPart
  | BreakPart
  | RulePart
  | OutlinePart
  | { readonly kind: 'field'; readonly field: FieldDesign; readonly font: Font }
  | { readonly kind: 'computed-text'; readonly value: FormulaCode; readonly font: Font }
  | PictureDesign
  | {
      readonly kind: 'button';
      readonly label: Computed;
      readonly click: EventCode | undefined;
      readonly hideWhen: FormulaCode | undefined;
      readonly font: Font;
    }
  | {
      readonly kind: 'link';
      readonly target: LinkTarget;
      readonly targetFrame: string | undefined;
      readonly parts: readonly Inline[];
    }
  /** Text that does something when it is clicked. */
  | { readonly kind: 'hotspot'; readonly click: EventCode | undefined; readonly parts: readonly Inline[] }
  /** Text with an explanation. */
  | { readonly kind: 'popup'; readonly text: Computed; readonly parts: readonly Inline[] }
  | UndrawnPart;

export interface PictureDesign {
  readonly kind: 'picture';
  /** Name of an image resource, or the picture itself. */
  readonly source: Computed | { readonly kind: 'data'; readonly type: string; readonly data: Buffer };
  readonly alt: string;
  /** Pixels. */
  readonly width: number | undefined;
  readonly height: number | undefined;
  readonly align: string;
}

/** What this model has no words for; it is drawn as a note that something is missing. */
export interface UndrawnPart {
  readonly kind: 'undrawn';
  readonly element: string;
}

export interface TableDesign {
  readonly kind: 'table';
  readonly fits: 'fixedleft' | 'fixedcenter' | 'fixedright' | 'fitmargins' | 'fitwindow';
  readonly leftMargin: Length | undefined;
  readonly rightMargin: Length | undefined;
  readonly borderStyle: 'solid' | 'ridge' | 'groove';
  readonly borderColor: string | undefined;
  /** How `background` and `otherBackground` are spread: `none`, `solid`, `altrows`, `altcolumns`, `top` and so on. */
  readonly colorStyle: string;
  readonly background: string | undefined;
  readonly otherBackground: string | undefined;
  /** Pixels between text and border. */
  readonly rowSpacing: number;
  readonly columnSpacing: number;
  /** Nothing for a column that fits its content. */
  readonly columnWidths: readonly (Length | undefined)[];
  readonly rows: readonly (readonly TableCell[])[];
}

export interface TableCell {
  readonly background: string | undefined;
  readonly rowSpan: number;
  readonly columnSpan: number;
  readonly align: 'top' | 'center' | 'bottom';
  /** Top, right, bottom, left; pixels. */
  readonly borders: readonly [number, number, number, number];
  readonly isHeader: boolean;
  readonly blocks: readonly Block[];
}

export interface SectionDesign {
  readonly kind: 'section';
  readonly title: Computed;
  readonly titleFont: Font;
  readonly borderColor: string | undefined;
  readonly borderStyle: string;
  readonly hidesTitleWhenOpen: boolean;
  /** Style of the title: its hide-when hides the whole section. */
  readonly style: ParagraphStyle | undefined;
  readonly isOpen: { readonly read: boolean; readonly edit: boolean };
  readonly blocks: readonly Block[];
}

export interface SubformReference {
  readonly kind: 'subform';
  readonly name: Computed;
}
