import { z } from 'zod';
import { DIRECTORY_RULES, MAPPING_OUTCOMES } from '../../../presence/directory.js';
import { FOUND_BY } from '../../status.js';
import { readAs } from '../http/read-as.js';
import { atSchema, freshUntilSchema, presenceSchema } from './presence-schemas.js';
import { MAX_TEXT } from './query-schemas.js';

/** Query string of `GET /api/v1/resolve`. */
export const resolveQuerySchema = z.strictObject({
  name: z.string().max(MAX_TEXT).describe('Notes name in any spelling, SIP address, mail address or common name'),
});

const whoSchema = presenceSchema.pick({ address: true, name: true, displayName: true });

/** Answer of `GET /api/v1/resolve`: of somebody who is found with all that is known now. */
export const resolveSchema = presenceSchema.partial().extend({
  at: atSchema,
  query: z.string().describe('As asked'),
  outcome: z.enum(['found', 'ambiguous', 'not-found', 'not-a-name']),
  by: z.enum(FOUND_BY).optional().describe('What of a person the text was'),
  freshUntil: freshUntilSchema.optional(),
  candidates: z.array(whoSchema).optional().describe('Who has the name, at most 20, where it is ambiguous'),
  directory: z
    .object({
      outcome: z.enum(MAPPING_OUTCOMES),
      rule: z.enum(DIRECTORY_RULES).optional(),
      reason: z.string().describe('One sentence'),
      age: z.number().describe('How long ago its source was read, milliseconds'),
    })
    .optional()
    .describe('By which rule the person has this address; left out where the directory does not know the person'),
});

export type ResolveAnswer = z.infer<typeof resolveSchema>;

/** Reads the query string. Throws `API_BAD_REQUEST` naming the part that is wrong. */
export function readName(query: unknown): string {
  return readAs(resolveQuerySchema, query, 'query').name;
}
