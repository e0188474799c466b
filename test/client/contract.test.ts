import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { Scope as ServerScope } from '../../src/bridge/api/access/grant.js';
import type { meSchema } from '../../src/bridge/api/me-routes.js';
import type { listSchema, listsSchema, memberSchema } from '../../src/bridge/api/people/list-schemas.js';
import type { assertedAnswerSchema, assertedSchema } from '../../src/bridge/api/people/others-schemas.js';
import type { presenceSchema } from '../../src/bridge/api/people/presence-schemas.js';
import type {
  onePersonAnswerSchema,
  peopleAnswerSchema,
  peopleQuerySchema,
} from '../../src/bridge/api/people/query-schemas.js';
import type { resolveSchema } from '../../src/bridge/api/people/resolve-schemas.js';
import type { whySchema } from '../../src/bridge/api/people/why-schemas.js';
import type { statusSchema } from '../../src/bridge/api/schemas.js';
import type { messageSchema, ownStatusSchema, selfSchema } from '../../src/bridge/api/self-schemas.js';
import type { SubscribeRequest } from '../../src/bridge/api/stream/subscribe-request.js';
import type { StatusSource, WHY_RULES } from '../../src/bridge/list-ports.js';
import type { FOUND_BY } from '../../src/bridge/status.js';
import type {
  BridgeAnswer,
  FoundBy,
  ListAnswer,
  ListMember,
  ListsAnswer,
  MeAnswer,
  OnePersonAnswer,
  OwnStatus,
  PeopleAnswer,
  PersonAnswer,
  PersonPresence,
  PresenceSourceName,
  ResolveAnswer,
  SaidAnswer,
  Scope,
  StatusOfOther,
  SubscribeMessage,
  WhyAnswer,
  WhyRule,
} from '../../src/client/client.js';

/** What leaves as JSON: what is `undefined` is left out. */
type Told<T> = T extends readonly (infer Item)[]
  ? readonly Told<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Told<Exclude<T[Key], undefined>> }
    : T;
type Answer<Schema extends z.ZodType> = Told<z.output<Schema>>;
type Body<Schema extends z.ZodType> = Told<z.input<Schema>>;

/** What the server tells is what the client says it gets, field by field; the client's types are read by the compiler only. */
test('the client reads what the server’s schemas write', () => {
  expectTypeOf<Answer<typeof presenceSchema>>().toExtend<PersonPresence>();
  expectTypeOf<keyof PersonPresence>().toEqualTypeOf<keyof Answer<typeof presenceSchema>>();
  expectTypeOf<Answer<typeof peopleAnswerSchema>>().toExtend<PeopleAnswer>();
  expectTypeOf<keyof PersonAnswer>().toEqualTypeOf<keyof Answer<typeof peopleAnswerSchema>['people'][number]>();
  expectTypeOf<Answer<typeof onePersonAnswerSchema>>().toExtend<OnePersonAnswer>();
  expectTypeOf<Answer<typeof resolveSchema>>().toExtend<ResolveAnswer>();
  expectTypeOf<keyof ResolveAnswer>().toEqualTypeOf<keyof Answer<typeof resolveSchema>>();
  expectTypeOf<Answer<typeof whySchema>>().toExtend<WhyAnswer>();
  expectTypeOf<keyof WhyAnswer>().toEqualTypeOf<keyof Answer<typeof whySchema>>();
  expectTypeOf<MeAnswer>().toEqualTypeOf<Answer<typeof meSchema>>();
  expectTypeOf<Answer<typeof memberSchema>>().toExtend<ListMember>();
  expectTypeOf<Answer<typeof listsSchema>>().toExtend<ListsAnswer>();
  expectTypeOf<keyof ListsAnswer['lists'][number]>().toEqualTypeOf<keyof Answer<typeof listsSchema>['lists'][number]>();
  expectTypeOf<Answer<typeof listSchema>>().toExtend<ListAnswer>();
  expectTypeOf<keyof ListAnswer>().toEqualTypeOf<keyof Answer<typeof listSchema>>();
  expectTypeOf<Answer<typeof selfSchema>['own']>().toEqualTypeOf<OwnStatus | null>();
  expectTypeOf<Answer<typeof assertedAnswerSchema>>().toExtend<SaidAnswer>();
  expectTypeOf<keyof SaidAnswer>().toEqualTypeOf<keyof Answer<typeof assertedAnswerSchema>>();
  expectTypeOf<Answer<typeof statusSchema>>().toExtend<BridgeAnswer>();
});

test('the server takes what the client sends', () => {
  expectTypeOf<OwnStatus>().toEqualTypeOf<Body<typeof ownStatusSchema>>();
  expectTypeOf<StatusOfOther>().toEqualTypeOf<Body<typeof assertedSchema>>();
  expectTypeOf<{ readonly to: string; readonly text: string }>().toEqualTypeOf<Body<typeof messageSchema>>();
  expectTypeOf<'people' | 'words'>().toEqualTypeOf<keyof Body<typeof peopleQuerySchema>>();
  expectTypeOf<keyof SubscribeMessage>().toEqualTypeOf<keyof SubscribeRequest>();
  expectTypeOf<Told<SubscribeRequest>>().toExtend<SubscribeMessage>();
});

test('words are the same', () => {
  expectTypeOf<Scope>().toEqualTypeOf<ServerScope>();
  expectTypeOf<WhyRule>().toEqualTypeOf<(typeof WHY_RULES)[number]>();
  expectTypeOf<FoundBy>().toEqualTypeOf<(typeof FOUND_BY)[number]>();
  expectTypeOf<PresenceSourceName>().toEqualTypeOf<StatusSource>();
});
