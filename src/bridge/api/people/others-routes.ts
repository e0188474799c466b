import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AssertedStatus, OthersPresence } from '../../list-ports.js';
import type { Clock } from '../../ports.js';
import type { PersonStatus } from '../../status.js';
import type { WatchedPeople } from '../../watched-ports.js';
import type { AuditLog } from '../access/audit-log.js';
import type { Grant } from '../access/grant.js';
import { grantOf } from '../access/route-access.js';
import { answersWith } from '../http/answer-schemas.js';
import { nobody } from './nobody.js';
import { type AssertedAnswer, assertedAnswerSchema, readAsserted } from './others-schemas.js';
import { whoOf } from './person-answer.js';
import { readWho } from './query-schemas.js';

export interface OthersRouteOptions {
  readonly audit: AuditLog;
  readonly watched: Pick<WatchedPeople, 'resolve'>;
  readonly others: OthersPresence;
  readonly clock: Clock;
}

/**
 * What an application says of somebody else, by leave of that person. Answers with its own words and no status: the scope
 * `read` is another one.
 *
 * | request | answer |
 * |---|---|
 * | `PUT /api/v1/people/{who}/status` | `AssertedAnswer`; 403 `PERSON_NOT_ALLOWED` without the person's leave |
 * | `DELETE /api/v1/people/{who}/status` | the same with nothing said |
 */
export function addOthersRoutes(app: FastifyInstance, { audit, watched, others, clock }: OthersRouteOptions): void {
  const personOf = (request: FastifyRequest): PersonStatus => {
    const { filter, sees } = grantOf(request);
    const meant = watched.resolve(readWho(request.params), filter.everybody ? undefined : sees);
    if (meant.outcome !== 'found') throw nobody(meant.outcome);
    return meant.person;
  };
  const answer = (person: PersonStatus, said: AssertedStatus | null): AssertedAnswer => ({
    at: clock.now(),
    ...whoOf(person),
    said: said && { ...said },
  });

  app.put('/api/v1/people/:who/status', answersWith(assertedAnswerSchema), async (request) => {
    const grant = grantOf(request);
    const said = endingWith(grant, readAsserted(request.body, clock.now()));
    const person = personOf(request);
    const work = async () => others.assert(person.key, grant.holder, said);
    await audit.statusSet(grant, 'set', work(), person.key);
    return answer(person, said);
  });

  app.delete('/api/v1/people/:who/status', answersWith(assertedAnswerSchema), async (request) => {
    const grant = grantOf(request);
    const person = personOf(request);
    const work = async () => others.retract(person.key, grant.holder);
    await audit.statusSet(grant, 'clear', work(), person.key);
    return answer(person, null);
  });
}

/** No word outlives the token that it was said with. */
function endingWith({ expires = Number.POSITIVE_INFINITY }: Grant, said: AssertedStatus): AssertedStatus {
  return { ...said, until: Math.min(said.until, expires) };
}
