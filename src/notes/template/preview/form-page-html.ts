import { type Html, html } from './html.js';
import type { PreviewWords } from './preview-words.js';

/** The paper on which an open form lies. */
export function formPageHtml(
  body: Html,
  { path, back, mode }: { readonly path: string; readonly back: string; readonly mode: 'read' | 'edit' },
): Html {
  return html`<form class="paper" id="paper" tabindex="-1" data-path="${path}" data-back="${back}" data-mode="${mode}">${body}</form>`;
}

/** Which of the client's own commands are offered. */
export interface OwnActions {
  readonly edit: boolean;
  readonly save: boolean;
}

/** The action bar of a form, followed by what the client's own menus offer. */
export function ownActionsHtml(bar: Html, words: PreviewWords, { edit, save }: OwnActions): Html {
  const button = (id: string, label: string): Html =>
    html`<button type="button" class="action" id="${id}">${label}</button>`;
  return html`<div id="actions">${bar}</div><div class="own-actions">${edit && button('edit', words.edit)}${save && button('save', words.save)}${button('close', words.close)}</div>`;
}
