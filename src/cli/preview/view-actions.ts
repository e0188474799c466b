import { readActions } from '../../notes/template/design/action-design.js';
import type { FormDesign } from '../../notes/template/design/form-model.js';
import type { OpenRequest } from '../../notes/template/form/form-session.js';
import { openForm } from '../../notes/template/form/open-form.js';
import type { OpenForm } from '../../notes/template/form/open-model.js';
import { runClick } from '../../notes/template/form/run-click.js';
import { childrenOf } from '../../notes/template/xml-tree.js';
import { BridgeError } from '../../presence/errors.js';
import { type ClickAnswer, clickAnswer } from './click-answer.js';
import { elementPlace, openRequestOf } from './form-place.js';
import type { ShownTemplate } from './shown-template.js';

/** The action bar of a view as it is for the selected document; without one as for an empty document. */
export function openViewActions(shown: ShownTemplate, alias: string, id: string | undefined): OpenForm {
  return openForm(requestOf(shown, alias, id));
}

/** Does what an action of a view's bar does for the selected document. Throws `API_NOT_FOUND`. */
export function clickViewAction(
  shown: ShownTemplate,
  alias: string,
  { click, id }: { readonly click: string; readonly id: string | undefined },
): ClickAnswer {
  const { paths } = shown;
  const request = requestOf(shown, alias, id);
  const open = openForm(request);
  const code = open.clicks.get(click);
  if (!code) throw new BridgeError('API_NOT_FOUND', 'the view has no such action now');
  const back = paths.view(alias);
  const path = id === undefined ? back : paths.document(alias, id);
  return clickAnswer(shown, runClick(code, open.values, request.formulas), { path, back });
}

/** A view has no body; all else of its actions is as in a page. */
function requestOf(shown: ShownTemplate, alias: string, id: string | undefined): OpenRequest {
  const { design, root, paths, source } = shown;
  const index = design.views.findIndex((view) => view.alias === alias);
  const element = childrenOf(root, 'view')[index];
  const title = design.views[index]?.title ?? alias;
  const bar: FormDesign = {
    kind: 'page',
    title,
    alias,
    names: [title, alias],
    background: undefined,
    windowTitle: undefined,
    opensInEditMode: false,
    isInMenu: false,
    actions: element ? readActions(element, design.sharedActions) : [],
    body: [],
    events: new Map(),
    undrawn: [],
  };
  const items = id === undefined ? undefined : source.documents.get(id);
  const place = { ...elementPlace(shown, bar, paths.view(alias)), id: items && id, items: items ?? {}, view: alias };
  return openRequestOf(shown, place, 'read');
}
