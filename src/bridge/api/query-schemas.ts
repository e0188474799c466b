import { z } from 'zod';
import { ACTIVITIES, STATUSES } from '../../presence/availability.js';
import { BridgeError } from '../../presence/errors.js';
import type { Vocabulary } from '../../presence/vocabularies.js';
import { wordsAskedSchema, wordsQuerySchema, wordsSchema } from './query-words.js';

/** People of one question. */
export const MAX_ASKED = 1_000;
const MAX_TEXT = 1_024;

/** Characters of a path's part that is one name: three octets a letter, three characters an octet (RFC 3986 §2.1). */
export const MAX_PATH_NAME = 9 * MAX_TEXT;

/** Bytes of a body that names as many people as may be, in the longest letters. */
export const MAX_QUERY_BODY = 4 * 1024 * 1024;

const time = z.number().describe('Milliseconds since 1970');

/** Body of `POST /api/v1/people/query`. */
export const peopleQuerySchema = z.strictObject({
  people: z
    .array(z.string().max(MAX_TEXT))
    .min(1)
    .max(MAX_ASKED)
    .describe('Notes names in any spelling, SIP addresses, mail addresses'),
  words: wordsAskedSchema.default([]),
});

const whoSchema = z.strictObject({ who: z.string().max(MAX_TEXT) });

/** Why there is no status: of nobody for the first three, of a person whom nobody confirms for the others. */
export const QUERY_REASONS = [
  'not-found',
  'ambiguous',
  'not-a-name',
  'bridge-standby',
  'bridge-disconnected',
  'not-confirmed',
] as const;

/** One person. What is empty is left out: the JSON reader of Notes 10 stumbles over empty texts. */
const personAnswerSchema = z.object({
  query: z.string().describe('As asked'),
  found: z.boolean(),
  reason: z.enum(QUERY_REASONS).optional(),
  status: z.enum(STATUSES).describe('"unknown" for everybody who is not confirmed'),
  activity: z.enum(ACTIVITIES).optional(),
  outOfOffice: z.boolean(),
  since: time.optional(),
  observedAt: time.optional(),
  freshUntil: time.optional().describe('How long the answer may be shown without asking again'),
  confirmed: z.boolean().describe('True while a living subscription stands behind the status'),
  name: z.string().optional(),
  address: z.string().optional(),
  words: wordsSchema.optional().describe('Of everybody who is found, when words were asked for'),
});

const at = time.describe("When the bridge answered, by the bridge's clock (ms since 1970)");

/** Answer of `POST /api/v1/people/query`. */
export const peopleAnswerSchema = z.object({ at, people: z.array(personAnswerSchema) });

/** Answer of `GET /api/v1/people/{who}`. */
export const onePersonAnswerSchema = personAnswerSchema.extend({ at });

export type PersonAnswer = z.infer<typeof personAnswerSchema>;
export type PeopleAnswer = z.infer<typeof peopleAnswerSchema>;

/** Who is asked about, and in which words besides ours. */
export interface PeopleQuestion {
  readonly people: readonly string[];
  readonly words: readonly Vocabulary[];
}

/** Reads a body and a query string, whose words add up. Throws `API_BAD_REQUEST` naming the part that is wrong. */
export function readPeopleQuery(body: unknown, query: unknown): PeopleQuestion {
  const { people, words } = readAs(peopleQuerySchema, body, 'body');
  return { people, words: [...words, ...readWords(query)] };
}

/** Reads path and query string of `GET /api/v1/people/{who}`. Throws `API_BAD_REQUEST` naming the part that is wrong. */
export function readPersonQuestion(params: unknown, query: unknown): PeopleQuestion {
  const { who } = readAs(whoSchema, params, 'path');
  return { people: [who], words: readWords(query) };
}

function readWords(query: unknown): readonly Vocabulary[] {
  return readAs(wordsQuerySchema, query, 'query').words;
}

function readAs<T>(schema: z.ZodType<T>, value: unknown, whole: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new BridgeError('API_BAD_REQUEST', `${issue?.path.join('.') || whole}: ${issue?.message ?? 'it is not valid'}`);
}
