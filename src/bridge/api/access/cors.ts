import type { FastifyInstance } from 'fastify';
import { BridgeError } from '../../../presence/errors.js';
import type { KnownRoute } from '../openapi/known-routes.js';

/** What pages may send besides what browsers send by themselves. */
const REQUEST_HEADERS = 'authorization, content-type, last-event-id';
/** What they may read besides the few that browsers always let them read. */
const ANSWER_HEADERS = 'retry-after';
/** How long a browser need not ask again, seconds. */
const MAX_AGE = '600';

const PREFIX = '/api/';

/**
 * Lets pages of these origins, and of no other, read what the API answers (Fetch standard, CORS protocol). Never `*`, and no
 * credentials that a browser would add by itself: a page has to bring its token or ticket. To be called before the first route.
 */
export function shareWith(app: FastifyInstance, allowedOrigins: readonly string[]): void {
  const allowed = new Set(allowedOrigins);
  app.addHook('onRequest', async ({ url, headers: { origin } }, reply) => {
    if (!url.startsWith(PREFIX)) return;
    reply.header('vary', 'Origin');
    if (origin === undefined || !allowed.has(origin)) return;
    reply.headers({ 'access-control-allow-origin': origin, 'access-control-expose-headers': ANSWER_HEADERS });
  });
}

/**
 * Answers OPTIONS on all paths of the API that are there (RFC 9110 §9.3.7), which is also what browsers ask before a page
 * of another origin may send a request. Tells of routes only. To be called after the last route.
 */
export function addOptionsRoutes(
  app: FastifyInstance,
  routes: readonly KnownRoute[],
  allowedOrigins: readonly string[],
): void {
  const methods = new Map<string, Set<string>>();
  for (const { url, method } of routes) {
    if (!url.startsWith(PREFIX)) continue;
    const known = methods.get(url) ?? new Set(['OPTIONS']);
    methods.set(url, known.add(method));
    if (method === 'GET') known.add('HEAD');
  }
  for (const [url, known] of methods) {
    const allow = [...known].sort().join(', ');
    app.options(url, ({ headers }, reply) => {
      const { origin } = headers;
      if (origin !== undefined && allowedOrigins.includes(origin)) {
        reply.headers({
          'access-control-allow-methods': allow,
          'access-control-allow-headers': REQUEST_HEADERS,
          'access-control-max-age': MAX_AGE,
        });
      } else if (origin !== undefined && headers['access-control-request-method'] !== undefined) {
        throw new BridgeError('API_FORBIDDEN', 'the origin of the page is not allowed');
      }
      return reply.code(204).header('allow', allow).send();
    });
  }
}
