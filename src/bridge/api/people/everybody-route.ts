import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { PersonStatus } from '../../status.js';
import { grantOf } from '../access/route-access.js';
import { answersWith, JSON_TYPE } from '../http/answer-schemas.js';
import { inSlices } from '../http/in-slices.js';
import { jsonPieces } from '../http/json-pieces.js';
import { jsonSchema, personSchema } from '../schemas.js';
import { type Moment, momentOf, type PeopleSide } from './people-side.js';
import { personPresence } from './person-answer.js';
import { freshUntilSchema, presenceSchema } from './presence-schemas.js';

/** `PersonStatus` with what is told of a person everywhere else. */
export const personRowSchema = personSchema.extend({
  ...presenceSchema.pick({ address: true, confirmed: true, reason: true }).shape,
  freshUntil: freshUntilSchema,
});

type PersonRow = z.infer<typeof personRowSchema>;

export interface EverybodyOptions extends Omit<PeopleSide, 'watched'> {
  readonly people: () => readonly PersonStatus[];
}

/** `GET /api/v1/people`: everybody as the bridge keeps them, empty texts included. Applications are better off with lists. */
export function addEverybodyRoute(app: FastifyInstance, options: EverybodyOptions): void {
  const row = jsonSchema(personRowSchema);
  app.get('/api/v1/people', answersWith(z.array(personRowSchema)), (request, reply) => {
    const { filter, sees } = grantOf(request);
    const people = filter.everybody ? options.people() : options.people().filter(sees);
    const write = reply.compileSerializationSchema(row);
    const moment = momentOf(options);
    const rows = async function* () {
      for await (const slice of inSlices(people)) yield slice.map((person) => write(rowOf(person, moment)));
    };
    return reply.type(JSON_TYPE).send(Readable.from(jsonPieces('[', rows(), ']'), { objectMode: false }));
  });
}

function rowOf(person: PersonStatus, { doubt, freshUntil }: Moment): PersonRow {
  const { key, uri, name, displayName, written } = person;
  const { activity = '', activityText = '', note = '', ...told } = personPresence(person, doubt);
  const { since, observedAt, reason } = told;
  return {
    ...{ key, uri, displayName, written },
    ...(name === undefined ? {} : { name }),
    ...{ address: told.address, status: told.status, activity, activityText, outOfOffice: told.outOfOffice, note },
    ...(since === undefined ? {} : { since }),
    ...(observedAt === undefined ? {} : { observedAt }),
    ...{ source: told.source, confirmed: told.confirmed, freshUntil },
    ...(reason === undefined ? {} : { reason }),
  };
}
