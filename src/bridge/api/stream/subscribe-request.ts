import { z } from 'zod';
import type { SubscribeMessage } from '../../../client/messages.js';
import { bad, ok, type Result } from '../../../presence/result.js';
import { readAs } from '../http/read-as.js';
import { wordsAskedSchema, wordsQuerySchema } from '../people/query-words.js';
import { SUBSCRIPTION_LIMITS } from './stream-limits.js';
import type { Subscription } from './subscription.js';

const MAX_CURSOR = 256;

const { name, ...most } = SUBSCRIPTION_LIMITS;
const people = z.array(z.string().max(name)).max(most.people);
const lists = z.array(z.string().max(name)).max(most.lists);
const cursor = z.string().max(MAX_CURSOR);

/** Body of `POST /api/v1/stream`: a message of the type `subscribe` without its type. */
export const streamBodySchema = z.strictObject({
  people: people.default([]).describe('Notes names in any spelling, SIP or mail addresses'),
  lists: lists.default([]).describe('Ids of lists, "everybody" for all'),
  words: wordsAskedSchema.default([]),
  messages: z
    .boolean()
    .default(false)
    .describe('True to be told of instant messages to the account of the bridge; wants the scope `message` too'),
  cursor: cursor.optional().describe('Where to go on, as `Last-Event-ID`, which goes before it'),
});

const subscribeSchema = streamBodySchema.extend({ type: z.literal('subscribe') });

/** A `SubscribeMessage` with everything that it leaves open. */
export type SubscribeRequest = Subscription & Required<Pick<SubscribeMessage, 'type' | 'messages'>> & Cursor;
type Cursor = { readonly cursor?: string | undefined };

const severally = (schema: typeof people) =>
  z
    .union([z.string(), z.array(z.string())])
    .default([])
    .transform((given) => [given].flat())
    .pipe(schema);

const ticket = z
  .string()
  .max(512)
  .optional()
  .describe('From `POST /api/v1/stream-ticket`, for pages, in place of the token');

/** Query string of `POST /api/v1/stream`. */
export const streamTicketSchema = z.strictObject({ ticket });

/** Query string of `GET /api/v1/stream`. */
export const streamQuerySchema = z.strictObject({
  person: severally(people).describe('Notes name in any spelling, SIP or mail address; may be given several times'),
  list: severally(lists).describe('Id of a list, "everybody" for all; may be given several times'),
  ...wordsQuerySchema.shape,
  messages: z
    .enum(['0', '1'])
    .default('0')
    .describe('1 to be told of instant messages to the account of the bridge; wants the scope `message` too'),
  cursor: cursor.optional().describe('Where to go on, as `Last-Event-ID`, which goes before it'),
  ticket,
});

/** Reads a message of the type `subscribe`. */
export function readSubscribe(json: unknown): Result<SubscribeRequest> {
  const read = subscribeSchema.safeParse(json);
  return read.success ? ok(read.data) : bad(reasonOf(read.error));
}

/** Reads a query string, and the header `Last-Event-ID`. Throws `API_BAD_REQUEST`. */
export function readStreamQuery(query: unknown, lastEventId: string | undefined): SubscribeRequest {
  const { person, list, words, messages, cursor: given } = readAs(streamQuerySchema, query, 'query');
  const newest = newestOf(lastEventId, given);
  return { type: 'subscribe', people: person, lists: list, words, messages: messages === '1', cursor: newest };
}

/** Reads a body with the query string beside it, and the header `Last-Event-ID`. Throws `API_BAD_REQUEST`. */
export function readStreamBody(body: unknown, query: unknown, lastEventId: string | undefined): SubscribeRequest {
  readAs(streamTicketSchema, query, 'query');
  const { cursor: given, ...asked } = readAs(streamBodySchema, body, 'body');
  return { type: 'subscribe', ...asked, cursor: newestOf(lastEventId, given) };
}

/** A reader that comes back by itself shows the newest cursor in the header, with the request of the first time. */
function newestOf(lastEventId: string | undefined, given: string | undefined): string | undefined {
  return lastEventId === undefined || lastEventId === '' ? given : lastEventId.slice(0, MAX_CURSOR);
}

function reasonOf({ issues: [issue] }: z.ZodError): string {
  const where = issue?.path.join('.') ?? '';
  const what = issue?.message ?? 'it is not valid';
  return where === '' ? what : `${where}: ${what}`;
}
