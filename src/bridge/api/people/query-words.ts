import { z } from 'zod';
import { type Look, VOCABULARIES, type Vocabulary, vocabulariesOf } from '../../../presence/vocabularies.js';

/** Which words of other programs an answer shall carry. As often named as may be; once is enough. */
export const wordsAskedSchema = z
  .array(z.enum(VOCABULARIES, { error: `each is one of ${VOCABULARIES.join(', ')}` }))
  .max(VOCABULARIES.length)
  .describe('Words of other programs that each person who is found shall carry');

/** The same in a query string: `words=mistatus,graph`, `words=mistatus&words=graph`. */
export const wordsQuerySchema = z.strictObject({
  words: z
    .union([z.string(), z.array(z.string())])
    .default([])
    .describe(`Words of other programs in the answer, with commas between them: ${VOCABULARIES.join(', ')}`)
    .transform((given) => [given].flat().flatMap((text) => text.split(',')))
    .pipe(wordsAskedSchema),
});

/** One status in the words that were asked for. What is empty is left out, as in the whole answer. */
export const wordsSchema = z.object({
  mistatus: z
    .object({ value: z.number(), name: z.string() })
    .optional()
    .describe('MISTATUS of the Communicator 2007 Automation API'),
  lync: z
    .object({ availability: z.number(), name: z.string(), activity: z.string().optional() })
    .optional()
    .describe('ContactAvailability and activity token of the Lync SDK'),
  graph: z.object({ availability: z.string(), activity: z.string() }).optional().describe('Microsoft Graph'),
  rpid: z
    .object({
      basic: z.enum(['open', 'closed']).optional().describe('Left out where it is not known'),
      activities: z.array(z.string()),
      idle: z.boolean(),
    })
    .optional()
    .describe('RFC 3863 and RFC 4480'),
});

export type Words = z.infer<typeof wordsSchema>;

/** All words of one answer are of one row of the table of vocabularies. */
export function wordsOf(look: Look, asked: readonly Vocabulary[]): Words {
  const { mistatus, lync, graph, rpid } = vocabulariesOf(look);
  const { activity, ...availability } = lync;
  const { basic, ...activities } = rpid;
  const all = {
    mistatus,
    lync: { ...availability, ...(activity === '' ? {} : { activity }) },
    graph,
    rpid: { ...(basic === undefined ? {} : { basic }), ...activities, activities: [...rpid.activities] },
  } satisfies Required<Words>;
  return Object.fromEntries(VOCABULARIES.filter((name) => asked.includes(name)).map((name) => [name, all[name]]));
}
