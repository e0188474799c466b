import type { Font, RulePart } from '../design/form-model.js';
import type { OpenInline, OpenLink, OpenPicture, OpenTarget } from '../form/open-model.js';
import { fieldHtml } from './field-html.js';
import { Html, html } from './html.js';
import { cssLength, fontCss } from './rich-text-css.js';
import type { Pen } from './rich-text-options.js';
import { safeAddress } from './safe-address.js';

/** What stands in a paragraph. */
export function inlinesHtml(parts: readonly OpenInline[], pen: Pen): Html[] {
  return parts.map((part) => inlineHtml(part, pen));
}

function inlineHtml(part: OpenInline, pen: Pen): Html {
  switch (part.kind) {
    case 'text':
      return textHtml(part.text, part.font, pen);
    case 'break':
      return html`<br/>`;
    case 'field':
      return fieldHtml(part, pen);
    case 'picture':
      return pictureHtml(part, pen);
    case 'rule':
      return html`<hr class="notes-rule ${pen.styles.classOf(ruleCss(part))}"/>`;
    case 'button':
      return html`<button type="button" class="notes-button ${pen.styles.classOf(fontCss(part.font))}" data-click="${part.id}">${part.label}</button>`;
    case 'hotspot':
      return html`<button type="button" class="hotspot" data-click="${part.id}">${inlinesHtml(part.parts, pen)}</button>`;
    case 'popup':
      return html`<span class="popup" tabindex="0" title="${part.text}">${inlinesHtml(part.parts, pen)}</span>`;
    case 'link':
      return linkHtml(part, pen);
    case 'outline':
      return pen.options.outline?.(part) ?? html`<span class="notes-outline" data-outline="${part.outline}"></span>`;
    case 'undrawn':
      return undrawnHtml(part.element, pen);
  }
}

/** A note in place of what cannot be drawn. */
export function undrawnHtml(element: string, { options }: Pen): Html {
  return html`<span class="undrawn">${options.undrawn?.(element) ?? `[${element}]`}</span>`;
}

function textHtml(text: string, font: Font, { styles }: Pen): Html {
  const look = styles.classOf(fontCss(font));
  return look === '' ? html`${text}` : html`<span class="${look}">${text}</span>`;
}

function ruleCss({ height, width, color }: RulePart): string[] {
  return [
    `height:${height}px`,
    width ? `width:${cssLength(width)}` : '',
    color ? `background-color:${color};border-color:${color}` : '',
  ].filter((declaration) => declaration !== '');
}

/** What a picture says in words: the design's alternative text, or what the image resource is called. */
function pictureHtml(picture: OpenPicture, { options }: Pen): Html {
  const { image, width, height, align } = picture;
  const words = picture.alt || (typeof image === 'string' ? (options.images.get(image)?.label ?? image) : '');
  const address = options.pictureUrl(image);
  if (address === undefined) return html`<span class="notes-picture is-missing">${words}</span>`;
  const size = [width, height].map((pixels) => (pixels === undefined || pixels < 0 ? undefined : Math.round(pixels)));
  return html`<img class="notes-picture align-${align}" src="${address}" alt="${words}"${size[0] !== undefined && html` width="${size[0]}"`}${size[1] !== undefined && html` height="${size[1]}"`}/>`;
}

function linkHtml(link: OpenLink, pen: Pen): Html {
  const content = new Html(
    inlinesHtml(link.parts, pen)
      .map((part) => part.text)
      .join(''),
  );
  const address = addressOf(link.target, pen);
  if (address === undefined) return html`<span class="notes-link is-dead">${content}</span>`;
  const frame = link.targetFrame !== undefined && html` data-frame="${link.targetFrame}"`;
  return html`<a class="notes-link" href="${address}" rel="noopener noreferrer"${frame}>${content}</a>`;
}

function addressOf(target: OpenTarget, { options }: Pen): string | undefined {
  if (target.kind === 'url') return safeAddress(target.address);
  return target.kind === 'element' ? options.elementUrl?.(target) : undefined;
}
