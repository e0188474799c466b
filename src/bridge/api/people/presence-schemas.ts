import { z } from 'zod';
import { ACTIVITIES, STATUSES } from '../../../presence/availability.js';
import { STATUS_SOURCES } from '../../list-ports.js';
import { wordsSchema } from './query-words.js';

/** A moment, in all answers. */
export const timeSchema = z.number().describe('Milliseconds since 1970');

export const atSchema = timeSchema.describe("When the bridge answered, by the bridge's clock (ms since 1970)");

export const freshUntilSchema = timeSchema.describe('How long the answer may be shown without asking again');

/** Why somebody who is watched has no status. */
export const DOUBT_REASONS = ['bridge-standby', 'bridge-disconnected', 'not-confirmed'] as const;

/** `PersonPresence`. What is empty is left out: the JSON reader of Notes 10 stumbles over empty texts. */
export const presenceSchema = z.object({
  address: z.string().describe("Canonical SIP address: the person's identity"),
  name: z.string().optional().describe('Canonical Notes name'),
  displayName: z.string().optional().describe('Of people without a Notes name'),
  status: z.enum(STATUSES).describe('"unknown" for everybody who is not confirmed'),
  activity: z.enum(ACTIVITIES).optional(),
  activityText: z.string().optional().describe('Own words for the activity, where the administrator turned notes on'),
  outOfOffice: z.boolean(),
  note: z.string().optional().describe('Where the administrator turned notes on'),
  since: timeSchema.optional().describe('When the status began'),
  observedAt: timeSchema.optional().describe('When it was last confirmed at a change or snapshot'),
  source: z.enum(STATUS_SOURCES).describe('Where the status comes from; "none" while nobody confirms it'),
  confirmed: z.boolean().describe('True while a living subscription stands behind the status'),
  reason: z.enum(DOUBT_REASONS).optional().describe('Why it is not confirmed'),
  words: wordsSchema.optional().describe('The same in the words that were asked for'),
});
