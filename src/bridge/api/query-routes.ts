import type { FastifyInstance, FastifyRequest } from 'fastify';
import { BridgeError } from '../../presence/errors.js';
import type { Vocabulary } from '../../presence/vocabularies.js';
import type { Clock } from '../ports.js';
import type { BridgeStatus, PersonFinding } from '../status.js';
import type { FilteredPerson } from './person-filter.js';
import {
  MAX_QUERY_BODY,
  onePersonAnswerSchema,
  type PeopleAnswer,
  type PeopleQuestion,
  type PersonAnswer,
  peopleAnswerSchema,
  type QUERY_REASONS,
  readPeopleQuery,
  readPersonQuestion,
} from './query-schemas.js';
import { wordsOf } from './query-words.js';
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
  const { status, clock, find, freshMs } = options;
  const problem = jsonSchema(problemSchema);
  const answers = (schema: Parameters<typeof jsonSchema>[0]) => ({
    schema: { response: { 200: jsonSchema(schema), '4xx': problem, '5xx': problem } },
  });
  const answer = (request: FastifyRequest, { people, words }: PeopleQuestion): PeopleAnswer => {
    const { filter, sees } = grantOf(request);
    const findOne = (query: string) => (filter.everybody ? find(query) : find(query, sees));
    const at = clock.now();
    const circumstances = { doubt: doubtOf(status()), freshUntil: at + freshMs };
    return { at, people: people.map((query) => withWords(answerTo(query, findOne(query), circumstances), words)) };
  };

  // So large a body only holders of a token may send: who asks is known before it is read.
  app.post('/api/v1/people/query', { ...answers(peopleAnswerSchema), bodyLimit: MAX_QUERY_BODY }, (request) =>
    answer(request, readPeopleQuery(request.body, request.query)),
  );

  app.get('/api/v1/people/:who', answers(onePersonAnswerSchema), (request) => {
    const { at, people } = answer(request, readPersonQuestion(request.params, request.query));
    const [person] = people;
    if (person?.found !== true) throw nobody(person?.reason);
    return { at, ...person };
  });
}

/** The same words whoever was asked for: a filter leaves no trace in them. */
function nobody(reason: Reason | undefined): BridgeError {
  switch (reason) {
    case 'ambiguous':
      return new BridgeError('API_BAD_REQUEST', 'several people have this name; ask by the full name or an address');
    case 'not-a-name':
      return new BridgeError('API_BAD_REQUEST', 'this is neither a name nor an address');
    default:
      return new BridgeError('DIRECTORY_NOBODY', 'nobody is known under this name or address');
  }
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

/** Words are made of the answer itself, so that they never say more than it does. */
function withWords(answer: PersonAnswer, asked: readonly Vocabulary[]): PersonAnswer {
  if (!answer.found || asked.length === 0) return answer;
  const { status, activity = '', outOfOffice } = answer;
  return { ...answer, words: wordsOf({ status, activity, outOfOffice }, asked) };
}
