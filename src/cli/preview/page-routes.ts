import type { FastifyInstance, FastifyReply } from 'fastify';
import { catalogueHtml } from '../../notes/template/preview/catalogue-html.js';
import { BridgeError } from '../../presence/errors.js';
import { catalogueOf } from './catalogue.js';
import { shellPage } from './page-shell.js';
import type { ShownTemplate } from './shown-template.js';

/** Types an image resource of the template can have. Anything else is not served: a browser might run it. */
const IMAGE_TYPES = new Set(['image/gif', 'image/png', 'image/jpeg']);

/** What is neither view nor form of one language: start, list of design elements, pictures. */
export function addPageRoutes(app: FastifyInstance, shown: ShownTemplate, languages: readonly string[]): void {
  const { paths, words, design } = shown;
  app.get(paths.home, (_request, reply) => reply.redirect(startOf(shown)));
  app.get(paths.home.slice(0, -1), (_request, reply) => reply.redirect(startOf(shown)));
  app.get(paths.design, (_request, reply) => {
    const content = catalogueHtml(catalogueOf(shown), words);
    const page = { page: 'design', title: words.design, path: paths.design, content };
    return sendPage(reply, shellPage(shown, languages, page));
  });
  app.get<{ Params: { name: string } }>(`${paths.home}image/:name`, ({ params }, reply) => {
    const image = design.images.get(params.name);
    if (!image || !IMAGE_TYPES.has(image.type)) throw new BridgeError('API_NOT_FOUND', 'there is no such picture');
    return reply.type(image.type).send(image.data);
  });
}

/** Where the client begins: the default view. */
function startOf({ views, paths }: ShownTemplate): string {
  const all = [...views.values()];
  const start = all.find(({ isDefault }) => isDefault) ?? all.find(({ isHidden }) => !isHidden) ?? all[0];
  return start ? paths.view(start.model.id) : paths.design;
}

export function sendPage(reply: FastifyReply, page: string): FastifyReply {
  return reply.type('text/html; charset=utf-8').send(page);
}
