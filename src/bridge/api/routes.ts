import type { FastifyInstance } from 'fastify';
import type { DirectoryCounts } from '../../presence/directory.js';
import type { ReconcileFacts } from '../engine/reconcile-facts.js';
import { DEFAULT_HEALTH_LIMITS, type HealthLimits, healthOf } from '../observe/health.js';
import type { Metrics } from '../observe/metrics.js';
import { recordDirectory, recordStatus } from '../observe/status-metrics.js';
import type { Clock } from '../ports.js';
import type { BridgeStatus, PersonStatus } from '../status.js';
import type { Access } from './access/access.js';
import type { AuditLog } from './access/audit-log.js';
import { narrowStatus } from './access/narrow-status.js';
import { grantOf } from './access/route-access.js';
import { addEverybodyRoute } from './people/everybody-route.js';
import { healthSchema, jsonSchema, problemSchema, reconcileSchema, statusSchema, ticketSchema } from './schemas.js';

export interface RouteOptions {
  readonly access: Access;
  readonly audit: AuditLog;
  readonly status: () => BridgeStatus;
  readonly people: () => readonly PersonStatus[];
  readonly directory: (() => DirectoryCounts) | undefined;
  readonly reconcile: (() => Promise<ReconcileFacts>) | undefined;
  readonly health?: HealthLimits | undefined;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** How long statuses may be shown, milliseconds. */
  readonly freshMs: number;
  /** Milliseconds. */
  readonly ticketLife: number;
}

const RECONCILE_WAIT_MS = 600_000;

const problem = jsonSchema(problemSchema);
const problems = { '4xx': problem, '5xx': problem };

/** Routes for supervisors (no token, no person) and for applications (token, see `ROUTE_ACCESS`). */
export function addRoutes(app: FastifyInstance, options: RouteOptions): void {
  const { access, audit, status, people, directory, reconcile, metrics, clock, freshMs, ticketLife } = options;
  const { health: limits = DEFAULT_HEALTH_LIMITS } = options;
  const health = jsonSchema(healthSchema);

  app.get('/healthz', { schema: { response: { 200: health, 503: health } } }, (_request, reply) => {
    const answer = healthOf(status(), clock.now(), limits);
    return reply.code(answer.healthy ? 200 : 503).send(answer);
  });

  app.get('/metrics', async (_request, reply) => {
    recordStatus(metrics, status(), clock.now(), limits);
    if (directory) recordDirectory(metrics, directory(), clock.now());
    return reply.type(metrics.contentType).send(await metrics.expose());
  });

  app.get('/api/v1/status', { schema: { response: { 200: jsonSchema(statusSchema), ...problems } } }, (request) => {
    return narrowStatus(status(), people, grantOf(request));
  });

  addEverybodyRoute(app, { people, status, clock, freshMs });

  if (reconcile) {
    const answers = { schema: { response: { 200: jsonSchema(reconcileSchema), ...problems } } };
    app.post('/api/v1/reconcile', answers, async (request) => {
      // Reading everything may take longer than an idle connection may last.
      request.socket.setTimeout(RECONCILE_WAIT_MS);
      return audit.operated(grantOf(request), 'POST /api/v1/reconcile', reconcile());
    });
  }

  const ticketAnswer = { schema: { response: { 200: jsonSchema(ticketSchema), ...problems } } };
  app.post('/api/v1/stream-ticket', ticketAnswer, (request) => {
    return { ticket: access.issueTicket(grantOf(request)), expiresInSeconds: ticketLife / 1000 };
  });
}
