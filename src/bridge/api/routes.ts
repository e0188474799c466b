import type { FastifyInstance, FastifyRequest } from 'fastify';
import { healthOf } from '../observe/health.js';
import type { Metrics } from '../observe/metrics.js';
import { recordStatus } from '../observe/status-metrics.js';
import type { Clock } from '../ports.js';
import type { BridgeStatus, PersonStatus } from '../status.js';
import type { Access } from './access.js';
import type { Grant } from './grant.js';
import { healthSchema, jsonSchema, personSchema, problemSchema, statusSchema, ticketSchema } from './schemas.js';

export interface RouteOptions {
  readonly access: Access;
  readonly status: () => BridgeStatus;
  readonly people: () => readonly PersonStatus[];
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Milliseconds. */
  readonly ticketLife: number;
}

const problem = jsonSchema(problemSchema);
const problems = { '4xx': problem, '5xx': problem };

/** Routes for supervisors (no token, no person) and for applications (token). */
export function addRoutes(app: FastifyInstance, options: RouteOptions): void {
  const { access, status, people, metrics, clock, ticketLife } = options;
  const health = jsonSchema(healthSchema);

  app.get('/healthz', { schema: { response: { 200: health, 503: health } } }, (_request, reply) => {
    const answer = healthOf(status(), clock.now());
    return reply.code(answer.healthy ? 200 : 503).send(answer);
  });

  app.get('/metrics', async (_request, reply) => {
    recordStatus(metrics, status(), clock.now());
    return reply.type(metrics.contentType).send(await metrics.expose());
  });

  app.get('/api/v1/status', { schema: { response: { 200: jsonSchema(statusSchema), ...problems } } }, (request) => {
    authorize(request, access);
    return status();
  });

  const peopleAnswer = { type: 'array', items: jsonSchema(personSchema) };
  app.get('/api/v1/people', { schema: { response: { 200: peopleAnswer, ...problems } } }, (request) => {
    authorize(request, access);
    return people();
  });

  const ticketAnswer = { schema: { response: { 200: jsonSchema(ticketSchema), ...problems } } };
  app.post('/api/v1/stream-ticket', ticketAnswer, (request) => {
    return { ticket: access.issueTicket(authorize(request, access)), expiresInSeconds: ticketLife / 1000 };
  });
}

function authorize(request: FastifyRequest, access: Access): Grant {
  return access.byToken(request.headers.authorization, request.ip);
}
