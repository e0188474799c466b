import { z } from 'zod';
import { ACTIVITIES } from '../../presence/availability.js';
import { BridgeError } from '../../presence/errors.js';
import { parseSipUri, type SipUri } from '../../presence/ids.js';
import type { OwnStatus, OwnStatusWord } from '../ports.js';
import { readAs } from './http/read-as.js';
import { checkActivity } from './people/activity-check.js';
import { atSchema } from './people/presence-schemas.js';

/** Statuses that somebody can choose. */
export const OWN_STATUSES = [
  'available',
  'busy',
  'do-not-disturb',
  'be-right-back',
  'away',
  'offline',
] as const satisfies readonly OwnStatusWord[];

const MAX_TEXT = 8_192;

export const ownStatusSchema = z.strictObject({
  status: z.enum(OWN_STATUSES),
  activity: z.enum(ACTIVITIES).optional(),
  activityText: z.string().max(64).optional(),
  note: z.string().max(500).optional(),
  until: z.number().int().positive().optional().describe('When it ends by itself, milliseconds since 1970'),
});

/** Answer of `/api/v1/self`. */
export const selfSchema = z.object({
  at: atSchema,
  own: ownStatusSchema.nullable().describe('What was set and counts now; null for nothing, or when it has ended'),
});

export const messageSchema = z.strictObject({
  to: z.string().max(2_000).describe('SIP address'),
  text: z.string().max(MAX_TEXT).regex(/\S/, 'a text was expected'),
});

export const deliveredSchema = z.object({ delivered: z.boolean() });

/** Reads a body. Throws `API_BAD_REQUEST` naming the part that is wrong. */
export function readOwnStatus(body: unknown, now: number): OwnStatus {
  const { status, ...rest } = readAs(ownStatusSchema, body, 'body');
  checkActivity(status, rest.activity);
  if (rest.until !== undefined && rest.until <= now) {
    throw new BridgeError('API_BAD_REQUEST', 'until: this is over already');
  }
  return { status, ...present(rest) };
}

/** As it is told: without what is empty, and without a status whose end has come. */
export function toldOwnStatus(own: OwnStatus | undefined, now: number): OwnStatus | null {
  if (own === undefined || (own.until !== undefined && own.until <= now)) return null;
  const { status, ...rest } = own;
  return { status, ...present(rest) };
}

export function readMessage(body: unknown): { readonly to: SipUri; readonly text: string } {
  const { to, text } = readAs(messageSchema, body, 'body');
  const uri = parseSipUri(to);
  if (!uri.ok) throw new BridgeError('API_BAD_REQUEST', `to: ${uri.reason}`);
  return { to: uri.value, text };
}

type Present<T> = { [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Without the fields that are empty. */
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''),
  ) as Present<T>;
}
