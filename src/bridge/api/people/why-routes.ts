import type { FastifyInstance } from 'fastify';
import type { SipUri } from '../../../presence/ids.js';
import type { PersonExplanation } from '../../status.js';
import type { Grant } from '../access/grant.js';
import { grantOf } from '../access/route-access.js';
import { answersWith } from '../http/answer-schemas.js';
import { nobody } from './nobody.js';
import { momentOf, type PeopleSide } from './people-side.js';
import { personPresence } from './person-answer.js';
import { readWho } from './query-schemas.js';
import { type WhyAnswer, whySchema } from './why-schemas.js';
import { whyText } from './why-text.js';

/** `GET /api/v1/people/{who}/why`: why somebody is shown as they are. Errors as of `GET /api/v1/people/{who}`. */
export function addWhyRoute(app: FastifyInstance, options: PeopleSide): void {
  const { watched } = options;

  app.get('/api/v1/people/:who/why', answersWith(whySchema), (request): WhyAnswer => {
    const query = readWho(request.params);
    const grant = grantOf(request);
    const meant = watched.resolve(query, grant.filter.everybody ? undefined : grant.sees);
    if (meant.outcome !== 'found') throw nobody(meant.outcome);
    const why = watched.explain(meant.person.uri);
    if (why === undefined) throw nobody('not-found');
    const { at, freshUntil, doubt } = momentOf(options);
    const list = why.list && listOf(why.list, watched, grant);
    return {
      at,
      query,
      ...personPresence(why.person, doubt),
      freshUntil,
      rule: why.rule,
      says: whyText(why),
      ...inputsOf(why),
      ...(list === undefined ? {} : { list }),
    };
  });
}

function inputsOf({ ocs, application }: PersonExplanation): Pick<WhyAnswer, 'ocs' | 'application'> {
  const said = ocs && {
    status: ocs.status,
    ...(ocs.activity === '' ? {} : { activity: ocs.activity }),
    outOfOffice: ocs.outOfOffice,
    ...(ocs.since === undefined ? {} : { since: ocs.since }),
    ...(ocs.observedAt === undefined ? {} : { observedAt: ocs.observedAt }),
  };
  return {
    ...(said === undefined ? {} : { ocs: said }),
    ...(application === undefined ? {} : { application: { ...application } }),
  };
}

/** Members outside of the filter are not there: neither counted nor named. */
function listOf(
  { id, rule, decidedBy, members }: NonNullable<PersonExplanation['list']>,
  watched: PeopleSide['watched'],
  grant: Grant,
): NonNullable<WhyAnswer['list']> {
  const sees = (uri: SipUri): boolean => {
    const person = watched.person(uri);
    return person !== undefined && grant.sees(person);
  };
  const all = grant.filter.everybody ? undefined : watched.lists().find((list) => list.id === id)?.members;
  const seen = grant.filter.everybody ? members : (all ?? []).filter(sees).length;
  return { id, rule, ...(decidedBy !== undefined && sees(decidedBy) ? { decidedBy } : {}), members: seen };
}
