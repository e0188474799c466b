import { findNamed } from '../../notes/template/design/element-names.js';
import type { OpenForm, OpenInline, OpenPicture } from '../../notes/template/form/open-model.js';
import { Html, html } from '../../notes/template/preview/html.js';
import { formHtml } from '../../notes/template/preview/rich-text-html.js';
import type { RichTextOptions } from '../../notes/template/preview/rich-text-options.js';
import { elementAddress } from './element-address.js';
import { outlineEntries } from './navigator.js';
import type { ShownTemplate } from './shown-template.js';
import type { StyleSheets } from './style-sheets.js';

/** An open form as parts of a page. */
export interface DrawnForm {
  readonly body: Html;
  readonly actionBar: Html;
  /** Address of the style sheet of both. */
  readonly style: string;
}

export function drawForm(shown: ShownTemplate, form: OpenForm, sheets: StyleSheets): DrawnForm {
  const drawn = formHtml(form, richTextOptions(shown));
  return {
    body: new Html(drawn.html),
    actionBar: new Html(drawn.actionBar),
    style: shown.paths.sheet(sheets.keep(drawn.css)),
  };
}

function richTextOptions(shown: ShownTemplate): RichTextOptions {
  const { design, paths } = shown;
  return {
    images: design.images,
    // A picture that stands in the form itself has no address of its own.
    pictureUrl: (image: OpenPicture['image']) =>
      typeof image === 'string' && design.images.has(image) ? paths.image(image) : undefined,
    elementUrl: (target) => elementAddress(shown, target),
    outline: (outline) => outlineHtml(shown, outline),
  };
}

function outlineHtml(shown: ShownTemplate, { outline }: Extract<OpenInline, { kind: 'outline' }>): Html {
  const found = findNamed(shown.design.outlines, outline);
  const entries = found ? outlineEntries(shown, found, '') : [];
  return html`<ul class="entries">${entries.map(({ label, href, image, level }) => {
    const words = html`${image !== undefined && html`<img src="${image}" alt="" width="16" height="16"/>`}<span class="words">${label}</span>`;
    return html`<li class="level${Math.min(level, 5)}">${href === undefined ? html`<span class="entry heading">${words}</span>` : html`<a class="entry" href="${href}">${words}</a>`}</li>`;
  })}</ul>`;
}
