import type { FastifyInstance } from 'fastify';

const IMPLIED = new Set(['HEAD', 'OPTIONS']);

type Json = Readonly<Record<string, unknown>>;

/** A route as the HTTP library was told of it. */
export interface KnownRoute {
  readonly method: string;
  /** With parameters as the library writes them: `/board/:name`. */
  readonly url: string;
  /** JSON schemas of answers by status (`200`, `4xx`). */
  readonly answers: Readonly<Record<string, Json>>;
}

/**
 * All routes that are added after this call, in a list that grows with them. `HEAD` and `OPTIONS` are left out: they are
 * there for each `GET`, and on each path.
 */
export function knownRoutes(app: FastifyInstance): readonly KnownRoute[] {
  const routes: KnownRoute[] = [];
  app.addHook('onRoute', ({ method, url, schema }) => {
    // The library changes schemas later, when it makes serialisers of them.
    const answers = structuredClone(schema?.response ?? {}) as KnownRoute['answers'];
    for (const one of [method].flat()) if (!IMPLIED.has(one)) routes.push({ method: one, url, answers });
  });
  return routes;
}
