import { STATUS_CODES } from 'node:http';
import type { ErrorCode } from '../../../presence/errors.js';
import { ERROR_CODES } from '../../../presence/errors.js';
import { ROUTE_ACCESS, type RouteAccess } from '../access/route-access.js';
import { statusOf } from '../http/problem.js';
import { componentSchemas, type Json, requestSchema, schemaInDocument } from './components.js';
import type { KnownRoute } from './known-routes.js';
import { OPERATIONS, type Operation } from './operations.js';

const DESCRIPTION = [
  'Presence of the people whom the bridge watches, for applications.',
  'Times are milliseconds since 1970. Answers may get further fields: ignore those that you do not know.',
  'Errors are named by `code`, which is stable; `message` is for people and may change.',
  'The live stream at `/stream` is a WebSocket and not part of this document; `/api/v1/stream` says the same as server-sent events.',
].join('\n\n');

const PROBLEM = { $ref: '#/components/schemas/Problem' };

/** Codes of most routes, each the only one of its status: described once. */
const SHARED_CODES: readonly ErrorCode[] = [
  'API_BAD_REQUEST',
  'API_UNAUTHORIZED',
  'API_FORBIDDEN',
  'API_BUSY',
  'INTERNAL',
];

/** The OpenAPI 3.1 document of these routes. */
export function openApiDocument(routes: readonly KnownRoute[], version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Notes Presence Bridge',
      version,
      description: DESCRIPTION,
      license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'http://127.0.0.1:{port}', variables: { port: { default: '8480' } } }],
    paths: Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      schemas: componentSchemas(),
      responses: {
        ...Object.fromEntries(SHARED_CODES.map((code) => [code, problem([code])])),
        OtherProblem: { description: 'Another error; see `code`.', content: content(PROBLEM) },
      },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'From "presence-bridge token create", with scopes.' },
      },
    },
  };
}

function operationOf({ method, url, answers }: KnownRoute): Json {
  const operation = OPERATIONS[`${method} ${url}`] ?? unnamed(method, url);
  const { id, tag, summary, query, body, bodyExample } = operation;
  const access = ROUTE_ACCESS[`${method} ${url}`] ?? 'open';
  const parameters = [...pathParameters(url), ...(query === undefined ? [] : queryParameters(requestSchema(query)))];
  const open = access === 'open';
  return {
    operationId: id,
    ...(tag && { tags: [tag] }),
    summary,
    description: accessText(access),
    security: open ? [] : [{ token: [] }],
    ...(!open && { 'x-scopes': access.oneOf }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: { required: true, content: content(schemaInDocument(requestSchema(body), false), bodyExample) },
    }),
    responses: { ...goodAnswers(answers, operation), ...problems(codesOf(access, operation)) },
  };
}

function unnamed(method: string, url: string): Omit<Operation, 'tag'> & { readonly tag?: Operation['tag'] } {
  const words = url.split(/\W+/).filter((word) => word !== '' && word !== 'api' && word !== 'v1');
  const id = method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return { id, summary: `${method} ${url}` };
}

function accessText(access: RouteAccess): string {
  if (access === 'open') return 'Needs no token.';
  const scopes = `Needs a token with the scope ${access.oneOf.map((scope) => `\`${scope}\``).join(' or ')}.`;
  if (access.filter === 'refused') return `${scopes} Refused to tokens for some people only.`;
  return access.filter === 'applied' ? `${scopes} Tokens for some people reach only these.` : scopes;
}

function pathParameters(url: string): Json[] {
  return [...url.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters({ properties, required = [] }: Json): Json[] {
  return Object.entries(properties as Record<string, Json>).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: (required as readonly string[]).includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}

function content(schema: Json, example?: unknown): Json {
  return { 'application/json': { schema, ...(example === undefined ? {} : { example }) } };
}

/** Statuses that routes name one by one; ranges (`4xx`) hold problems only, which are told by code. */
function goodAnswers(answers: KnownRoute['answers'], { media, example }: Pick<Operation, 'media' | 'example'>): Json {
  const exact = Object.entries(answers).filter(([status]) => /^\d{3}$/.test(status));
  if (exact.length === 0) {
    return { 200: { description: 'OK', content: media === undefined ? content({}) : { [media]: {} } } };
  }
  const answer = (status: string, schema: Json): Json => ({
    description: STATUS_CODES[status] ?? status,
    content: content(schemaInDocument(schema, true), status === '200' ? example : undefined),
  });
  return Object.fromEntries(exact.map(([status, schema]) => [status, answer(status, schema)]));
}

function codesOf(
  access: RouteAccess,
  { body, query, pathChecked, errors = [] }: Partial<Operation>,
): readonly ErrorCode[] {
  return [
    ...(body || query || pathChecked ? (['API_BAD_REQUEST'] as const) : []),
    ...(access === 'open' ? [] : (['API_UNAUTHORIZED'] as const)),
    'API_FORBIDDEN',
    ...errors,
    'API_BUSY',
    'INTERNAL',
  ];
}

function problems(codes: readonly ErrorCode[]): Json {
  const byStatus: Record<number, ErrorCode[]> = {};
  for (const code of codes) byStatus[statusOf(code)] = [...(byStatus[statusOf(code)] ?? []), code];
  const told = Object.entries(byStatus).map(([status, ofIt]) => [status, sharedProblem(ofIt) ?? problem(ofIt)]);
  const other = { $ref: '#/components/responses/OtherProblem' };
  return { ...Object.fromEntries(told), '4XX': other, '5XX': other };
}

function sharedProblem(codes: readonly ErrorCode[]): Json | undefined {
  const [code, ...others] = codes;
  const shared = code !== undefined && others.length === 0 && SHARED_CODES.includes(code);
  return shared ? { $ref: `#/components/responses/${code}` } : undefined;
}

function problem(codes: readonly ErrorCode[]): Json {
  const lines = codes.map((code) => `- \`${code}\`: ${ERROR_CODES[code].meaning}`);
  const headers = codes.includes('API_BUSY') && {
    headers: { 'Retry-After': { description: 'Seconds', schema: { type: 'integer' } } },
  };
  return { description: lines.join('\n'), ...headers, content: content(PROBLEM) };
}
