import { z } from 'zod';
import { ACTIVITIES } from '../../../presence/availability.js';
import { BridgeError } from '../../../presence/errors.js';
import { ASSERTED_STATUSES } from '../../engine/asserted-status.js';
import { MAX_ASSERTION_MS } from '../../engine/assertions.js';
import type { AssertedStatus } from '../../list-ports.js';
import { readAs } from '../http/read-as.js';
import { checkActivity } from './activity-check.js';
import { atSchema, presenceSchema, timeSchema } from './presence-schemas.js';

/** Body of `PUT /api/v1/people/{who}/status`. */
export const assertedSchema = z.strictObject({
  status: z.enum(ASSERTED_STATUSES),
  activity: z.enum(ACTIVITIES).optional(),
  until: z
    .number()
    .int()
    .positive()
    .describe(
      "When it ends by itself, milliseconds since 1970; at most 24 hours ahead by the bridge's clock, and never after the token",
    ),
});

/** Answer of `PUT` and `DELETE /api/v1/people/{who}/status`. Tells no status but what was said: that is for the scope `read`. */
export const assertedAnswerSchema = presenceSchema.pick({ address: true, name: true, displayName: true }).extend({
  at: atSchema,
  said: z
    .object({ status: z.enum(ASSERTED_STATUSES), activity: z.enum(ACTIVITIES).optional(), until: timeSchema })
    .nullable()
    .describe('What this token says of the person now; whether it is shown tells GET /api/v1/people/{who}/why'),
});

export type AssertedAnswer = z.infer<typeof assertedAnswerSchema>;

/** Reads a body. Throws `API_BAD_REQUEST` naming the part that is wrong. */
export function readAsserted(body: unknown, now: number): AssertedStatus {
  const { status, activity, until } = readAs(assertedSchema, body, 'body');
  checkActivity(status, activity);
  if (until <= now) throw new BridgeError('API_BAD_REQUEST', 'until: this is over already');
  if (until - now > MAX_ASSERTION_MS) throw new BridgeError('API_BAD_REQUEST', 'until: at most 24 hours ahead');
  return { status, ...(activity === undefined ? {} : { activity }), until };
}
