import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Vocabulary } from '../../../presence/vocabularies.js';
import type { Clock } from '../../ports.js';
import type { BridgeStatus, PersonFinding } from '../../status.js';
import type { Access } from '../access/access.js';
import type { FilteredPerson } from '../access/person-filter.js';
import { grantOf } from '../access/route-access.js';
import { jsonSchema, problemSchema } from '../schemas.js';
import { nobody } from './nobody.js';
import { type Doubt, doubtOf, personPresence } from './person-answer.js';
import {
  MAX_QUERY_BODY,
  onePersonAnswerSchema,
  type PeopleAnswer,
  type PeopleQuestion,
  type PersonAnswer,
  peopleAnswerSchema,
  readPeopleQuery,
  readPersonQuestion,
} from './query-schemas.js';

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
  readonly access: Pick<Access, 'charge'>;
}

/** Names of one question that cost as much as a request. */
export const NAMES_PER_REQUEST = 100;

/**
 * What people's statuses are, for applications.
 *
 * | request | answer |
 * |---|---|
 * | `POST /api/v1/people/query` | `PeopleAnswer`: those who are named in the body, in their order |
 * | `GET /api/v1/people/{who}` | the same of one person; 404 for nobody, 400 for a name of several people |
 *
 * Both take `?words=` for the words of other programs. What is *stored* of a person is another matter: `person-routes.ts`.
 */
export function addQueryRoutes(app: FastifyInstance, options: QueryRouteOptions): void {
  const { status, clock, find, freshMs, access } = options;
  const problem = jsonSchema(problemSchema);
  const answers = (schema: Parameters<typeof jsonSchema>[0]) => ({
    schema: { response: { 200: jsonSchema(schema), '4xx': problem, '5xx': problem } },
  });
  const answer = (request: FastifyRequest, { people, words }: PeopleQuestion): PeopleAnswer => {
    const { filter, sees } = grantOf(request);
    const findOne = (query: string) => (filter.everybody ? find(query) : find(query, sees));
    const at = clock.now();
    const circumstances = { doubt: doubtOf(status()), freshUntil: at + freshMs, words };
    return { at, people: people.map((query) => answerTo(query, findOne(query), circumstances)) };
  };

  // So large a body only holders of a token may send: who asks is known before it is read.
  app.post('/api/v1/people/query', { ...answers(peopleAnswerSchema), bodyLimit: MAX_QUERY_BODY }, (request) => {
    const question = readPeopleQuery(request.body, request.query);
    access.charge(grantOf(request), request.ip, Math.ceil(question.people.length / NAMES_PER_REQUEST));
    return answer(request, question);
  });

  app.get('/api/v1/people/:who', answers(onePersonAnswerSchema), (request) => {
    const { at, people } = answer(request, readPersonQuestion(request.params, request.query));
    const [person] = people;
    if (person?.found !== true) throw nobody(person?.reason);
    return { at, ...person };
  });
}

interface Circumstances {
  readonly doubt: Doubt;
  readonly freshUntil: number;
  readonly words: readonly Vocabulary[];
}

function answerTo(query: string, finding: PersonFinding, { doubt, freshUntil, words }: Circumstances): PersonAnswer {
  if (finding.outcome === 'found') {
    return { query, found: true, ...personPresence(finding.person, doubt, words), freshUntil };
  }
  const unknown = { status: 'unknown', outOfOffice: false, source: 'none', confirmed: false } as const;
  return { query, found: false, ...unknown, reason: finding.outcome };
}
