import type { z } from 'zod';
import { BridgeError } from '../../../presence/errors.js';

/** What a caller sent, by its schema. Throws `API_BAD_REQUEST` naming the part that is wrong; `whole` is what it is called. */
export function readAs<T>(schema: z.ZodType<T>, value: unknown, whole: 'body' | 'path' | 'query'): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new BridgeError('API_BAD_REQUEST', `${issue?.path.join('.') || whole}: ${issue?.message ?? 'it is not valid'}`);
}
