import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { SipKey } from '../../presence/ids.js';
import type { PersonDesk, PersonSubject } from '../person-ports.js';
import type { AuditLog } from './access/audit-log.js';
import { grantOf } from './access/route-access.js';
import { erasureSchema, personFileSchema, readPersonQuery } from './person-schemas.js';
import { jsonSchema, problemSchema } from './schemas.js';

export interface PersonRouteOptions {
  readonly audit: AuditLog;
  readonly desk: PersonDesk;
}

/** All documents of a database are read, which takes a large one through the REST API a while. */
const WAIT_MS = 150_000;

/**
 * Routes about all that is stored of one person; each wants the scope `operate`. `who` is what `PersonDesk` takes.
 *
 * | request | answer |
 * |---|---|
 * | `GET /api/v1/person?who=…` | `PersonFile` |
 * | `DELETE /api/v1/person?who=…&optOut=true` | `Erasure` |
 */
export function addPersonRoutes(app: FastifyInstance, { audit, desk }: PersonRouteOptions): void {
  const problem = jsonSchema(problemSchema);
  const answers = (schema: Parameters<typeof jsonSchema>[0]) => ({
    schema: { response: { 200: jsonSchema(schema), '4xx': problem, '5xx': problem } },
    onRequest: async (request: FastifyRequest) => {
      request.socket.setTimeout(WAIT_MS);
    },
  });

  app.get('/api/v1/person', answers(personFileSchema), (request) => {
    const file = desk.show(readPersonQuery(request.query).who);
    return audit.operated(grantOf(request), 'GET /api/v1/person', file, keysOf);
  });

  app.delete('/api/v1/person', answers(erasureSchema), (request) => {
    const { who, optOut } = readPersonQuery(request.query);
    return audit.operated(grantOf(request), 'DELETE /api/v1/person', desk.erase(who, { optOut }), keysOf);
  });
}

function keysOf({ subject }: { readonly subject: PersonSubject }): readonly SipKey[] {
  return subject.keys;
}
