import { createRequire } from 'node:module';
import { AccessSite } from './access-site.js';

type Json = Readonly<Record<string, unknown>>;

export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly Json[];
  readonly 'x-scopes'?: readonly string[];
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[];
  readonly requestBody?: { readonly content: OpenApiContent };
  readonly responses: Readonly<Record<string, OpenApiResponse | { readonly $ref: string }>>;
}

export interface OpenApiResponse {
  readonly description: string;
  readonly content: OpenApiContent;
}

export type OpenApiContent = Readonly<Record<string, { readonly schema?: Json; readonly example?: unknown }>>;

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Json>>;
    readonly responses: Readonly<Record<string, OpenApiResponse>>;
  };
}

/** What a server with all of its routes says of them. */
export async function servedOpenApi(): Promise<OpenApiDocument> {
  const site = await AccessSite.start([], []);
  try {
    const answer = await site.ask('GET', '/api/v1/openapi.json', {});
    return (await answer.json()) as OpenApiDocument;
  } finally {
    await site.server.close();
  }
}

/** What an operation says of a status, wherever in the document it stands. */
export function responseOf(
  { components }: OpenApiDocument,
  operation: OpenApiOperation | undefined,
  status: string,
): OpenApiResponse | undefined {
  const response = operation?.responses[status];
  if (response === undefined || !('$ref' in response)) return response;
  return components.responses[response.$ref.replace('#/components/responses/', '')];
}

interface Ajv {
  addSchema(schema: unknown, key: string): Ajv;
  validate(schema: unknown, data: unknown): boolean;
  errorsText(): string;
}

/**
 * What is wrong with a value by a schema of the document, `undefined` for nothing. Judged by the validator that the HTTP
 * library brings, in the dialect of OpenAPI 3.1 (JSON Schema 2020-12).
 */
export function judgeOf(document: OpenApiDocument): (schema: Json, value: unknown) => string | undefined {
  const library = createRequire(import.meta.url).resolve('fastify');
  const compiler = createRequire(library).resolve('@fastify/ajv-compiler');
  const { Ajv2020 } = createRequire(compiler)('ajv/dist/2020') as { Ajv2020: new (options: Json) => Ajv };
  const ajv = new Ajv2020({ strict: false, allErrors: true }).addSchema(document, 'document');
  return (schema, value) => (ajv.validate(absolute(schema), value) ? undefined : ajv.errorsText());
}

/**
 * What is wrong with an answer to a request of this route, `undefined` for nothing: its status, its type or its body is
 * not in the document.
 */
export function answerJudgeOf(
  document: OpenApiDocument,
): (route: string, answer: Response) => Promise<string | undefined> {
  const judge = judgeOf(document);
  return async (route, answer) => {
    const [method = '', url = ''] = route.split(' ');
    const operation = document.paths[url.replaceAll(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
    const range = `${Math.floor(answer.status / 100)}XX`;
    const told = responseOf(document, operation, `${answer.status}`) ?? responseOf(document, operation, range);
    if (told === undefined) return `${answer.status} is not in the document`;
    const [type = ''] = (answer.headers.get('content-type') ?? '').split(';');
    const content = told.content[type] ?? told.content[type.replace(/\/.*/, '/*')] ?? told.content['*/*'];
    if (content === undefined) return `an answer of the type ${type} is not in the document`;
    return content.schema === undefined ? undefined : judge(content.schema, await answer.clone().json());
  };
}

/** References into the document, seen from outside of it. */
function absolute(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"document#/')) as Json;
}
