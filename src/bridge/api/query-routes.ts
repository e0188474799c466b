import type { FastifyInstance } from 'fastify';
import type { Clock } from '../ports.js';
import type { BridgeStatus, PersonFinding } from '../status.js';
import type { FilteredPerson } from './person-filter.js';
import {
  MAX_QUERY_BODY,
  type PersonAnswer,
  peopleAnswerSchema,
  type QUERY_REASONS,
  readPeopleQuery,
} from './query-schemas.js';
import { grantOf } from './route-access.js';
import { jsonSchema, problemSchema } from './schemas.js';

/** Questions about many people at once. */
export interface PeopleQuery {
  /** Among those whom `sees` lets through, as if there were nobody else. */
  find(text: string, sees?: (person: FilteredPerson) => boolean): PersonFinding;
  /** How long an answer may be shown, milliseconds. */
  readonly freshMs: number;
}

export interface QueryRouteOptions extends PeopleQuery {
  readonly status: () => Pick<BridgeStatus, 'role' | 'ocs'>;
  readonly clock: Clock;
}

/** `POST /api/v1/people/query`: the statuses of the people named in the body, in their order. */
export function addQueryRoutes(app: FastifyInstance, options: QueryRouteOptions): void {
  const { status, clock, find, freshMs } = options;
  const problem = jsonSchema(problemSchema);
  app.post(
    '/api/v1/people/query',
    {
      schema: { response: { 200: jsonSchema(peopleAnswerSchema), '4xx': problem, '5xx': problem } },
      bodyLimit: MAX_QUERY_BODY,
      // So much only holders of a token may send: who asks is known before the body is read.
    },
    (request) => {
      const asked = readPeopleQuery(request.body);
      const { filter, sees } = grantOf(request);
      const findOne = (query: string) => (filter.everybody ? find(query) : find(query, sees));
      const at = clock.now();
      const doubt = doubtOf(status());
      return { at, people: asked.map((query) => answerTo(query, findOne(query), { doubt, freshUntil: at + freshMs })) };
    },
  );
}

type Reason = (typeof QUERY_REASONS)[number];

/** Why somebody whom the bridge knows is not confirmed. */
function doubtOf({ role, ocs }: Pick<BridgeStatus, 'role' | 'ocs'>): Reason {
  if (role.state === 'standby') return 'bridge-standby';
  return ocs.state === 'connected' ? 'not-confirmed' : 'bridge-disconnected';
}

interface Circumstances {
  readonly doubt: Reason;
  readonly freshUntil: number;
}

function answerTo(query: string, finding: PersonFinding, { doubt, freshUntil }: Circumstances): PersonAnswer {
  const unknown = { query, status: 'unknown', outOfOffice: false, confirmed: false } as const;
  if (finding.outcome !== 'found') return { ...unknown, found: false, reason: finding.outcome };
  const { uri: address, name, status, activity, outOfOffice, since, observedAt } = finding.person;
  const person = { found: true, address, ...(name === undefined ? {} : { name }) };
  // A person who is not confirmed has no moment of confirmation.
  if (observedAt === undefined) return { ...unknown, ...person, reason: doubt };
  return {
    query,
    ...person,
    status,
    ...(activity === '' ? {} : { activity }),
    outOfOffice,
    ...(since === undefined ? {} : { since }),
    observedAt,
    freshUntil,
    confirmed: true,
  };
}
