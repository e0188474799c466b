import { z } from 'zod';
import { ACTIVITIES } from '../../../presence/availability.js';
import { ASSERTED_STATUSES } from '../../engine/asserted-status.js';
import { LIST_RULES, WHY_RULES } from '../../list-ports.js';
import { atSchema, freshUntilSchema, presenceSchema, timeSchema } from './presence-schemas.js';

/** Answer of `GET /api/v1/people/{who}/why`. */
export const whySchema = presenceSchema.extend({
  at: atSchema,
  query: z.string().describe('As asked'),
  freshUntil: freshUntilSchema,
  rule: z.enum(WHY_RULES).describe('The rule that decided which status is shown'),
  says: z.string().describe('The rule as one sentence for people; may change'),
  ocs: presenceSchema
    .pick({ status: true, activity: true, outOfOffice: true, since: true, observedAt: true })
    .optional()
    .describe('What OCS said last, while it is confirmed'),
  application: z
    .object({
      holder: z.string().describe('Name of its token'),
      status: z.enum(ASSERTED_STATUSES),
      activity: z.enum(ACTIVITIES).optional(),
      until: timeSchema,
      setAt: timeSchema,
    })
    .optional()
    .describe('What an application says by leave of the person, whether or not it is shown'),
  list: z
    .object({
      id: z.string(),
      rule: z.enum(LIST_RULES),
      decidedBy: z.string().optional().describe('SIP address of the member whose status is shown'),
      members: z.number().describe('Those of them whom the token may know of'),
    })
    .optional()
    .describe('Of an entry that stands for a list'),
});

export type WhyAnswer = z.infer<typeof whySchema>;
