import { z } from 'zod';
import { STATUSES } from '../../presence/availability.js';
import { STATUS_SOURCES } from '../list-ports.js';

/**
 * Shapes of all answers. Fields that are not named here do not leave the bridge: the serialiser is built from these
 * schemas, which makes them a privacy control and not only documentation.
 */

const time = z.number().describe('Milliseconds since 1970');
const status = z.enum(STATUSES);

export const problemSchema = z.object({ code: z.string(), message: z.string(), next: z.string() });

const linkSchema = z.object({
  state: z.string(),
  since: time,
  error: problemSchema.extend({ retry: z.string() }).optional(),
  retryAt: time.optional().describe('When the next attempt is due'),
});

/** One comparison of all documents with what they should say; numbers of documents. */
export const reconcileSchema = z.object({
  cause: z.string(),
  startedAt: time,
  endedAt: time,
  documents: z.number(),
  missing: z.number(),
  spoilt: z.number(),
  leaving: z.number(),
  duplicates: z.number(),
  conflicts: z.number(),
  leftAlone: z.number(),
  overtaken: z.number(),
});

export const statusSchema = z.object({
  bridge: z.string(),
  version: z.string(),
  startedAt: time,
  epoch: z.number(),
  role: z.object({
    state: z.enum(['active', 'standby']),
    since: time,
    holder: z.string().describe('Who writes instead, while this bridge is on standby'),
  }),
  ocs: linkSchema,
  notes: linkSchema,
  people: z.number(),
  counts: z.record(status, z.number()),
  watching: z
    .object({
      dialogs: z.number().describe('Dialogs of subscriptions'),
      subscribed: z.number().describe('People in accepted subscriptions'),
      categorySubscriptions: z.number().describe("Taken from the watched people's limits"),
      polled: z.number().describe('People who are asked about from time to time instead'),
    })
    .optional(),
  pendingWrites: z.number(),
  oldestPendingMs: z.number(),
  writtenTotal: z.number(),
  failedDocuments: z.number(),
  heartbeatAt: time.optional(),
  doubtful: z.number().describe('Documents that say more than is confirmed'),
  reconciled: reconcileSchema.optional().describe('The newest comparison of all documents with what they should say'),
  refused: z.array(z.object({ key: z.string(), code: z.string() })).describe('At most 20'),
});

export const personSchema = z.object({
  key: z.string(),
  uri: z.string(),
  name: z.string().optional(),
  displayName: z.string(),
  status,
  activity: z.string(),
  activityText: z.string(),
  outOfOffice: z.boolean(),
  note: z.string(),
  since: time.optional(),
  observedAt: time.optional(),
  source: z.enum(STATUS_SOURCES).describe('Where the status comes from'),
  written: z.boolean(),
});

export const healthSchema = z.object({ healthy: z.boolean(), reasons: z.array(z.string()) });

export const ticketSchema = z.object({
  ticket: z.string(),
  expiresInSeconds: z.number(),
});

/** The schema in the dialect the HTTP library takes. */
export function jsonSchema(schema: z.ZodType): Record<string, unknown> {
  return z.toJSONSchema(schema, { target: 'draft-7', io: 'output' });
}
