import type { OpenAction } from '../form/open-model.js';
import { Html, html } from './html.js';
import type { Pen } from './rich-text-options.js';

/** The bar of actions; those whose label is `Menu\Entry` stand in a menu. Empty when none is to be seen. */
export function actionBarHtml(actions: readonly OpenAction[], pen: Pen): Html {
  const shown = actions.filter(({ isInBar }) => isInBar);
  if (shown.length === 0) return new Html('');
  const menus = new Map<string, OpenAction[]>();
  for (const action of shown) {
    const [menu, entry] = cascade(action);
    // Each action without a menu has a place of its own.
    const key = entry === undefined ? `\0${action.id}` : menu;
    menus.set(key, [...(menus.get(key) ?? []), action]);
  }
  const parts = [...menus].map(([menu, entries]) =>
    menu.startsWith('\0')
      ? entries.map((action) => actionHtml(action, action.label, pen))
      : html`<details class="action-menu"><summary>${menu}</summary>${entries.map((action) => actionHtml(action, cascade(action)[1] ?? '', pen))}</details>`,
  );
  return html`<div class="action-bar" role="toolbar">${parts}</div>`;
}

function cascade({ label }: OpenAction): readonly [menu: string, entry: string | undefined] {
  const at = label.indexOf('\\');
  return at < 0 ? [label, undefined] : [label.slice(0, at), label.slice(at + 1)];
}

function actionHtml(action: OpenAction, label: string, { options }: Pen): Html {
  if (action.kind === 'separator') return html`<span class="action-separator" role="separator"></span>`;
  const { id, icon, image, align, systemCommand, targetFrame, kind, isTicked } = action;
  const address = image === undefined ? undefined : options.pictureUrl(image);
  // Beside a label the picture says nothing new.
  const words = label === '' && image !== undefined ? (options.images.get(image)?.label ?? image) : '';
  const picture = address !== undefined && html`<img class="action-icon" src="${address}" alt="${words}"/>`;
  const pressed = kind === 'checkbox' && html` aria-pressed="${isTicked ? 'true' : 'false'}"`;
  const command = systemCommand !== undefined && html` data-command="${systemCommand}"`;
  const frame = targetFrame !== undefined && html` data-frame="${targetFrame}"`;
  return html`<button type="button" class="action ${align === 'right' && 'is-right'} ${icon > 0 && `icon-${icon}`}" data-click="${id}"${command}${frame}${pressed}>${picture}${label}</button>`;
}
