import { z } from 'zod';
import { STATUSES } from '../../../presence/availability.js';
import { meSchema } from '../me-routes.js';
import { personRowSchema } from '../people/everybody-route.js';
import { listSchema, listsSchema, memberSchema } from '../people/list-schemas.js';
import { assertedAnswerSchema, assertedSchema } from '../people/others-schemas.js';
import { onePersonAnswerSchema, peopleAnswerSchema, peopleQuerySchema } from '../people/query-schemas.js';
import { wordsSchema } from '../people/query-words.js';
import { resolveSchema } from '../people/resolve-schemas.js';
import { whySchema } from '../people/why-schemas.js';
import { erasureSchema, personFileSchema } from '../person-schemas.js';
import { healthSchema, jsonSchema, problemSchema, reconcileSchema, statusSchema, ticketSchema } from '../schemas.js';
import { deliveredSchema, messageSchema, ownStatusSchema, selfSchema } from '../self-schemas.js';
import { streamBodySchema } from '../stream/subscribe-request.js';

export type Json = Readonly<Record<string, unknown>>;

/** Names of schemas in the document. A schema without one stands where it is used. */
const ANSWERS: Readonly<Record<string, z.ZodType>> = {
  Status: z.enum(STATUSES),
  Problem: problemSchema,
  Health: healthSchema,
  BridgeStatus: statusSchema,
  Reconciliation: reconcileSchema,
  Person: personRowSchema,
  PeopleAnswer: peopleAnswerSchema,
  PersonAnswer: peopleAnswerSchema.shape.people.element,
  OnePersonAnswer: onePersonAnswerSchema,
  Words: wordsSchema,
  Me: meSchema,
  ListMember: memberSchema,
  Lists: listsSchema,
  List: listSchema,
  Resolution: resolveSchema,
  Explanation: whySchema,
  AssertedAnswer: assertedAnswerSchema,
  Self: selfSchema,
  Delivery: deliveredSchema,
  PersonFile: personFileSchema,
  Erasure: erasureSchema,
  StreamTicket: ticketSchema,
};

const REQUESTS: Readonly<Record<string, z.ZodType>> = {
  PeopleQuery: peopleQuerySchema,
  OwnStatus: ownStatusSchema,
  AssertedStatus: assertedSchema,
  Message: messageSchema,
  Subscription: streamBodySchema,
};

/** What a caller may send, as JSON schema. */
export function requestSchema(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { target: 'draft-2020-12', io: 'input' });
}

interface Named {
  readonly name: string;
  readonly schema: Json;
  /** Answers may get further fields with a later version; requests with unknown fields are refused. */
  readonly open: boolean;
}

const named: readonly Named[] = [
  ...Object.entries(ANSWERS).map(([name, schema]) => ({ name, schema: jsonSchema(schema), open: true })),
  ...Object.entries(REQUESTS).map(([name, schema]) => ({ name, schema: requestSchema(schema), open: false })),
];
const nameOf = new Map(named.map(({ name, schema }) => [keyOf(schema), name]));

/** The same for schemas that differ in their description only. */
function keyOf({ $schema: _dialect, description: _description, ...rest }: Json): string {
  return JSON.stringify(rest);
}

/** The named schemas, which refer to each other. */
export function componentSchemas(): Json {
  const entries = named.map(({ name, schema, open }) => [name, inside(schema, open)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}

/** A schema as it stands in the document: by name where it has one. `open` is for answers. */
export function schemaInDocument(schema: Json, open: boolean): Json {
  const name = nameOf.get(keyOf(schema));
  if (name === undefined) return inside(schema, open);
  const { description } = schema;
  return { $ref: `#/components/schemas/${name}`, ...(description === undefined ? {} : { description }) };
}

function inside(schema: Json, open: boolean): Json {
  const kept = Object.entries(schema).filter(
    ([key, value]) => key !== '$schema' && !(open && key === 'additionalProperties' && value === false),
  );
  return Object.fromEntries(kept.map(([key, value]) => [key, within(value, open)]));
}

function within(value: unknown, open: boolean): unknown {
  if (Array.isArray(value)) return value.map((one) => within(one, open));
  return typeof value === 'object' && value !== null ? schemaInDocument(value as Json, open) : value;
}
