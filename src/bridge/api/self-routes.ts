import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BridgeError } from '../../presence/errors.js';
import { type SipUri, sipKeyOf } from '../../presence/ids.js';
import type { Clock, Messenger, OwnPresence } from '../ports.js';
import type { AuditLog } from './access/audit-log.js';
import type { Grant } from './access/grant.js';
import { grantOf } from './access/route-access.js';
import type { PeopleQuery } from './people/query-routes.js';
import { jsonSchema, problemSchema } from './schemas.js';
import { deliveredSchema, readMessage, readOwnStatus, selfSchema, toldOwnStatus } from './self-schemas.js';

/** The account that the bridge is signed in with: it speaks for itself only. */
export interface OwnSide {
  readonly own: OwnPresence;
  readonly messages: Messenger;
}

export interface SelfRouteOptions extends OwnSide {
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** For tokens with a person filter by Notes names; without it they reach addresses only. */
  readonly find?: PeopleQuery['find'] | undefined;
}

/** The other side has a minute to answer, and a message is tried in two dialogs at most. Silence on the connection so long is no fault. */
const WAIT_MS = 150_000;

/** Routes for what the bridge's own account says of itself and to others. */
export function addSelfRoutes(app: FastifyInstance, { audit, own, messages, find, clock }: SelfRouteOptions): void {
  const problem = jsonSchema(problemSchema);
  const answers = (schema: Parameters<typeof jsonSchema>[0]) => ({
    schema: { response: { 200: jsonSchema(schema), '4xx': problem, '5xx': problem } },
    onRequest: async (request: FastifyRequest) => {
      request.socket.setTimeout(WAIT_MS);
    },
  });
  const current = () => {
    const at = clock.now();
    return { at, own: toldOwnStatus(own.current(), at) };
  };

  app.get('/api/v1/self', answers(selfSchema), current);

  app.put('/api/v1/self', answers(selfSchema), async (request) => {
    await audit.statusSet(grantOf(request), 'set', own.publish(readOwnStatus(request.body, clock.now())));
    return current();
  });

  app.delete('/api/v1/self', answers(selfSchema), async (request) => {
    await audit.statusSet(grantOf(request), 'clear', own.clear());
    return current();
  });

  app.post('/api/v1/messages', answers(deliveredSchema), async (request) => {
    const { to, text } = readMessage(request.body);
    const grant = grantOf(request);
    checkReceiver(grant, to, find);
    await audit.messageSent(grant, sipKeyOf(to), messages.send(to, text));
    return { delivered: true };
  });
}

/** Whether a message arrives tells of presence too. Throws `DIRECTORY_NOBODY` for everybody outside of the filter. */
function checkReceiver(grant: Grant, to: SipUri, find: PeopleQuery['find'] | undefined): void {
  if (grant.sees({ uri: to, name: undefined })) return;
  const finding = find?.(to, (person) => grant.sees(person));
  if (finding?.outcome === 'found' && finding.person.uri === to) return;
  throw new BridgeError('DIRECTORY_NOBODY', 'nobody is known under this address');
}
