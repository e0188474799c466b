import type { FastifyInstance } from 'fastify';
import type { DirectoryRow, LookUp } from '../../../presence/directory.js';
import { BridgeError } from '../../../presence/errors.js';
import type { PersonStatus } from '../../status.js';
import { grantOf } from '../access/route-access.js';
import { answersWith } from '../http/answer-schemas.js';
import { momentOf, type PeopleSide } from './people-side.js';
import { personPresence, whoOf } from './person-answer.js';
import { type ResolveAnswer, readName, resolveSchema } from './resolve-schemas.js';

export interface ResolveRouteOptions extends PeopleSide {
  /** Whom the directory means by a text; absent where there is no directory. */
  readonly lookUp?: ((text: string) => Promise<LookUp>) | undefined;
}

/**
 * `GET /api/v1/resolve?name=…`: whom a name or an address means, what of the person it was, and by which rule of the
 * directory that person has this address. Nobody, or several, is an answer too and no error.
 */
export function addResolveRoute(app: FastifyInstance, options: ResolveRouteOptions): void {
  const { watched, lookUp } = options;

  app.get('/api/v1/resolve', answersWith(resolveSchema), async (request): Promise<ResolveAnswer> => {
    const query = readName(request.query);
    const { filter, sees } = grantOf(request);
    const meant = watched.resolve(query, filter.everybody ? undefined : sees);
    const { at, freshUntil, doubt } = momentOf(options);
    switch (meant.outcome) {
      case 'found': {
        const told = {
          at,
          query,
          outcome: meant.outcome,
          by: meant.by,
          ...personPresence(meant.person, doubt),
          freshUntil,
        };
        const directory = await ruleOf(meant.person, lookUp);
        return { ...told, ...(directory === undefined ? {} : { directory }) };
      }
      case 'ambiguous': {
        const { outcome, by, candidates } = meant;
        return { at, query, outcome, by, candidates: candidates.map(whoOf) };
      }
      default:
        return { at, query, outcome: meant.outcome };
    }
  });
}

/**
 * Why a person whom the caller may know of has the address. Of a row that is not mapped nothing is told: its reason would
 * name others.
 */
async function ruleOf(
  { uri, source }: PersonStatus,
  lookUp: ResolveRouteOptions['lookUp'],
): Promise<ResolveAnswer['directory']> {
  // No directory knows the entry that stands for a list.
  if (lookUp === undefined || source === 'list') return undefined;
  try {
    const { rows, age } = await lookUp(uri);
    const row = rows.find(({ outcome, address }) => outcome === 'mapped' && address === uri);
    return row && told(row, age);
  } catch (thrown) {
    // Who is found stays found while Domino does not answer.
    if (thrown instanceof BridgeError) return undefined;
    throw thrown;
  }
}

function told({ outcome, rule, reason }: DirectoryRow, age: number): ResolveAnswer['directory'] {
  return { outcome, ...(rule === undefined ? {} : { rule }), reason, age: Math.round(age) };
}
