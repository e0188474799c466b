import { z } from 'zod';
import { STATUSES } from '../../presence/availability.js';
import { readAs } from './http/read-as.js';

const time = z.number().describe('Milliseconds since 1970');
const document = z.object({ form: z.string(), unid: z.string() });

const subjectSchema = z.object({
  who: z.string(),
  addresses: z.array(z.string()),
  keys: z.array(z.string()),
  names: z.array(z.string()),
  otherNames: z.array(z.string()),
});

const rowSchema = z.object({
  name: z.string().optional(),
  otherNames: z.array(z.string()),
  displayName: z.string(),
  outcome: z.string(),
  address: z.string().optional(),
  rule: z.string().optional(),
  candidates: z.array(z.object({ address: z.string(), rule: z.string(), origin: z.string() })),
  reason: z.string(),
  watched: z.boolean(),
});

/** Answer of `GET /api/v1/person`. */
export const personFileSchema = z.object({
  subject: subjectSchema,
  store: z.string(),
  readAt: time,
  documents: z.array(
    document.extend({
      created: time.optional(),
      namedBy: z.string().describe('address, name or other-name'),
      conflict: z.boolean(),
      items: z.record(z.string(), z.unknown()),
    }),
  ),
  writers: z.array(
    z.object({ bridge: z.string(), connected: z.boolean(), writtenAt: time, freshUntil: time, fresh: z.boolean() }),
  ),
  elsewhere: z.array(z.object({ place: z.string(), says: z.string() })),
  directory: z.object({ outcome: z.string(), rows: z.array(rowSchema), age: z.number() }).optional(),
  live: z
    .array(
      z.object({
        address: z.string(),
        status: z.enum(STATUSES),
        since: time.optional(),
        confirmed: z.boolean(),
        observedAt: time.optional(),
        written: z.boolean(),
        refused: z.string().optional(),
      }),
    )
    .optional(),
});

/** Answer of `DELETE /api/v1/person`. */
export const erasureSchema = z.object({
  subject: subjectSchema,
  store: z.string(),
  removed: z.array(document),
  kept: z.array(document.extend({ reason: z.string() })),
  refused: z.array(document.extend({ code: z.string() })),
  optOut: z.string().describe('not-asked, written or stood-already'),
  comesBack: z.array(z.string()),
});

/** Query of `/api/v1/person`; `GET` does not heed `optOut`. */
export const personQuerySchema = z.strictObject({
  who: z.string().min(1).max(2_000).describe('Notes name in any spelling, SIP address or mail address'),
  optOut: z.enum(['true', 'false']).default('false').describe('Also asks that nothing be stored again'),
});

/** Reads the query of a request. Throws `API_BAD_REQUEST` naming the part that is wrong. */
export function readPersonQuery(query: unknown): { readonly who: string; readonly optOut: boolean } {
  const { who, optOut } = readAs(personQuerySchema, query, 'query');
  return { who, optOut: optOut === 'true' };
}
