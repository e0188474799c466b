import { type Html, html } from './html.js';
import type { PreviewWords } from './preview-words.js';

/** The paper on which an open form lies. */
export function formPageHtml(
  body: Html,
  { path, back, mode }: { readonly path: string; readonly back: string; readonly mode: 'read' | 'edit' },
): Html {
  return html`<form class="paper" id="paper" tabindex="-1" data-path="${path}" data-back="${back}" data-mode="${mode}">${body}</form>`;
}

export interface OwnActions {
  readonly words: PreviewWords;
  readonly mode: 'read' | 'edit';
  readonly isEditable: boolean;
  readonly hasDocument: boolean;
}

/** The action bar of a form, followed by what the client's own menus offer. */
export function ownActionsHtml(bar: Html, { words, mode, isEditable, hasDocument }: OwnActions): Html {
  const edit =
    isEditable &&
    mode === 'read' &&
    hasDocument &&
    html`<button type="button" class="action" id="edit">${words.edit}</button>`;
  const save =
    isEditable && mode === 'edit' && html`<button type="button" class="action" id="save">${words.save}</button>`;
  return html`<div id="actions">${bar}</div><div class="own-actions">${edit}${save}<button type="button" class="action" id="close">${words.close}</button></div>`;
}
