import { findNamed } from '../../notes/template/element-names.js';
import type { OutlineDesign } from '../../notes/template/outline-design.js';
import type { NavigatorEntry } from '../../notes/template/preview/shell-html.js';
import type { ShownTemplate } from './shown-template.js';

/** The navigator as the first outline of the template has it; without an outline all views that are not hidden. */
export function navigatorOf(shown: ShownTemplate, current: string): NavigatorEntry[] {
  const [outline] = shown.design.outlines;
  const entries = outline ? outlineEntries(shown, outline, current) : [];
  return entries.length > 0 ? entries : viewEntries(shown, current, new Set());
}

function outlineEntries(shown: ShownTemplate, outline: OutlineDesign, current: string): NavigatorEntry[] {
  const named = new Set<string>();
  return outline.entries.flatMap((entry): NavigatorEntry[] => {
    if (entry.hide.includes('notes')) return [];
    if (entry.type === 'otherviews') return viewEntries(shown, current, named, entry.level);
    if (entry.type.startsWith('other')) return [];
    const label = typeof entry.label === 'string' ? entry.label : entry.alias;
    const href = addressOf(shown, entry.target, named);
    const image = entry.image === undefined ? undefined : shown.paths.image(entry.image);
    return [{ label, href, level: entry.level, isCurrent: href === current, image }];
  });
}

function addressOf(
  { design, paths }: ShownTemplate,
  target: OutlineDesign['entries'][number]['target'],
  named: Set<string>,
): string | undefined {
  if (target?.kind !== 'element' || typeof target.name !== 'string') return undefined;
  const { type, name } = target;
  if (type === 'view') {
    const view = design.views.find(({ alias, title }) => [alias, title].includes(name));
    if (view) named.add(view.alias);
    return view && paths.view(view.alias);
  }
  if (type === 'page' && findNamed(design.pages, name)) return paths.page(name);
  if (type === 'form' && findNamed(design.forms, name)) return paths.form(name);
  return undefined;
}

function viewEntries(
  { design, paths }: ShownTemplate,
  current: string,
  without: ReadonlySet<string>,
  level = 0,
): NavigatorEntry[] {
  return design.views
    .filter(({ alias, isHidden }) => !isHidden && !without.has(alias))
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault))
    .map(({ alias, title }) => {
      const href = paths.view(alias);
      return { label: title, href, level, isCurrent: href === current, image: undefined };
    });
}
