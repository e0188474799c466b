import { z } from 'zod';
import type { SubscribeMessage } from '../../../client/messages.js';
import { BridgeError } from '../../../presence/errors.js';
import { bad, ok, type Result } from '../../../presence/result.js';
import { wordsAskedSchema, wordsQuerySchema } from '../query-words.js';
import { SUBSCRIPTION_LIMITS } from './stream-limits.js';
import type { Subscription } from './subscription.js';

const MAX_CURSOR = 256;

const { name, ...most } = SUBSCRIPTION_LIMITS;
const people = z.array(z.string().max(name)).max(most.people);
const lists = z.array(z.string().max(name)).max(most.lists);
const cursor = z.string().max(MAX_CURSOR);

const subscribeSchema = z.strictObject({
  type: z.literal('subscribe'),
  people: people.default([]),
  lists: lists.default([]),
  words: wordsAskedSchema.default([]),
  messages: z.boolean().default(false),
  cursor: cursor.optional(),
});

/** A `SubscribeMessage` with everything that it leaves open. */
export type SubscribeRequest = Subscription & Required<Pick<SubscribeMessage, 'type' | 'messages'>> & Cursor;
type Cursor = { readonly cursor?: string | undefined };

const severally = (schema: typeof people) =>
  z
    .union([z.string(), z.array(z.string())])
    .default([])
    .transform((given) => [given].flat())
    .pipe(schema);

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
  ticket: z
    .string()
    .max(512)
    .optional()
    .describe('From `POST /api/v1/stream-ticket`, for pages, in place of the token'),
});

/** Reads a message of the type `subscribe`. */
export function readSubscribe(json: unknown): Result<SubscribeRequest> {
  const read = subscribeSchema.safeParse(json);
  return read.success ? ok(read.data) : bad(reasonOf(read.error));
}

/** Reads a query string, and the header `Last-Event-ID`. Throws `API_BAD_REQUEST`. */
export function readStreamQuery(query: unknown, lastEventId: string | undefined): SubscribeRequest {
  const read = streamQuerySchema.safeParse(query);
  if (!read.success) throw new BridgeError('API_BAD_REQUEST', reasonOf(read.error));
  const { person, list, words, messages, cursor: given } = read.data;
  // A reader that comes back by itself shows the newest one in the header, with the address of the first time.
  const newest = lastEventId === undefined || lastEventId === '' ? given : lastEventId.slice(0, MAX_CURSOR);
  return { type: 'subscribe', people: person, lists: list, words, messages: messages === '1', cursor: newest };
}

function reasonOf({ issues: [issue] }: z.ZodError): string {
  const where = issue?.path.join('.') ?? '';
  const what = issue?.message ?? 'it is not valid';
  return where === '' ? what : `${where}: ${what}`;
}
