import { beforeAll, expect, test } from 'vitest';
import { ROUTE_ACCESS } from '../../../../src/bridge/api/access/route-access.js';
import { OPERATIONS } from '../../../../src/bridge/api/openapi/operations.js';
import { version } from '../../../../src/bridge/version.js';
import {
  answerJudgeOf,
  judgeOf,
  type OpenApiDocument,
  type OpenApiOperation,
  responseOf,
  servedOpenApi,
} from '../../../support/openapi.js';

let document: OpenApiDocument;
let operations: readonly (OpenApiOperation & { readonly route: string; readonly path: string })[];
beforeAll(async () => {
  document = await servedOpenApi();
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      path,
      route: `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    })),
  );
});

/** All values below a key, wherever it stands. */
function valuesOf(key: string, node: unknown): unknown[] {
  if (typeof node !== 'object' || node === null) return [];
  const here = Object.hasOwn(node, key) ? [(node as Record<string, unknown>)[key]] : [];
  return [...here, ...Object.values(node).flatMap((value) => valuesOf(key, value))];
}

test('it is OpenAPI 3.1 of this version', () => {
  expect([document.openapi, document.info.version]).toEqual(['3.1.0', version]);
});

test('every route of the server stands in it, and nothing else', () => {
  expect(operations.map(({ route }) => route).sort()).toEqual(Object.keys(ROUTE_ACCESS).sort());
});

test('every route has words of its own in it', () => {
  expect(Object.keys(OPERATIONS).sort()).toEqual(Object.keys(ROUTE_ACCESS).sort());
});

test('every reference leads to a component, and every component is used', () => {
  const references = new Set(valuesOf('$ref', document));
  const components = (['schemas', 'responses'] as const).flatMap((kind) =>
    Object.keys(document.components[kind]).map((name) => `#/components/${kind}/${name}`),
  );
  expect([...references].sort()).toEqual(components.sort());
});

test('operations have names of their own that are words of programs', () => {
  const ids = operations.map(({ operationId }) => operationId);
  expect(ids.filter((id) => !/^[a-z][A-Za-z0-9]*$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});

test('parameters of a path are declared and required', () => {
  for (const { path, parameters = [] } of operations) {
    const declared = parameters.filter((one) => one.in === 'path');
    expect(declared.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
    expect(declared.every(({ required }) => required)).toBe(true);
  }
});

test('every operation says whose token it wants', () => {
  for (const { route, security, 'x-scopes': scopes } of operations) {
    const wanted = ROUTE_ACCESS[route];
    expect([security, scopes], route).toEqual(wanted === 'open' ? [[], undefined] : [[{ token: [] }], wanted?.oneOf]);
  }
});

test('every operation tells of its errors by code', () => {
  for (const operation of operations) {
    const { route, security } = operation;
    expect(responseOf(document, operation, '403')?.description, route).toContain('API_FORBIDDEN');
    expect(responseOf(document, operation, '401') !== undefined, route).toBe(security.length > 0);
  }
});

test('schemas do not carry a dialect of their own', () => {
  expect(valuesOf('$schema', document)).toEqual([]);
});

test('answers may get further fields, requests may not', () => {
  const { Person, PeopleQuery } = document.components.schemas;
  expect([Person?.['additionalProperties'], PeopleQuery?.['additionalProperties']]).toEqual([undefined, false]);
});

test('every example is what its schema says', () => {
  const judge = judgeOf(document);
  const contents = operations.flatMap((operation) => [
    ...Object.values(operation.requestBody?.content ?? {}),
    ...Object.values(responseOf(document, operation, '200')?.content ?? {}),
  ]);
  const examples = contents.filter(({ example }) => example !== undefined);
  expect(examples.length).toBeGreaterThan(5);
  for (const { schema = {}, example } of examples) expect(judge(schema, example)).toBeUndefined();
});

test.each([
  ['another status', { healthy: true, reasons: [] }, 302, 'application/json'],
  ['another type', { healthy: true, reasons: [] }, 200, 'text/plain'],
  ['another body', { healthy: 'yes', reasons: [] }, 200, 'application/json'],
])('%s than the document says would be noticed', async (_what, body, status, type) => {
  const answer = (given: unknown, init: ResponseInit) => new Response(JSON.stringify(given), init);
  const judge = answerJudgeOf(document);
  const right = { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' } };
  expect(await judge('GET /healthz', answer({ healthy: true, reasons: [] }, right))).toBeUndefined();
  expect(await judge('GET /healthz', answer(body, { status, headers: { 'content-type': type } }))).toBeTypeOf('string');
});
