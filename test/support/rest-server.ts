import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../src/bridge/ports.js';
import { systemClock } from '../../src/bridge/runtime/system.js';
import { type Json, RestDocuments, RestRefusal } from './rest-server-documents.js';
import { RestFaults } from './rest-server-faults.js';
import { type RestSchema, shippedSchema } from './rest-server-schema.js';

export interface RestServerOptions {
  readonly clock?: Clock;
  /** Databases by the name of their scope. */
  readonly scopes?: Readonly<Record<string, RestSchema>>;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Milliseconds for which a token counts, and what the server says about it. */
  readonly tokenMs?: number;
  readonly expSeconds?: number;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Json;
}

export const REST_USER = 'Presence Bridge/Servers/Contoso';
export const REST_PASSWORD = 'correct horse battery';

/** A stateful stand-in of the Domino REST API on real sockets, over the engine of the embedded store. */
export class RestServer {
  readonly databases: ReadonlyMap<string, RestDocuments>;
  readonly faults: RestFaults;
  readonly seen: SeenRequest[] = [];
  password = REST_PASSWORD;
  /** Tokens that count, with the scopes they are for and their end on the clock. */
  readonly tokens = new Map<string, { readonly scopes: readonly string[]; readonly until: number }>();
  tokenMs: number;
  expSeconds: number;
  mostPatches = 0;
  #patches = 0;
  readonly #clock: Clock;
  readonly #server: Server;
  readonly #isTls: boolean;

  constructor(options: RestServerOptions = {}) {
    const { clock = systemClock, scopes = { presence: shippedSchema('presence') }, tls } = options;
    this.#clock = clock;
    this.faults = new RestFaults(clock);
    this.tokenMs = options.tokenMs ?? 7_200_000;
    this.expSeconds = options.expSeconds ?? this.tokenMs / 1000;
    this.databases = new Map(
      Object.entries(scopes).map(([name, schema]) => [name, new RestDocuments(schema, clock)] as const),
    );
    this.faults.onHidden = (unids) => {
      for (const { hidden } of this.databases.values()) {
        hidden.clear();
        for (const unid of unids) hidden.add(unid);
      }
    };
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#serve(request, response);
    };
    this.#isTls = tls !== undefined;
    this.#server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  }

  get documents(): RestDocuments {
    const [first] = this.databases.values();
    if (first === undefined) throw new Error('there is no database');
    return first;
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    const { port } = this.#server.address() as AddressInfo;
    return this.#isTls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.faults.heal();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Requests of a path, as often as they came. */
  count(path: string): number {
    return this.seen.filter((request) => request.path === path).length;
  }

  /** A token from outside, such as another program would fetch. */
  issue(scopes: readonly string[] = [...this.databases.keys()]): string {
    const token = `eyJhbGciOiJub25lIn0.${randomBytes(18).toString('base64url')}.c2lnbmF0dXJl`;
    this.tokens.set(token, { scopes, until: this.#clock.now() + this.tokenMs });
    return token;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://server');
    const text = Buffer.concat(chunks).toString('utf8');
    const seen: SeenRequest = {
      method: request.method ?? '',
      path: url.pathname.replace(/^\/api\/v1/, ''),
      query: url.searchParams,
      headers: request.headers,
      body: text === '' ? {} : (JSON.parse(text) as Json),
    };
    this.seen.push(seen);
    const isPatch = seen.method === 'PATCH';
    if (isPatch) this.mostPatches = Math.max(this.mostPatches, ++this.#patches);
    try {
      await this.faults.around(seen, response, () => this.#answer(seen));
    } finally {
      if (isPatch) this.#patches--;
    }
  }

  async #answer(request: SeenRequest): Promise<unknown> {
    const { method, path, query, body } = request;
    if (method === 'POST' && path === '/auth') return this.#login(body);
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const held = this.tokens.get(token);
    if (held === undefined || this.#clock.now() >= held.until) throw new RestRefusal(401, 'Invalid or expired token');
    if (path === '/auth/logout') {
      this.tokens.delete(token);
      return { status: 'OK', statusCode: 200, message: `${REST_USER} logged out` };
    }
    if (path === '/info') return INFO;
    if (path === '/scopes') return [...this.databases].map(([apiName, { schema }]) => scopeEntry(apiName, schema));
    const scope = query.get('dataSource') ?? '';
    const documents = this.databases.get(scope);
    if (documents === undefined || this.faults.is('no-database')) {
      throw new RestRefusal(404, `Scope ${scope} was not found`);
    }
    if (!held.scopes.includes(scope) && !held.scopes.includes('$DATA')) {
      throw new RestRefusal(403, `The token is not for scope ${scope}`);
    }
    return this.#data(request, documents);
  }

  async #data({ method, path, query, body }: SeenRequest, documents: RestDocuments): Promise<unknown> {
    const mode = typeof body['mode'] === 'string' ? body['mode'] : undefined;
    const unids = Array.isArray(body['unids']) ? body['unids'].map(String) : [];
    const [, unid] = /^\/document\/([0-9A-F]{32})$/.exec(path) ?? [];
    if (method === 'PATCH' && unid !== undefined) {
      this.faults.checkDocument({ unid, items: body });
      return documents.patch(unid, body, query.get('mode') ?? 'default', query.get('revision') ?? undefined);
    }
    if (method !== 'POST') throw new RestRefusal(405, 'Method not allowed');
    switch (path) {
      case '/query': {
        const start = Number(query.get('start') ?? 0);
        const count = Number(query.get('count') ?? Number.MAX_SAFE_INTEGER);
        return documents.query(String(body['query']), mode ?? 'dql', start, count);
      }
      case '/bulk/unid':
        return unids.map(
          (one) => documents.get(one, mode ?? 'default') ?? { status: 404, message: 'Document not found', unid: one },
        );
      case '/bulk/create':
        return inOrder(body['documents'] as readonly Json[], async (one) => {
          this.faults.checkDocument({ unid: undefined, items: one });
          return documents.create(one);
        });
      case '/bulk/delete':
        return inOrder(unids, async (one) => {
          this.faults.checkDocument({ unid: one, items: {} });
          await documents.remove(one, mode ?? 'default');
          return { statusText: 'OK', status: 200, message: 'deletion complete', unid: one };
        });
      default:
        throw new RestRefusal(404, 'This is not the data you seek');
    }
  }

  #login({ username, password, scope }: Json): unknown {
    if (username !== REST_USER || password !== this.password) {
      throw new RestRefusal(401, `Invalid credentials or account locked: ${String(username)} ${String(password)}`);
    }
    const bearer = this.issue(String(scope ?? '$DATA').split(' '));
    const issueDate = new Date(this.#clock.now()).toISOString();
    return { bearer, claims: { sub: `CN=${REST_USER}`, scope }, leeway: 5, expSeconds: this.expSeconds, issueDate };
  }
}

const INFO = {
  KeepProperties: { 'keep-name': 'HCL Domino REST API core API', 'keep-version': '1.1.7', 'keep-vendor': 'HCL' },
  DominoProperties: { version: '14.5', buildNumber: 475, majorVersion: 14, minorVersion: 5, productionBuild: true },
};

function scopeEntry(apiName: string, { schemaName }: RestSchema): Json {
  return { apiName, schemaName, nsfPath: `${apiName}.nsf`, isActive: true, description: '', iconName: 'beach' };
}

/** Failures stand as elements among the others. */
async function inOrder<T>(inputs: readonly T[], run: (input: T) => Promise<Json>): Promise<readonly Json[]> {
  const elements: Json[] = [];
  for (const input of inputs) {
    try {
      elements.push(await run(input));
    } catch (thrown) {
      if (!(thrown instanceof RestRefusal)) throw thrown;
      const { status, message } = thrown;
      elements.push({ statusText: 'Error', status, message, ...(typeof input === 'string' ? { unid: input } : {}) });
    }
  }
  return elements;
}
