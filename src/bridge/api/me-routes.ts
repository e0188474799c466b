import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { SipUri } from '../../presence/ids.js';
import { ALL_SCOPES, type Scope } from './access/grant.js';
import { grantOf } from './access/route-access.js';
import { answersWith } from './http/answer-schemas.js';
import { timeSchema } from './people/presence-schemas.js';

/** Answer of `GET /api/v1/me`. */
export const meSchema = z.object({
  holder: z.string().describe('Name of the token, never the token'),
  scopes: z.array(z.enum(ALL_SCOPES as [Scope, ...Scope[]])),
  people: z.array(z.string()).describe('Patterns of the people whom the token may know of; "*" for everybody'),
  expires: timeSchema.optional().describe('When the token ends; left out for never (ms since 1970)'),
  account: z
    .string()
    .optional()
    .describe("SIP address of the bridge's own account, for tokens that set its status or send messages as it"),
});

export type MeAnswer = z.infer<typeof meSchema>;

/** Scopes that have to do with the bridge's own account. */
const OF_THE_ACCOUNT: readonly Scope[] = ['own-status', 'message'];

/** `GET /api/v1/me`: what the caller may do, and of whom. Any token will do. */
export function addMeRoute(app: FastifyInstance, { account }: { readonly account: SipUri | undefined }): void {
  app.get('/api/v1/me', answersWith(meSchema), (request): MeAnswer => {
    const { holder, scopes, filter, expires } = grantOf(request);
    return {
      holder,
      scopes: ALL_SCOPES.filter((scope) => scopes.has(scope)),
      people: [...filter.patterns],
      ...(expires === undefined ? {} : { expires }),
      ...(account !== undefined && OF_THE_ACCOUNT.some((scope) => scopes.has(scope)) ? { account } : {}),
    };
  });
}
