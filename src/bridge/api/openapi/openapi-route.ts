import type { FastifyInstance } from 'fastify';
import { version } from '../../version.js';
import { openApiDocument } from './document.js';
import type { KnownRoute } from './known-routes.js';

/** `GET /api/v1/openapi.json`: what this server has, without any person in it. */
export function addOpenApiRoute(app: FastifyInstance, routes: readonly KnownRoute[]): void {
  let text: string | undefined;
  app.get('/api/v1/openapi.json', (_request, reply) => {
    // Routes may still be added until the first request.
    text ??= JSON.stringify(openApiDocument(routes, version));
    return reply.type('application/json; charset=utf-8').send(text);
  });
}
