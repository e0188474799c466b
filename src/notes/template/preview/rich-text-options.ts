import type { ImageDesign } from '../design/design.js';
import type { OutlinePart } from '../design/form-model.js';
import type { OpenPicture, OpenTarget } from '../form/open-model.js';
import type { Html } from './html.js';
import type { StyleClasses } from './style-classes.js';

/** What a page gives to those who draw rich text. */
export interface RichTextOptions {
  readonly images: ReadonlyMap<string, Pick<ImageDesign, 'label'>>;
  /** Address of a picture; nothing when there is none to show, then its words stand there. */
  readonly pictureUrl: (image: OpenPicture['image']) => string | undefined;
  /** Address of a view, page and so on of the preview; nothing when a link to it leads nowhere. */
  readonly elementUrl?: (target: Extract<OpenTarget, { kind: 'element' }>) => string | undefined;
  /** Draws an embedded outline. */
  readonly outline?: (outline: OutlinePart) => Html;
  /** What stands where something is not drawn. Default: the element in brackets. */
  readonly undrawn?: (element: string) => string;
  /** How the names of generated classes begin. Default `rt`. */
  readonly classPrefix?: string;
}

/** Options and the style sheet that grows while something is drawn. */
export interface Pen {
  readonly options: RichTextOptions;
  readonly styles: StyleClasses;
}
