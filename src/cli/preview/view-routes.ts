import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type Html, html } from '../../notes/template/preview/html.js';
import { gridHtml, linesHtml } from '../../notes/template/preview/view-html.js';
import { ALL_OPEN } from '../../notes/template/preview/view-lines.js';
import { viewStyle } from '../../notes/template/preview/view-style.js';
import { BridgeError } from '../../presence/errors.js';
import { drawForm } from './drawn-form.js';
import { shellPage } from './page-shell.js';
import type { ShownTemplate, ShownView } from './shown-template.js';
import { StyleSheets } from './style-sheets.js';
import { clickViewAction, openViewActions } from './view-actions.js';
import { arrangedLines, findLine, readFindRequest, readLinesRequest } from './view-request.js';

type ViewParams = { readonly Params: { readonly view: string } };

const clickSchema = z.object({ click: z.string().max(100), id: z.string().max(200).default('') });

/** Lines that come with the page itself. */
const FIRST_LINES = 100;

/** Views of one language: page, style, lines, quick search. */
export function addViewRoutes(app: FastifyInstance, shown: ShownTemplate, languages: readonly string[]): void {
  const { paths, words, language } = shown;
  const root = paths.home;
  app.get<ViewParams>(`${root}view/:view`, ({ params }, reply) => {
    const view = viewNamed(shown, params.view);
    const { model } = view;
    const lines = arrangedLines(shown, view, { expansion: ALL_OPEN, sort: undefined });
    const first = linesHtml({ model, paths }, { lines, from: 0, count: FIRST_LINES });
    const arrow = html`<button type="button" class="refresh-arrow" id="refresh" title="${words.refresh}" aria-label="${words.refresh}" hidden>↻</button>`;
    const page = shellPage(shown, languages, {
      page: 'view',
      title: model.title,
      path: paths.view(model.id),
      stylesheets: [paths.viewStyle(model.id)],
      scripts: ['view-page.js'],
      actionBar: html`<div id="actions">${actionBarOf(shown, model.id, undefined)}</div>`,
      content: html`<div class="view">${arrow}${gridHtml({ model, paths, words }, first, lines.length)}</div>`,
    });
    return reply.type('text/html; charset=utf-8').send(page);
  });
  app.get<ViewParams>(`${root}view/:view/style.css`, ({ params }, reply) => {
    return reply.type('text/css; charset=utf-8').send(viewStyle(viewNamed(shown, params.view).look));
  });
  app.get<ViewParams>(`${root}view/:view/lines`, ({ params, query }, reply) => {
    const view = viewNamed(shown, params.view);
    const request = readLinesRequest(query);
    const lines = arrangedLines(shown, view, request);
    const { count, key } = request;
    const from = Math.max(0, Math.min(request.from, lines.length - count));
    const at = key === undefined ? -1 : lines.findIndex((line) => line.key === key);
    const batch = html`<div class="batch" data-total="${lines.length}" data-from="${from}" data-at="${at}">${linesHtml({ model: view.model, paths }, { lines, from, count })}</div>`;
    return reply.type('text/html; charset=utf-8').send(batch.text);
  });
  app.get<ViewParams & { readonly Querystring: { readonly id?: string } }>(
    `${root}view/:view/actions`,
    ({ params, query }, reply) => {
      const { model } = viewNamed(shown, params.view);
      return reply.type('text/html; charset=utf-8').send(actionBarOf(shown, model.id, query.id).text);
    },
  );
  app.post<ViewParams>(`${root}view/:view/actions`, ({ params, body }) => {
    const { model } = viewNamed(shown, params.view);
    const outcome = clickSchema.safeParse(body);
    if (!outcome.success) throw new BridgeError('API_BAD_REQUEST', 'this is not what an action sends');
    const { click, id } = outcome.data;
    return clickViewAction(shown, model.id, { click, id: id === '' ? undefined : id });
  });
  app.get<ViewParams>(`${root}view/:view/find`, ({ params, query }) => {
    const view = viewNamed(shown, params.view);
    const request = readFindRequest(query);
    const lines = arrangedLines(shown, view, request);
    return { index: findLine(lines, view, request.sort, { text: request.text, language }) };
  });
}

function viewNamed({ views }: ShownTemplate, name: string): ShownView {
  const view = views.get(name);
  if (!view) throw new BridgeError('API_NOT_FOUND', `the template has no view "${name}"`);
  return view;
}

/** The bar of a view's actions for a document; its buttons have no style of their own. */
function actionBarOf(shown: ShownTemplate, alias: string, id: string | undefined): Html {
  return drawForm(shown, openViewActions(shown, alias, id), new StyleSheets(1)).actionBar;
}
