import { z } from 'zod';
import type { Vocabulary } from '../../../presence/vocabularies.js';
import { readAs } from '../http/read-as.js';
import { atSchema as at, DOUBT_REASONS, freshUntilSchema, presenceSchema } from './presence-schemas.js';
import { wordsAskedSchema, wordsQuerySchema, wordsSchema } from './query-words.js';

/** People of one question. */
export const MAX_ASKED = 1_000;
export const MAX_TEXT = 1_024;

/** Characters of a path's part that is one name: three octets a letter, three characters an octet (RFC 3986 §2.1). */
export const MAX_PATH_NAME = 9 * MAX_TEXT;

/** Bytes of a body that names as many people as may be, in the longest letters. */
export const MAX_QUERY_BODY = 4 * 1024 * 1024;

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
export const QUERY_REASONS = ['not-found', 'ambiguous', 'not-a-name', ...DOUBT_REASONS] as const;

/** One person, or nobody. What is empty is left out. */
const personAnswerSchema = z.object({
  query: z.string().describe('As asked'),
  found: z.boolean(),
  ...presenceSchema.shape,
  address: presenceSchema.shape.address.optional(),
  reason: z.enum(QUERY_REASONS).optional().describe('Why there is no status'),
  freshUntil: freshUntilSchema.optional(),
  words: wordsSchema.optional().describe('Of everybody who is found, when words were asked for'),
});

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
  return { people: [readWho(params)], words: readWords(query) };
}

/** The person whom a path names. Throws `API_BAD_REQUEST`. */
export function readWho(params: unknown): string {
  return readAs(whoSchema, params, 'path').who;
}

/** The words that a query string asks for. Throws `API_BAD_REQUEST`. */
export function readWords(query: unknown): readonly Vocabulary[] {
  return readAs(wordsQuerySchema, query, 'query').words;
}
