import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BridgeError } from '../../presence/errors.js';
import type { ClientFiles } from './client-files.js';

/** Whoever asks by the version has for ever what belongs to it. */
const FOR_EVER = 'public, max-age=31536000, immutable';
/** Others ask again whether it is still the same. */
const REVALIDATED = 'public, no-cache';

/** Compiled modules of the client and of the badge, for pages of all origins: no presence, no token. */
export function addClientRoutes(app: FastifyInstance, { files, version }: ClientFiles): void {
  const send = (request: FastifyRequest, reply: FastifyReply, path: string): FastifyReply => {
    const file = files.get(path);
    if (file === undefined) throw missing(files.size === 0);
    const isCurrent = (request.query as { readonly v?: unknown }).v === version;
    reply
      .header('cross-origin-resource-policy', 'cross-origin')
      .header('access-control-allow-origin', '*')
      .header('cache-control', isCurrent ? FOR_EVER : REVALIDATED)
      .header('etag', file.etag);
    if (request.headers['if-none-match']?.includes(file.etag)) return reply.code(304).send();
    return reply.type('text/javascript; charset=utf-8').send(file.text);
  };

  app.get<{ Params: { name: string } }>('/client/:name', (request, reply) => send(request, reply, request.params.name));

  app.get<{ Params: { name: string } }>('/client/badge/:name', (request, reply) => {
    return send(request, reply, `badge/${request.params.name}`);
  });
}

function missing(isUnbuilt: boolean): BridgeError {
  const message = isUnbuilt ? 'the client is not built here; run "npm run build"' : 'there is no such file';
  return new BridgeError('API_NOT_FOUND', message);
}
