import type { z } from 'zod';
import { jsonSchema, problemSchema } from '../schemas.js';

/** Of answers that are made in pieces; others get it by themselves. */
export const JSON_TYPE = 'application/json; charset=utf-8';

/** Options of a route whose answer with 200 has this shape, and whose errors are problems. */
export function answersWith(schema: z.ZodType) {
  const problem = jsonSchema(problemSchema);
  return { schema: { response: { 200: jsonSchema(schema), '4xx': problem, '5xx': problem } } };
}
