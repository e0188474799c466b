import { findNamed } from '../../notes/template/design/element-names.js';
import type { OpenTarget } from '../../notes/template/form/open-model.js';
import type { ShownTemplate } from './shown-template.js';

/** Where a link inside the database leads in the preview. */
export function elementAddress(
  { design, paths }: ShownTemplate,
  { type, name }: Pick<Extract<OpenTarget, { kind: 'element' }>, 'type' | 'name'>,
): string | undefined {
  if (type === 'view' || type === 'folder') {
    const view = design.views.find(({ alias, title }) => [alias, title].includes(name));
    return view && paths.view(view.alias);
  }
  const page = type === 'page' ? findNamed(design.pages, name) : undefined;
  if (page) return paths.page(page.alias);
  const form = type === 'form' ? findNamed(design.forms, name) : undefined;
  if (form) return paths.form(form.alias);
  return type === 'frameset' && findNamed(design.framesets, name) ? paths.home : undefined;
}
