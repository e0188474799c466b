import type { ActionDesign } from '../design/action-design.js';
import { conditionOf } from '../formula/operators.js';
import { ClickIds } from './click-ids.js';
import { computeFields } from './compute-fields.js';
import { fieldsIn } from './form-fields.js';
import { FormSession, type OpenRequest } from './form-session.js';
import { withSubforms } from './inline-subforms.js';
import { openBlocks } from './open-blocks.js';
import type { OpenAction, OpenForm } from './open-model.js';

/**
 * Opens a document in a form: subforms, then fields in their order, then everything that only shows something. Never
 * throws: what a formula cannot do is an error value in its place and a fault in the result.
 */
export function openForm(request: OpenRequest): OpenForm {
  const session = new FormSession(request, { isBeingLoaded: true });
  const whole = withSubforms(session);
  computeFields(session, fieldsIn(whole.blocks));
  const clicks = new ClickIds();
  const { form } = request;
  return {
    kind: form.kind,
    form: form.alias,
    mode: request.mode,
    isNew: request.isNew ?? false,
    windowTitle: form.windowTitle ? session.text(form.windowTitle, 'window title') : form.title,
    background: form.background,
    actions: whole.actions.flatMap((action) => openAction(session, action, clicks)),
    blocks: openBlocks(session, whole.blocks, clicks),
    values: session.values,
    clicks: clicks.codes,
    faults: session.faults,
    undrawn: whole.undrawn,
    effects: session.effects,
  };
}

/** An action of a view's or form's bar as it is for a document; none when it is hidden. */
export function openAction(session: FormSession, action: ActionDesign, clicks: ClickIds): OpenAction[] {
  const { kind, isInBar, isInMenu, align, icon, systemCommand, targetFrame } = action;
  const label = session.text(action.label, 'label of an action');
  if (session.isHidden(action.hide, action.hideWhen, `hide-when of action ${label}`)) return [];
  return [
    {
      id: clicks.idOf(action.click),
      label,
      kind,
      isInBar,
      isInMenu,
      align,
      icon,
      systemCommand,
      targetFrame,
      image: action.image === undefined ? undefined : session.text(action.image, `icon of action ${label}`),
      isTicked:
        action.value !== undefined && conditionOf(session.value(action.value, `value of action ${label}`)) === true,
    },
  ];
}
