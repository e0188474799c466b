import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { BridgeError } from '../../../presence/errors.js';
import { grantOf } from '../route-access.js';
import { jsonSchema, problemSchema } from '../schemas.js';
import { EventStreamWire } from './event-stream-wire.js';
import type { StreamHub } from './stream-hub.js';
import { readStreamQuery } from './subscribe-request.js';

/**
 * People and lists as server-sent events, for whom WebSocket is too much: what `subscribe` asks stands in the query string,
 * and the same messages come, each as an event of its type. The id of an event is the cursor.
 */
export function addStreamRoute(app: FastifyInstance, { hub }: { readonly hub: StreamHub }): void {
  const problem = jsonSchema(problemSchema);
  const schema = { response: { '4xx': problem, '5xx': problem } };

  app.get('/api/v1/stream', { schema }, (request, reply) => {
    const subscription = readStreamQuery(request.query, lastEventId(request.headers['last-event-id']));
    const grant = grantOf(request);
    hub.checked(grant, subscription.messages);
    hub.admit();
    const { socket } = request.raw;
    // An answer behind another one on the same connection would have to wait for it.
    if (reply.raw.socket !== socket) throw new BridgeError('API_BAD_REQUEST', 'a stream wants a connection of its own');
    const headers = reply.getHeaders() as OutgoingHttpHeaders;
    if (request.method === 'HEAD') return reply.type('text/event-stream').send();
    reply.hijack();
    hub.addFollower(new EventStreamWire(reply.raw, socket, headers), grant, subscription);
    return reply;
  });
}

function lastEventId(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}
