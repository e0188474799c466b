import { z } from 'zod';
import { STATUSES } from '../../../presence/availability.js';
import { LIST_RULES } from '../../list-ports.js';
import { readAs } from '../http/read-as.js';
import { atSchema, freshUntilSchema, presenceSchema } from './presence-schemas.js';
import { MAX_TEXT } from './query-schemas.js';

/** Person of a list, with the key of the person's document. */
export const memberSchema = presenceSchema.extend({
  key: z.string().describe("Key of the person's document in Notes (`SipKey`)"),
});

const headSchema = z.object({
  id: z.string().describe('"everybody", "group:<name>", or as configured'),
  title: z.string(),
  kind: z.enum(['everybody', 'group', 'list']),
  people: z.number().describe('Members whom the token may know of'),
  entry: memberSchema
    .extend({ rule: z.enum(LIST_RULES).describe("How its status is made from the members'") })
    .optional()
    .describe('The one entry that shows the list, where it has one that the token may know of'),
});

/** Answer of `GET /api/v1/lists`. */
export const listsSchema = z.object({
  at: atSchema,
  freshUntil: freshUntilSchema,
  lists: z.array(headSchema.extend({ counts: z.record(z.enum(STATUSES), z.number()) })),
});

/** Answer of `GET /api/v1/lists/{list}` but for the members. */
export const listHeadSchema = headSchema.extend({ at: atSchema, freshUntil: freshUntilSchema });

/** Answer of `GET /api/v1/lists/{list}`. */
export const listSchema = listHeadSchema.extend({
  members: z.array(memberSchema).describe('In the order of the list'),
});

export type ListHead = z.infer<typeof headSchema>;
export type ListsAnswer = z.infer<typeof listsSchema>;
export type ListAnswer = z.infer<typeof listSchema>;
export type Member = z.infer<typeof memberSchema>;

const pathSchema = z.strictObject({ list: z.string().min(1).max(MAX_TEXT) });

/** The list that a path names. Throws `API_BAD_REQUEST`. */
export function readListId(params: unknown): string {
  return readAs(pathSchema, params, 'path').list;
}
