import { type Computed, runFormula } from '../../notes/template/design/formula-code.js';
import type { OutlineDesign, OutlineEntry } from '../../notes/template/design/outline-design.js';
import { runClick } from '../../notes/template/form/run-click.js';
import { contextOf } from '../../notes/template/formula/context.js';
import { conditionOf } from '../../notes/template/formula/operators.js';
import type { NavigatorEntry } from '../../notes/template/preview/shell-html.js';
import { clickAnswer } from './click-answer.js';
import { elementAddress } from './element-address.js';
import { formulaWorld } from './formula-world.js';
import type { ShownTemplate } from './shown-template.js';

/** The navigator as the first outline of the template has it; without an outline all views that are not hidden. */
export function navigatorOf(shown: ShownTemplate, current: string): NavigatorEntry[] {
  const [outline] = shown.design.outlines;
  const entries = outline ? outlineEntries(shown, outline, current) : [];
  return entries.length > 0 ? entries : viewEntries(shown, current, new Set());
}

/** The entries of an outline that the Notes client shows. */
export function outlineEntries(shown: ShownTemplate, outline: OutlineDesign, current: string): NavigatorEntry[] {
  const named = new Set<string>();
  return outline.entries.flatMap((entry): NavigatorEntry[] => {
    if (isHidden(shown, entry)) return [];
    if (entry.type === 'otherviews') return viewEntries(shown, current, named, entry.level);
    if (entry.type.startsWith('other')) return [];
    const href = addressOf(shown, entry);
    if (href !== undefined) named.add(href);
    const image =
      entry.image === undefined || !shown.design.images.has(entry.image) ? undefined : shown.paths.image(entry.image);
    return [{ label: textOf(shown, entry.label), href, level: entry.level, isCurrent: href === current, image }];
  });
}

function isHidden(shown: ShownTemplate, { hide, hideWhen }: OutlineEntry): boolean {
  if (hide.includes('notes')) return true;
  return hideWhen !== undefined && conditionOf(runFormula(hideWhen, world(shown))) === true;
}

/** Where an entry leads; one that runs a formula, where the formula would lead. */
function addressOf(shown: ShownTemplate, { target, click }: OutlineEntry): string | undefined {
  if (target?.kind === 'element') return elementAddress(shown, { type: target.type, name: textOf(shown, target.name) });
  if (!click) return undefined;
  const { home } = shown.paths;
  return clickAnswer(shown, runClick(click, new Map(), formulaWorld(shown, { id: undefined })), {
    path: home,
    back: home,
  }).go;
}

function textOf(shown: ShownTemplate, computed: Computed): string {
  if (typeof computed === 'string') return computed;
  const value = runFormula(computed, world(shown));
  return value.type === 'error' ? `ERROR: ${value.reason}` : value.list.join(', ');
}

function world(shown: ShownTemplate) {
  return contextOf(new Map(), formulaWorld(shown, { id: undefined }));
}

function viewEntries(
  { design, paths }: ShownTemplate,
  current: string,
  without: ReadonlySet<string>,
  level = 0,
): NavigatorEntry[] {
  return design.views
    .filter(({ alias, isHidden }) => !isHidden && !without.has(paths.view(alias)))
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault))
    .map(({ alias, title }) => {
      const href = paths.view(alias);
      return { label: title, href, level, isCurrent: href === current, image: undefined };
    });
}
