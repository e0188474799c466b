import type { Font, ParagraphStyle } from '../design/form-model.js';
import type { Length } from '../design/measures.js';

/**
 * What the look of rich text cannot do without; the look of Notes is left to the style sheet of the page. `:where` gives it
 * no weight, so that the classes of the design count more.
 */
export const RICH_TEXT_CSS = `:where(.notes-form .par){white-space:pre-wrap;overflow-wrap:anywhere;margin:0}
:where(.notes-form .notes-list){margin:0;padding:0}
:where(.notes-form .notes-list .par){margin-left:2em}
:where(.notes-form .notes-table){border-collapse:collapse;table-layout:fixed}
:where(.notes-form .notes-table td,.notes-form .notes-table th){font-weight:inherit;text-align:inherit}
:where(.notes-form .undrawn){font-style:italic}
`;

/** A length as CSS. */
export function cssLength(length: Length): string {
  return 'px' in length ? `${length.px}px` : `${length.percent}%`;
}

const FAMILIES: Readonly<Record<string, string>> = {
  'sans-serif': 'sans-serif',
  serif: 'serif',
  monospace: 'monospace',
  'user-interface': 'system-ui,sans-serif',
  multilingual: 'sans-serif',
};

/** Declarations of a font. */
export function fontCss({ size, color, name, bold, italic, underline, strikethrough, raised }: Font): string[] {
  const lines = [underline && 'underline', strikethrough && 'line-through'].filter((line) => typeof line === 'string');
  return [
    size === undefined ? '' : `font-size:${size}pt`,
    color === undefined ? '' : `color:${color}`,
    name === undefined ? '' : `font-family:${familyOf(name)}`,
    bold ? 'font-weight:bold' : '',
    italic ? 'font-style:italic' : '',
    lines.length > 0 ? `text-decoration:${lines.join(' ')}` : '',
    raised ? `vertical-align:${raised === 'superscript' ? 'super' : 'sub'}` : '',
  ].filter((declaration) => declaration !== '');
}

/** Only plain names of faces: whatever could end the declaration gives the ordinary font. */
function familyOf(name: string): string {
  const known = Object.hasOwn(FAMILIES, name) ? FAMILIES[name] : undefined;
  return known ?? (/^[\p{L}\p{N}][\p{L}\p{N} -]{0,62}$/u.test(name) ? `"${name}",sans-serif` : 'sans-serif');
}

const ALIGNS = { left: 'left', right: 'right', center: 'center', full: 'justify', none: 'left' } as const;
/** Lines that stand before or after a paragraph beyond the text itself. */
const EXTRA_SPACE = (lines: number): string => `${Math.round((lines - 1) * 100) / 100}em`;

/** Declarations of a paragraph. */
export function paragraphCss(style: ParagraphStyle): string[] {
  const { align, leftMargin, firstLineMargin, rightMargin, lineSpacing, spaceBefore, spaceAfter } = style;
  return [
    align === 'left' ? '' : `text-align:${ALIGNS[align]}`,
    align === 'none' ? 'white-space:pre' : '',
    leftMargin ? `margin-left:${cssLength(leftMargin)}` : '',
    firstLineMargin
      ? `text-indent:calc(${cssLength(firstLineMargin)} - ${leftMargin ? cssLength(leftMargin) : '0px'})`
      : '',
    rightMargin ? rightMarginCss(rightMargin, leftMargin) : '',
    lineSpacing === 1 ? '' : `line-height:${lineSpacing * 1.25}`,
    spaceBefore === 1 ? '' : `margin-top:${EXTRA_SPACE(spaceBefore)}`,
    spaceAfter === 1 ? '' : `margin-bottom:${EXTRA_SPACE(spaceAfter)}`,
  ].filter((declaration) => declaration !== '');
}

/** The right margin is measured from the left edge. */
function rightMarginCss(right: Length, left: Length | undefined): string {
  if ('percent' in right) return right.percent >= 100 ? '' : `margin-right:${100 - right.percent}%`;
  return `max-width:calc(${cssLength(right)} - ${left ? cssLength(left) : '0px'})`;
}
