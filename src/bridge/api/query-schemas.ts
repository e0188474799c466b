import { z } from 'zod';
import { STATUSES } from '../../presence/availability.js';
import { BridgeError } from '../../presence/errors.js';

/** People of one question. */
export const MAX_ASKED = 1_000;
const MAX_TEXT = 1_024;

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
});

/** Why there is no status: of nobody for the first three, of a person whom nobody confirms for the others. */
export const QUERY_REASONS = [
  'not-found',
  'ambiguous',
  'not-a-name',
  'bridge-standby',
  'bridge-disconnected',
  'not-confirmed',
] as const;

/**
 * Answer of `POST /api/v1/people/query`. What is empty is left out: the JSON reader of Notes 10 stumbles over empty texts.
 */
export const peopleAnswerSchema = z.object({
  at: time.describe("When the bridge answered, by the bridge's clock (ms since 1970)"),
  people: z.array(
    z.object({
      query: z.string().describe('As asked'),
      found: z.boolean(),
      reason: z.enum(QUERY_REASONS).optional(),
      status: z.enum(STATUSES).describe('"unknown" for everybody who is not confirmed'),
      activity: z.string().optional(),
      outOfOffice: z.boolean(),
      since: time.optional(),
      observedAt: time.optional(),
      freshUntil: time.optional().describe('How long the answer may be shown without asking again'),
      confirmed: z.boolean().describe('True while a living subscription stands behind the status'),
      name: z.string().optional(),
      address: z.string().optional(),
    }),
  ),
});

export type PeopleAnswer = z.infer<typeof peopleAnswerSchema>;
export type PersonAnswer = PeopleAnswer['people'][number];

/** Reads a body. Throws `API_BAD_REQUEST` naming the part that is wrong. */
export function readPeopleQuery(body: unknown): readonly string[] {
  const result = peopleQuerySchema.safeParse(body);
  if (result.success) return result.data.people;
  const [issue] = result.error.issues;
  throw new BridgeError(
    'API_BAD_REQUEST',
    `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'it is not valid'}`,
  );
}
