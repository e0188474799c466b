import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BridgeError } from '../../../presence/errors.js';
import { grantOf } from '../access/route-access.js';
import { jsonSchema, problemSchema } from '../schemas.js';
import { EventStreamWire } from './event-stream-wire.js';
import type { StreamHub } from './stream-hub.js';
import { readStreamBody, readStreamQuery, type SubscribeRequest } from './subscribe-request.js';

export interface StreamRouteOptions {
  readonly hub: StreamHub;
  /** Octets of a body. */
  readonly payload: number;
}

/**
 * People and lists as server-sent events, for whom WebSocket is too much: what `subscribe` asks stands in the query string or,
 * for more names than an address holds, in the body. The same messages come, each as an event of its type; its id is the cursor.
 */
export function addStreamRoute(app: FastifyInstance, { hub, payload }: StreamRouteOptions): void {
  const problem = jsonSchema(problemSchema);
  const schema = { response: { '4xx': problem, '5xx': problem } };

  const follow = (request: FastifyRequest, reply: FastifyReply, subscription: SubscribeRequest): FastifyReply => {
    const grant = grantOf(request);
    hub.checked(grant, subscription.messages);
    hub.admit(grant);
    const { socket } = request.raw;
    // An answer behind another one on the same connection would have to wait for it.
    if (reply.raw.socket !== socket) throw new BridgeError('API_BAD_REQUEST', 'a stream wants a connection of its own');
    const headers = reply.getHeaders() as OutgoingHttpHeaders;
    if (request.method === 'HEAD') return reply.type('text/event-stream').send();
    reply.hijack();
    hub.addFollower(new EventStreamWire(reply.raw, socket, headers), grant, subscription);
    return reply;
  };

  app.get('/api/v1/stream', { schema }, (request, reply) => {
    return follow(request, reply, readStreamQuery(request.query, lastEventId(request.headers['last-event-id'])));
  });

  app.post('/api/v1/stream', { schema, bodyLimit: payload }, (request, reply) => {
    const { body, query, headers } = request;
    return follow(request, reply, readStreamBody(body, query, lastEventId(headers['last-event-id'])));
  });
}

function lastEventId(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : header?.[0];
}
