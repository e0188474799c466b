import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const PACKAGE = resolve('test', 'interop', 'openapi', 'package.json');
const INSTALL = 'npm ci --prefix test/interop/openapi --ignore-scripts';

/** Why Stoplight Prism, which judges requests and answers, cannot be used here; `undefined` when it can. */
export function whyNoJudge(): string | undefined {
  return existsSync(resolve(PACKAGE, '..', 'node_modules', '@stoplight', 'prism-http-server'))
    ? undefined
    : `Prism is not installed: ${INSTALL}`;
}

interface PrismServer {
  listen(port: number, host: string): Promise<string>;
  close(): Promise<void>;
}

interface PrismLogger {
  readonly child: () => PrismLogger;
  readonly [level: string]: (fields: unknown, message?: string) => void;
}

/** A server made from a published OpenAPI document by Stoplight Prism, which shares nothing with this project. */
export interface Judge {
  readonly url: string;
  /** What it found wrong with requests and answers, in order. */
  readonly violations: readonly string[];
  close(): Promise<void>;
}

/**
 * `upstream`: stands between a client and that server, and notes what does not fit the document. Without one it answers
 * by itself with the examples of the document.
 */
export async function startJudge(file: string, upstream?: string): Promise<Judge> {
  const load = createRequire(PACKAGE);
  const { getHttpOperationsFromSpec } = load('@stoplight/prism-http') as {
    getHttpOperationsFromSpec: (document: object) => Promise<readonly unknown[]>;
  };
  const { createServer } = load('@stoplight/prism-http-server') as {
    createServer: (operations: readonly unknown[], options: unknown) => PrismServer;
  };
  const violations: string[] = [];
  const note = (fields: unknown, message?: string): void => {
    const text = message ?? String(fields);
    if (/violation|terminated with error/i.test(text)) violations.push(text);
  };
  const logger: PrismLogger = {
    child: () => logger,
    trace: () => {},
    debug: () => {},
    info: () => {},
    success: () => {},
    warn: note,
    error: note,
    fatal: note,
  };
  const config = {
    checkSecurity: true,
    validateRequest: true,
    validateResponse: true,
    errors: false,
    mock: { dynamic: false },
    ...(upstream === undefined ? { isProxy: false } : { isProxy: true, upstream: new URL(upstream) }),
  };
  const server = createServer(await getHttpOperationsFromSpec(documentOf(file)), {
    cors: false,
    config,
    components: { logger },
  });
  return { url: await server.listen(0, '127.0.0.1'), violations, close: () => server.close() };
}

/**
 * The document as Prism needs it. It knows paths without the base path of the document's server, which real requests have.
 * And it passes over a schema in silence that its validator cannot compile, as is one with `nullable` beside `anyOf`, which
 * OpenAPI 3.0.3 gives no meaning; the alternatives there allow null themselves.
 */
function documentOf(file: string): object {
  const document = JSON.parse(readFileSync(file, 'utf8'), (_, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('nullable' in value) || 'type' in value) return value;
    const { nullable: __, ...rest } = value;
    return rest;
  }) as { readonly servers: readonly { readonly url: string }[]; readonly paths: Readonly<Record<string, object>> };
  const base = document.servers[0]?.url ?? '';
  const paths = Object.entries(document.paths).map(([path, item]) => [`${base}${path}`, item] as const);
  return { ...document, servers: [], paths: Object.fromEntries(paths) };
}
