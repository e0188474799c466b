import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { findNamed } from '../../notes/template/design/element-names.js';
import type { FormDesign } from '../../notes/template/design/form-model.js';
import { fieldsIn } from '../../notes/template/form/form-fields.js';
import type { FormInput } from '../../notes/template/form/form-input.js';
import { FormSession } from '../../notes/template/form/form-session.js';
import { withSubforms } from '../../notes/template/form/inline-subforms.js';
import { openForm } from '../../notes/template/form/open-form.js';
import type { OpenForm } from '../../notes/template/form/open-model.js';
import { runClick } from '../../notes/template/form/run-click.js';
import { saveForm, withInput } from '../../notes/template/form/save-form.js';
import { formPageHtml, type OwnActions, ownActionsHtml } from '../../notes/template/preview/form-page-html.js';
import { BridgeError } from '../../presence/errors.js';
import { clickAnswer } from './click-answer.js';
import { type DrawnForm, drawForm } from './drawn-form.js';
import { documentPlace, elementPlace, type FormPlace, formPlace, hostItems, openRequestOf } from './form-place.js';
import { itemOfValue } from './item-of-value.js';
import { sendPage } from './page-routes.js';
import { shellPage } from './page-shell.js';
import { PREVIEW_LIMITS } from './preview-limits.js';
import { isProfile, profileId } from './profile-id.js';
import { sampleUnid } from './sample-person.js';
import type { ShownTemplate } from './shown-template.js';
import { StyleSheets } from './style-sheets.js';

const MOST_FIELDS = 500;
const inputSchema = z.object({
  click: z.string().max(100).default(''),
  mode: z.enum(['read', 'edit']).default('read'),
  input: z.record(z.string().max(100), z.array(z.string().max(65_536)).max(1_000)).default({}),
});

/** Documents in their forms, subforms, pages and help documents of one language. */
export function addFormRoutes(app: FastifyInstance, shown: ShownTemplate, languages: readonly string[]): void {
  const { paths, words, design, source } = shown;
  const sheets = new StyleSheets();
  let made = 0;

  const show = (place: FormPlace, wanted: unknown, reply: FastifyReply): FastifyReply => {
    const mode = modeOf(place, wanted);
    const open = openForm(openRequestOf(shown, place, mode));
    const drawn = drawForm(shown, open, sheets);
    const own = ownActionsOf(place, open, mode, shown);
    const page = shellPage(shown, languages, {
      page: 'form',
      title: titleOf(shown, place, open),
      path: place.path,
      stylesheets: [drawn.style],
      scripts: ['form-page.js'],
      actionBar: ownActionsHtml(drawn.actionBar, words, own),
      content: formPageHtml(drawn.body, { path: place.path, back: place.back, mode }),
    });
    return sendPage(reply, page);
  };

  /** What is typed in, on top of what the document holds. */
  const entered = (place: FormPlace, body: unknown) => {
    const { click, mode, input } = inputOf(body);
    const request = openRequestOf(shown, place, mode);
    return { click, input, request: { ...request, fields: withInput(request, input) } };
  };

  const click = (place: FormPlace, body: unknown) => {
    const { click: id, request } = entered(place, body);
    const open = openForm({ ...request, refreshes: request.mode === 'edit' });
    const code = open.clicks.get(id);
    if (!code) throw new BridgeError('API_NOT_FOUND', 'the form has no such button now');
    const outcome = runClick(code, open.values, request.formulas);
    const answer = clickAnswer(shown, outcome, place);
    if (outcome.kind !== 'ran' || request.mode !== 'edit') return answer;
    const after = openForm({ ...request, fields: outcome.values, refreshes: true });
    return { ...answer, form: parts(drawForm(shown, after, sheets)) };
  };

  const refresh = (place: FormPlace, body: unknown) => {
    const { request } = entered(place, body);
    return { said: [], form: parts(drawForm(shown, openForm({ ...request, refreshes: true }), sheets)) };
  };

  const save = (place: FormPlace, body: unknown) => {
    if (!source.takesChanges) return { said: [{ text: words.readOnly }] };
    if (place.id === undefined && source.documents.size >= PREVIEW_LIMITS.documents)
      throw new BridgeError('API_BUSY', 'the sample holds as many documents as it can');
    const { input } = inputOf(body);
    const outcome = saveForm(openRequestOf(shown, place, 'edit'), input);
    if (!outcome.ok) return { said: [{ text: outcome.message }], field: outcome.field };
    const items = Object.fromEntries([...outcome.items].map(([name, value]) => [name, itemOfValue(value)]));
    made += 1;
    const { alias } = place.form;
    const id = place.id ?? (isProfile(alias) ? profileId(alias) : sampleUnid(`made ${shown.language} ${made}`));
    source.documents.put([id, { ...place.items, ...items }]);
    return { said: [{ text: words.saved }], go: place.back };
  };

  const places: readonly (readonly [string, (params: Record<string, string>) => FormPlace])[] = [
    [`${paths.home}view/:view/document/:id`, ({ view = '', id = '' }) => documentPlace(shown, { view, id })],
    [`${paths.home}form/:name`, ({ name = '' }) => formPlace(shown, name)],
    [
      `${paths.home}subform/:name`,
      ({ name = '' }) => ({
        ...elementPlace(shown, known(design.subforms, name), paths.subform(name)),
        items: hostItems(shown),
      }),
    ],
    [`${paths.home}page/:name`, ({ name = '' }) => elementPlace(shown, known(design.pages, name), paths.page(name))],
    [paths.about, () => elementPlace(shown, design.about ?? nothing(), paths.about)],
    [paths.using, () => elementPlace(shown, design.using ?? nothing(), paths.using)],
  ];
  for (const [path, placeOf] of places) {
    type Route = { readonly Params: Record<string, string>; readonly Querystring: { readonly mode?: string } };
    app.get<Route>(path, ({ params, query }, reply) => show(placeOf(params), query.mode, reply));
    app.post<Route>(`${path}/click`, ({ params, body }) => click(placeOf(params), body));
    app.post<Route>(`${path}/refresh`, ({ params, body }) => refresh(placeOf(params), body));
    app.post<Route>(`${path}/save`, ({ params, body }) => save(placeOf(params), body));
  }
  app.get<{ Params: { name: string } }>(`${paths.home}sheet/:name`, ({ params }, reply) => {
    const sheet = sheets.get(params.name.replace(/\.css$/, ''));
    if (sheet === undefined) throw new BridgeError('API_NOT_FOUND', 'there is no such style sheet any more');
    return reply.type('text/css; charset=utf-8').send(sheet);
  });
}

function modeOf({ id, form }: FormPlace, wanted: unknown): 'read' | 'edit' {
  if (form.kind !== 'form') return 'read';
  if (wanted === 'edit' || wanted === 'read') return wanted;
  const isOpenedToEdit = isProfile(form.alias) || form.opensInEditMode;
  return isOpenedToEdit || (id === undefined && form.isInMenu) ? 'edit' : 'read';
}

function titleOf({ words, design }: ShownTemplate, { form }: FormPlace, { windowTitle }: OpenForm): string {
  if (windowTitle !== '') return windowTitle;
  return form.kind === 'about' ? `${words.about} ${design.title}` : form.kind === 'using' ? words.using : form.alias;
}

/** What the client's menus offer, as far as the form has no button for it. */
function ownActionsOf(place: FormPlace, open: OpenForm, mode: 'read' | 'edit', shown: ShownTemplate): OwnActions {
  const { formulas } = openRequestOf(shown, place, mode);
  const commands = [...open.clicks.values()].flatMap((code) => {
    const outcome = runClick(code, open.values, formulas);
    return outcome.kind === 'ran' ? outcome.effects : [];
  });
  const has = (name: string): boolean => commands.some((effect) => effect.kind === 'command' && effect.name === name);
  const fields = fieldsIn(withSubforms(new FormSession(openRequestOf(shown, place, 'edit'), {})).blocks);
  const isFilledIn = place.form.kind === 'form' && fields.some(({ kind }) => kind === 'editable');
  return {
    edit: isFilledIn && mode === 'read' && place.id !== undefined && !has('EDITDOCUMENT'),
    save: isFilledIn && mode === 'edit' && !has('FILESAVE'),
  };
}

function inputOf(body: unknown): { click: string; mode: 'read' | 'edit'; input: FormInput } {
  const outcome = inputSchema.safeParse(body);
  if (!outcome.success || Object.keys(outcome.data.input).length > MOST_FIELDS)
    throw new BridgeError('API_BAD_REQUEST', 'this is not what a form sends');
  const { click, mode, input } = outcome.data;
  return { click, mode, input: new Map(Object.entries(input).map(([name, list]) => [name.toLowerCase(), list])) };
}

function parts({ body, actionBar, style }: DrawnForm) {
  return { body: body.text, actionBar: actionBar.text, style };
}

function known(forms: readonly FormDesign[], name: string): FormDesign {
  return findNamed(forms, name) ?? nothing();
}

function nothing(): never {
  throw new BridgeError('API_NOT_FOUND', 'the template has no such element');
}
