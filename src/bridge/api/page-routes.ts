import type { FastifyInstance, FastifyReply } from 'fastify';
import { BridgeError } from '../../presence/errors.js';
import type { Page } from '../board/pages.js';
import type { ViewFeed } from '../view-ports.js';

/** Types an image resource of the template can have. Anything else is not served: a browser might run it. */
const IMAGE_TYPES = new Set(['image/gif', 'image/png', 'image/jpeg']);

/** The board and the template's icons: no presence, no token. */
export function addPageRoutes(app: FastifyInstance, pages: ReadonlyMap<string, Page>, views: ViewFeed): void {
  app.get('/', (_request, reply) => sendPage(reply, pages.get('index.html')));
  app.get<{ Params: { name: string } }>('/board/:name', ({ params }, reply) => {
    return sendPage(reply, params.name === 'index.html' ? undefined : pages.get(params.name));
  });
  app.get<{ Params: { name: string } }>('/icons/:name', ({ params }, reply) => {
    const image = views.image(params.name);
    return sendPage(reply, image && IMAGE_TYPES.has(image.type) ? image : undefined);
  });
}

function sendPage(reply: FastifyReply, page: Page | undefined): FastifyReply {
  if (page === undefined) throw new BridgeError('API_NOT_FOUND', 'there is no such file');
  return reply.type(page.type).send(page.data);
}
