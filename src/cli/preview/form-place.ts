import { HOST_FIELDS } from '../../notes/fields.js';
import type { Items } from '../../notes/item-value.js';
import { findNamed } from '../../notes/template/design/element-names.js';
import type { FormDesign } from '../../notes/template/design/form-model.js';
import type { OpenRequest } from '../../notes/template/form/form-session.js';
import { fieldsOf } from '../../notes/template/item-fields.js';
import { BridgeError } from '../../presence/errors.js';
import { formOf, formulaWorld } from './formula-world.js';
import { peopleOf } from './people-names.js';
import { isProfile, profileId } from './profile-id.js';
import type { ShownTemplate } from './shown-template.js';

const HOST_PEOPLE = 3;

/** A document in its form, or a form in which a document begins. */
export interface FormPlace {
  readonly form: FormDesign;
  /** Document; absent for a new one. */
  readonly id: string | undefined;
  readonly items: Items;
  /** Address of the page. */
  readonly path: string;
  /** Address to which the page goes back. */
  readonly back: string;
  /** Alias of the view from which it was opened. */
  readonly view: string | undefined;
}

/** A document that a view shows. Throws `API_NOT_FOUND`. */
export function documentPlace(shown: ShownTemplate, params: { readonly view: string; readonly id: string }): FormPlace {
  const { paths, source, views } = shown;
  const items = source.documents.get(params.id);
  const form = items && formOf(shown, items);
  if (!items || !form || !views.has(params.view)) throw new BridgeError('API_NOT_FOUND', 'there is no such document');
  const { id, view } = params;
  return { form, id, items, view, path: paths.document(view, id), back: paths.view(view) };
}

/** A new document of a form; for a profile the one document that there is. Throws `API_NOT_FOUND`. */
export function formPlace(shown: ShownTemplate, name: string): FormPlace {
  const { design, paths, source } = shown;
  const form = findNamed(design.forms, name);
  if (!form) throw new BridgeError('API_NOT_FOUND', `the template has no form "${name.slice(0, 100)}"`);
  const id = isProfile(form.alias) ? profileId(form.alias) : undefined;
  const items = id === undefined ? undefined : source.documents.get(id);
  const place = { form, view: undefined, path: paths.form(form.alias), back: paths.home };
  return items ? { ...place, id, items } : { ...place, id: undefined, items: {} };
}

/** A subform, page or help document, which has no document. */
export function elementPlace(shown: ShownTemplate, form: FormDesign, path: string): FormPlace {
  return { form, id: undefined, items: {}, view: undefined, path, back: shown.paths.home };
}

/** A document into which a subform could have been put: it names some people, in the field that the subforms of the template read. */
export function hostItems({ source, presence }: ShownTemplate): Items {
  return { [HOST_FIELDS.person]: peopleOf((presence?.source ?? source).documents).slice(0, HOST_PEOPLE) };
}

/** What opening the document asks for. */
export function openRequestOf(shown: ShownTemplate, place: FormPlace, mode: 'read' | 'edit'): OpenRequest {
  const { design, language, views } = shown;
  const { form, id, items, view } = place;
  const viewTitle = view === undefined ? undefined : views.get(view)?.model.title;
  return {
    form,
    subforms: design.subforms,
    fields: fieldsOf(items),
    mode,
    isNew: id === undefined && form.kind === 'form',
    formulas: formulaWorld(shown, viewTitle === undefined ? { id } : { id, viewTitle }),
    language,
  };
}
