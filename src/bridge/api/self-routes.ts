import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Messenger, OwnPresence } from '../ports.js';
import type { Access } from './access.js';
import { jsonSchema, problemSchema } from './schemas.js';
import { deliveredSchema, readMessage, readOwnStatus, selfSchema } from './self-schemas.js';

/** The account that the bridge is signed in with: it speaks for itself only. */
export interface OwnSide {
  readonly own: OwnPresence;
  readonly messages: Messenger;
}

export interface SelfRouteOptions extends OwnSide {
  readonly access: Access;
}

/** The other side has a minute to answer, and a message is tried in two dialogs at most. Silence on the connection so long is no fault. */
const WAIT_MS = 150_000;

/** Routes for what the bridge's own account says of itself and to others; each wants the token. */
export function addSelfRoutes(app: FastifyInstance, { access, own, messages }: SelfRouteOptions): void {
  const problem = jsonSchema(problemSchema);
  const answers = (schema: Parameters<typeof jsonSchema>[0]) => ({
    schema: { response: { 200: jsonSchema(schema), '4xx': problem, '5xx': problem } },
    onRequest: async (request: FastifyRequest) => {
      access.byToken(request.headers.authorization, request.ip);
      request.socket.setTimeout(WAIT_MS);
    },
  });
  const current = () => ({ own: own.current() ?? null });

  app.get('/api/v1/self', answers(selfSchema), current);

  app.put('/api/v1/self', answers(selfSchema), async ({ body }) => {
    await own.publish(readOwnStatus(body));
    return current();
  });

  app.delete('/api/v1/self', answers(selfSchema), async () => {
    await own.clear();
    return current();
  });

  app.post('/api/v1/messages', answers(deliveredSchema), async ({ body }) => {
    const { to, text } = readMessage(body);
    await messages.send(to, text);
    return { delivered: true };
  });
}
