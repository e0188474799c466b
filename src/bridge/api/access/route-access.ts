import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BridgeError } from '../../../presence/errors.js';
import type { Access } from './access.js';
import { ALL_SCOPES, type Grant, type Scope } from './grant.js';
import type { StreamCaller } from './stream-caller.js';

/** What a route wants of its caller. */
export type RouteAccess =
  /** Nothing: it holds no person. */
  | 'open'
  | {
      /** Any one of them will do. */
      readonly oneOf: readonly Scope[];
      /**
       * What a token with a person filter gets: `applied` only its people, by the route itself; `refused` nothing, since
       * the route is about everybody; `no-person` the same as others, since no watched person is in it.
       */
      readonly filter: 'applied' | 'refused' | 'no-person';
      /** True where pages may show a ticket in place of the token. */
      readonly tickets?: true;
    };

/** Every route and what it wants. One that is missing here cannot be added to the server. */
export const ROUTE_ACCESS: Readonly<Record<string, RouteAccess>> = {
  'GET /': 'open',
  'GET /board/:name': 'open',
  'GET /icons/:name': 'open',
  'GET /client/:name': 'open',
  'GET /client/badge/:name': 'open',
  'GET /healthz': 'open',
  'GET /metrics': 'open',
  'GET /api/v1/openapi.json': 'open',
  'GET /api/v1/me': { oneOf: ALL_SCOPES, filter: 'no-person' },
  'GET /api/v1/status': { oneOf: ['read', 'stream', 'operate'], filter: 'applied' },
  'GET /api/v1/people': { oneOf: ['read'], filter: 'applied' },
  'GET /api/v1/people/:who': { oneOf: ['read'], filter: 'applied' },
  'GET /api/v1/people/:who/why': { oneOf: ['read'], filter: 'applied' },
  'PUT /api/v1/people/:who/status': { oneOf: ['others-status'], filter: 'applied' },
  'DELETE /api/v1/people/:who/status': { oneOf: ['others-status'], filter: 'applied' },
  'POST /api/v1/people/query': { oneOf: ['read'], filter: 'applied' },
  'GET /api/v1/resolve': { oneOf: ['read'], filter: 'applied' },
  'GET /api/v1/lists': { oneOf: ['read', 'stream'], filter: 'applied' },
  'GET /api/v1/lists/:list': { oneOf: ['read', 'stream'], filter: 'applied' },
  'GET /api/v1/self': { oneOf: ['own-status'], filter: 'no-person' },
  'PUT /api/v1/self': { oneOf: ['own-status'], filter: 'no-person' },
  'DELETE /api/v1/self': { oneOf: ['own-status'], filter: 'no-person' },
  'POST /api/v1/messages': { oneOf: ['message'], filter: 'applied' },
  'GET /api/v1/person': { oneOf: ['operate'], filter: 'refused' },
  'DELETE /api/v1/person': { oneOf: ['operate'], filter: 'refused' },
  'POST /api/v1/reconcile': { oneOf: ['operate'], filter: 'refused' },
  'GET /api/v1/stream': { oneOf: ['stream'], filter: 'applied', tickets: true },
  'POST /api/v1/stream': { oneOf: ['stream'], filter: 'applied', tickets: true },
  'POST /api/v1/stream-ticket': { oneOf: ['stream'], filter: 'applied' },
};

/** What the upgrade to a live stream wants; it is no route of the HTTP library. */
export const STREAM_SCOPES: readonly Scope[] = ['stream'];

const grants = new WeakMap<FastifyRequest, Grant>();

/** Decides about every request before its body is read, and once more when it has come. To be called before the first route is added. */
export function guardRoutes(app: FastifyInstance, access: Access, streamCaller: StreamCaller): void {
  app.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) wantedBy(one, url);
  });
  app.addHook('onRequest', async (request) => {
    access.admit(request.ip);
    const { method, url } = request.routeOptions;
    // Nothing is at such a path.
    if (url === undefined) return;
    const wanted = wantedBy([method].flat()[0] ?? '', url);
    if (wanted === 'open') return;
    const { ip, raw, headers } = request;
    const grant = wanted.tickets ? streamCaller(raw, ip) : access.byToken(headers.authorization, ip);
    const everybody = wanted.filter === 'refused';
    access.demand(grant, wanted.oneOf, `${request.method} ${url}`, { everybody });
    grants.set(request, grant);
  });
  app.addHook('preHandler', async (request) => {
    const grant = grants.get(request);
    // A body may take its time, and its token may be revoked meanwhile.
    if (grant === undefined || access.stands(grant)) return;
    throw new BridgeError('API_UNAUTHORIZED', 'the access token does not count any more');
  });
}

/** What the caller of a route may do. For routes that are not open. */
export function grantOf(request: FastifyRequest): Grant {
  const grant = grants.get(request);
  if (grant === undefined) throw new BridgeError('INTERNAL', 'an open route asked for the grant of its caller');
  return grant;
}

const PATHS = new Set(Object.keys(ROUTE_ACCESS).map((route) => route.slice(route.indexOf(' ') + 1)));

function wantedBy(method: string, url: string): RouteAccess {
  // Which methods there are at a path is no secret; browsers ask for it without a token.
  if (method === 'OPTIONS' && PATHS.has(url)) return 'open';
  // The HTTP library answers HEAD by each route for GET.
  const route = `${method === 'HEAD' ? 'GET' : method} ${url}`;
  const wanted = Object.hasOwn(ROUTE_ACCESS, route) ? ROUTE_ACCESS[route] : undefined;
  if (wanted === undefined) throw new BridgeError('INTERNAL', `"${route}" has no entry in ROUTE_ACCESS`);
  return wanted;
}
