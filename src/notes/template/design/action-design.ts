import { childrenOf, type XmlElement } from '../xml-tree.js';
import { type Computed, type EventCode, eventCode, eventFormula, type FormulaCode } from './formula-code.js';

/** An action of a form, a view or the shared actions. */
export interface ActionDesign {
  /** A backslash in it makes a menu: `Menu\Entry`. */
  readonly label: Computed;
  readonly kind: 'button' | 'checkbox' | 'separator';
  readonly isInBar: boolean;
  readonly isInMenu: boolean;
  /** `read`, `edit`, `preview`, `previewedit`, `notes`, `web`, `mobile`. */
  readonly hide: readonly string[];
  readonly hideWhen: FormulaCode | undefined;
  readonly click: EventCode | undefined;
  /** Whether a checkbox is ticked. */
  readonly value: FormulaCode | undefined;
  /** A command of the client, such as `edit`. */
  readonly systemCommand: string | undefined;
  /** Number of a built-in icon; 0 for none. */
  readonly icon: number;
  /** Name of an image resource. */
  readonly image: Computed | undefined;
  readonly align: 'left' | 'right';
  readonly targetFrame: string | undefined;
}

/** Shared actions by the number that refers to them. */
export type SharedActions = ReadonlyMap<string, ActionDesign>;

/** The actions of a form's or view's action bar. A reference to a shared action that is not there gives none. */
export function readActions(owner: XmlElement, shared: SharedActions): ActionDesign[] {
  const [bar] = childrenOf(owner, 'actionbar');
  return (bar?.children ?? []).flatMap((child): ActionDesign[] => {
    if (child.name === 'action') return [readAction(child)];
    if (child.name !== 'sharedactionref') return [];
    const [copy] = childrenOf(child, 'action');
    const found = shared.get(child.attributes.get('id') ?? '') ?? (copy && readAction(copy));
    return found ? [found] : [];
  });
}

/** Reads the `sharedactions` elements of a database. */
export function readSharedActions(database: XmlElement): SharedActions {
  const actions = childrenOf(database, 'sharedactions').flatMap((all) => childrenOf(all, 'action'));
  return new Map(actions.map((action) => [action.attributes.get('id') ?? '', readAction(action)]));
}

function readAction(action: XmlElement): ActionDesign {
  const at = (name: string): string | undefined => action.attributes.get(name);
  const [picture] = childrenOf(action, 'imageref');
  const type = at('displaytype');
  const icon = Number(at('icon') ?? 0);
  return {
    label: eventFormula(action, 'label') ?? at('title') ?? '',
    kind: type === 'checkbox' ? 'checkbox' : type === 'menuseparator' ? 'separator' : 'button',
    isInBar: at('showinbar') !== 'false',
    isInMenu: at('showinmenu') !== 'false',
    hide: (at('hide') ?? '').split(/\s+/).filter((token) => token !== ''),
    hideWhen: eventFormula(action, 'hidewhen'),
    click: eventCode(action, 'click'),
    value: eventFormula(action, 'value'),
    systemCommand: at('systemcommand'),
    icon: Number.isInteger(icon) && icon > 0 ? icon : 0,
    image: picture && (eventFormula(picture, 'value') ?? picture.attributes.get('name')),
    align: at('align') === 'right' ? 'right' : 'left',
    targetFrame: at('targetframe'),
  };
}
