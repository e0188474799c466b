import type { FastifyInstance } from 'fastify';
import type { LookUp } from '../../../presence/directory.js';
import type { OthersPresence } from '../../list-ports.js';
import type { Clock } from '../../ports.js';
import type { BridgeStatus } from '../../status.js';
import type { WatchedPeople } from '../../watched-ports.js';
import type { Access } from '../access/access.js';
import type { AuditLog } from '../access/audit-log.js';
import { addListRoutes } from './list-routes.js';
import { addOthersRoutes } from './others-routes.js';
import { addQueryRoutes, type PeopleQuery } from './query-routes.js';
import { addResolveRoute } from './resolve-routes.js';
import { addWhyRoute } from './why-routes.js';

export interface PeopleRouteOptions {
  readonly status: () => BridgeStatus;
  readonly clock: Clock;
  readonly query?: PeopleQuery;
  readonly watched?: WatchedPeople;
  readonly lookUp?: (text: string) => Promise<LookUp>;
  readonly others?: OthersPresence;
}

/** What applications ask and say of watched people. Routes for which something is missing are not there. */
export function addPeopleRoutes(
  app: FastifyInstance,
  { access, audit }: { readonly access: Access; readonly audit: AuditLog },
  options: PeopleRouteOptions,
): void {
  const { watched, query, others, status, lookUp, clock } = options;
  if (query) addQueryRoutes(app, { access, status, clock, ...query });
  if (query && watched) {
    const side = { watched, status, clock, freshMs: query.freshMs };
    addWhyRoute(app, side);
    addListRoutes(app, side);
    addResolveRoute(app, { ...side, lookUp });
  }
  if (watched && others) addOthersRoutes(app, { audit, watched, others, clock });
}
