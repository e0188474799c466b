import { expect, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import { jsonSchema, personSchema, statusSchema } from '../../../src/bridge/api/schemas.js';
import type { BridgeStatus, PersonStatus } from '../../../src/bridge/status.js';
import { bridgeStatus } from '../../support/bridge-status.js';
import { ANA } from '../../support/http-server.js';

test('schemas name exactly the fields there are, so that a new one is published on purpose or not at all', () => {
  expectTypeOf<keyof z.infer<typeof personSchema>>().toEqualTypeOf<keyof PersonStatus>();
  expectTypeOf<keyof z.infer<typeof statusSchema>>().toEqualTypeOf<keyof BridgeStatus>();
  expect(personSchema.safeParse(ANA).success).toBe(true);
  expect(statusSchema.safeParse(bridgeStatus(0)).success).toBe(true);
});

test('jsonSchema closes objects, so that the serialiser drops what is not named', () => {
  expect(jsonSchema(personSchema)).toMatchObject({ type: 'object', additionalProperties: false });
});
