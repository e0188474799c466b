import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { PersonDesk } from '../person-ports.js';
import type { Access } from './access.js';
import { erasureSchema, personFileSchema, readPersonQuery } from './person-schemas.js';
import { jsonSchema, problemSchema } from './schemas.js';

export interface PersonRouteOptions {
  readonly access: Access;
  readonly desk: PersonDesk;
}

/** All documents of a database are read, which takes a large one through the REST API a while. */
const WAIT_MS = 150_000;

/**
 * Routes about all that is stored of one person; each wants the token. `who` is what `PersonDesk` takes.
 *
 * | request | answer |
 * |---|---|
 * | `GET /api/v1/person?who=…` | `PersonFile` |
 * | `DELETE /api/v1/person?who=…&optOut=true` | `Erasure` |
 */
export function addPersonRoutes(app: FastifyInstance, { access, desk }: PersonRouteOptions): void {
  const problem = jsonSchema(problemSchema);
  const answers = (schema: Parameters<typeof jsonSchema>[0]) => ({
    schema: { response: { 200: jsonSchema(schema), '4xx': problem, '5xx': problem } },
    onRequest: async (request: FastifyRequest) => {
      access.byToken(request.headers.authorization, request.ip);
      request.socket.setTimeout(WAIT_MS);
    },
  });

  app.get('/api/v1/person', answers(personFileSchema), ({ query }) => desk.show(readPersonQuery(query).who));

  app.delete('/api/v1/person', answers(erasureSchema), ({ query }) => {
    const { who, optOut } = readPersonQuery(query);
    return desk.erase(who, { optOut });
  });
}
