import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { BridgeError } from '../../../presence/errors.js';
import type { Vocabulary } from '../../../presence/vocabularies.js';
import type { Grant } from '../access/grant.js';
import { grantOf } from '../access/route-access.js';
import { answersWith, JSON_TYPE } from '../http/answer-schemas.js';
import { inSlices } from '../http/in-slices.js';
import { jsonPieces } from '../http/json-pieces.js';
import { jsonSchema } from '../schemas.js';
import {
  type ListsAnswer,
  listHeadSchema,
  listSchema,
  listsSchema,
  type Member,
  memberSchema,
  readListId,
} from './list-schemas.js';
import { momentOf, type PeopleSide } from './people-side.js';
import { readWords } from './query-schemas.js';
import { headOf, memberOf, type SeenList, seenList } from './seen-list.js';

/**
 * Lists of people. Members outside of the filter are on none of them.
 *
 * | request | answer |
 * |---|---|
 * | `GET /api/v1/lists` | `ListsAnswer`: all lists with how many of their members have which status |
 * | `GET /api/v1/lists/{list}` | `ListAnswer`: one with its members; 404 when it is not there |
 *
 * A list may have 10,000 members: everything is done and sent in slices, at the pace of whoever reads.
 */
export function addListRoutes(app: FastifyInstance, options: PeopleSide): void {
  const { watched } = options;
  /** Answers that are being made, by filter: who asks meanwhile gets the same. */
  const made = new Map<string, Promise<ListsAnswer>>();

  app.get('/api/v1/lists', answersWith(listsSchema), (request): Promise<ListsAnswer> => {
    const grant = grantOf(request);
    const { key } = grant.filter;
    const making = made.get(key) ?? allLists(options, grant).finally(() => made.delete(key));
    made.set(key, making);
    return making;
  });

  const head = jsonSchema(listHeadSchema);
  const member = jsonSchema(memberSchema);
  app.get('/api/v1/lists/:list', answersWith(listSchema), async (request, reply) => {
    const id = readListId(request.params);
    const words = readWords(request.query);
    const { sees } = grantOf(request);
    const list = watched.lists().find((one) => one.id === id);
    const seen = list && (await seenList(list, watched, sees));
    if (seen === undefined) throw new BridgeError('DIRECTORY_NOBODY', 'there is no such list');
    const { at, freshUntil, doubt } = momentOf(options);
    const begin = reply.compileSerializationSchema(head)({
      at,
      freshUntil,
      ...headOf(seen, watched, { sees, doubt, words }),
    });
    const write = reply.compileSerializationSchema(member);
    const members = membersOf(seen, options, { sees, words, write });
    const told = jsonPieces(`${begin.slice(0, -1)},"members":[`, members, ']}');
    return reply.type(JSON_TYPE).send(Readable.from(told, { objectMode: false }));
  });
}

interface Telling {
  readonly sees: Grant['sees'];
  readonly words: readonly Vocabulary[];
  readonly write: (member: Member) => string;
}

/** Each slice as it is when its turn comes; who has left since is left out. */
async function* membersOf(
  { members }: SeenList,
  options: PeopleSide,
  { sees, words, write }: Telling,
): AsyncGenerator<readonly string[]> {
  for await (const slice of inSlices(members)) {
    const { doubt } = momentOf(options);
    const people = slice.flatMap((uri) => options.watched.byAddress(uri) ?? []);
    yield people.filter(sees).map((person) => write(memberOf(person, doubt, words)));
  }
}

async function allLists(options: PeopleSide, { sees }: Grant): Promise<ListsAnswer> {
  const { watched } = options;
  const seen: SeenList[] = [];
  for (const list of watched.lists()) {
    const one = await seenList(list, watched, sees);
    if (one !== undefined) seen.push(one);
  }
  const { at, freshUntil, doubt } = momentOf(options);
  const lists = seen.map((one) => ({ ...headOf(one, watched, { sees, doubt }), counts: { ...one.counts } }));
  return { at, freshUntil, lists };
}
