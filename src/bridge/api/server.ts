import { randomBytes } from 'node:crypto';
import type { Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type FastifyInstance, fastify } from 'fastify';
import type { DirectoryCounts, LookUp } from '../../presence/directory.js';
import { BridgeError } from '../../presence/errors.js';
import type { SipUri } from '../../presence/ids.js';
import { readBoard } from '../board/pages.js';
import type { ReconcileFacts } from '../engine/reconcile-facts.js';
import type { OthersPresence } from '../list-ports.js';
import type { HealthLimits } from '../observe/health.js';
import type { Metrics } from '../observe/metrics.js';
import type { PersonDesk } from '../person-ports.js';
import type { Clock, Log } from '../ports.js';
import type { BridgeStatus, PersonStatus } from '../status.js';
import type { ViewFeed } from '../view-ports.js';
import type { WatchedPeople } from '../watched-ports.js';
import { Access } from './access/access.js';
import { auditLog } from './access/audit-log.js';
import { addOptionsRoutes, shareWith } from './access/cors.js';
import type { Grant, Scope } from './access/grant.js';
import { hostCheck, isLoopback } from './access/host-check.js';
import type { IsOnList } from './access/person-filter.js';
import { guardRoutes } from './access/route-access.js';
import { streamCaller } from './access/stream-caller.js';
import { TokenBook } from './access/tokens/token-book.js';
import type { TokenSource } from './access/tokens/token-source.js';
import { readClientFiles } from './client-files.js';
import { addClientRoutes } from './client-routes.js';
import { DEFAULT_HTTP_LIMITS, type HttpLimits } from './http/http-limits.js';
import { type ProblemAnswer, problemOf, problemOfThrown, rawAnswer } from './http/problem.js';
import { SECURITY_HEADERS } from './http/security-headers.js';
import { followTls, readTls, type TlsFiles, type TlsSettings } from './http/tls-files.js';
import { addMeRoute } from './me-routes.js';
import { knownRoutes } from './openapi/known-routes.js';
import { addOpenApiRoute } from './openapi/openapi-route.js';
import { addPageRoutes } from './page-routes.js';
import { addPeopleRoutes } from './people/people-routes.js';
import type { PeopleQuery } from './people/query-routes.js';
import { MAX_PATH_NAME } from './people/query-schemas.js';
import { addPersonRoutes } from './person-routes.js';
import { addRoutes } from './routes.js';
import { addSelfRoutes, type OwnSide } from './self-routes.js';
import type { RowOwners } from './stream/audience.js';
import { addStreamRoute } from './stream/event-stream-route.js';
import type { ViewLanguage } from './stream/protocol.js';
import { StreamHub } from './stream/stream-hub.js';
import { DEFAULT_STREAM_LIMITS } from './stream/stream-limits.js';
import { acceptStreams } from './upgrade.js';

export interface HttpServerOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** At least 128 random bits, as text of RFC 6750's token characters. */
  readonly accessToken: string;
  /** Tokens of applications; absent where there are none. */
  readonly tokens?: TokenSource;
  /** What everybody may do who reaches the port, without any token. Nothing when left out. */
  readonly withoutToken?: readonly Scope[];
  /** Certificate and key; without them the port speaks plain HTTP. Renewed files are taken without a restart. */
  readonly tls?: TlsFiles | undefined;
  /** Called with the certificate that counts, at the start and when it is renewed. */
  readonly onCertificate?: (cert: Buffer) => void;
  /** Origins besides our own whose pages may read answers and open streams, such as `https://intranet.contoso.example`. */
  readonly allowedOrigins?: readonly string[];
  readonly status: () => BridgeStatus;
  readonly people: () => readonly PersonStatus[];
  /** The same people as the newer routes and streams ask for them; without it these are not there. */
  readonly watched?: WatchedPeople;
  /** Without it nobody can be asked for by name. */
  readonly query?: PeopleQuery;
  /** Whom the directory means by a text; only asked about people who are found. */
  readonly lookUp?: (text: string) => Promise<LookUp>;
  /** For the metrics; the list of people itself does not leave by this. */
  readonly directory?: () => DirectoryCounts;
  /** Compares all documents now. */
  readonly reconcile?: () => Promise<ReconcileFacts>;
  readonly views: ViewFeed;
  /** Whose rows they are; without it tokens with a person filter see none. */
  readonly owners?: RowOwners;
  /** Address of the account that the bridge is signed in with. */
  readonly account?: SipUri;
  /** Without it the account cannot be made to say anything. */
  readonly self?: OwnSide;
  /** Without it no application can speak for people. */
  readonly others?: OthersPresence;
  /** Without it nobody is told or can erase what is stored about a person. */
  readonly desk?: PersonDesk;
  /** Where the compiled client is, with a slash at the end; the package's own when left out. */
  readonly clientFolder?: URL;
  /** Language of `views`; the board's own words follow it. English when left out. */
  readonly language?: ViewLanguage;
  /** From when on `/healthz` and the metric `up` find something wrong. */
  readonly health?: HealthLimits;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<HttpLimits>;
}

/** How long a status may be shown where nothing else is said, milliseconds. */
const DEFAULT_FRESH_MS = 90_000;

export interface HttpServer {
  /** Without a slash at the end: `http://127.0.0.1:8080`. */
  readonly url: string;
  readonly port: number;
  /** Ends all streams and connections; resolves when the port is free. */
  close(): Promise<void>;
}

/**
 * Board, API, live stream, metrics and health on one port. On loopback only to names of ours (`hostCheck`). Throws `API_PORT` when the port cannot be opened.
 *
 * Who may use what stands in `ROUTE_ACCESS`.
 *
 * | path | token | answer |
 * |---|---|---|
 * | `GET /`, `/board/*`, `/icons/*` | no | the board's page, the template's icons |
 * | `GET /client/*` | no | the client's modules, for pages of all origins |
 * | `GET /healthz` | no | 200 or 503, `{ healthy, reasons }` |
 * | `GET /metrics` | no | Prometheus text format; counts only |
 * | `GET /api/v1/openapi.json` | no | OpenAPI 3.1 document of these routes |
 * | `GET /api/v1/me` | yes | what the token allows, and of whom |
 * | `GET /api/v1/status` | yes | `BridgeStatus` |
 * | `GET /api/v1/people` | yes | list of `PersonStatus` |
 * | `GET /api/v1/people/{who}` | yes | one person's status, by name or address |
 * | `POST /api/v1/people/query` | yes | `PeopleAnswer`: those who are named, in the order of the question |
 * | `GET /api/v1/people/{who}/why` | yes | `WhyAnswer`: why somebody is shown so |
 * | `PUT`, `DELETE /api/v1/people/{who}/status` | yes | `AssertedAnswer`: what the application says of somebody |
 * | `GET /api/v1/resolve?name=` | yes | `ResolveAnswer`: whom a name means, and why |
 * | `GET /api/v1/lists`, `/api/v1/lists/{list}` | yes | `ListsAnswer`, `ListAnswer` |
 * | `GET`, `PUT`, `DELETE /api/v1/self` | yes | `{ own: OwnStatus or null }` |
 * | `GET`, `DELETE /api/v1/person` | yes | `PersonFile`, `Erasure`: all that is stored of one person |
 * | `POST /api/v1/messages` | yes | `{ delivered: true }` once the other side has accepted it |
 * | `POST /api/v1/reconcile` | yes | `ReconcileFacts`, once all documents are compared |
 * | `POST /api/v1/stream-ticket` | yes | `{ ticket, expiresInSeconds }` |
 * | `GET`, `POST /api/v1/stream` | yes, or ticket | people and lists as server-sent events |
 * | `GET /stream` (upgrade) | yes, or ticket | live stream, see `stream/protocol.ts` |
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const limits = { ...DEFAULT_HTTP_LIMITS, ...options.limits };
  const streamLimits = { ...DEFAULT_STREAM_LIMITS, ...limits.stream };
  const { status, people, directory, reconcile, views, owners, metrics, clock, log, allowedOrigins = [] } = options;
  const { language = 'en' } = options;
  const audit = auditLog({ clock, log });
  const isOnList: IsOnList = (list, uri) => options.watched?.isOnList(list, uri) ?? false;
  const onEnded = (holder: string): void => options.others?.silence(holder);
  const tokens = options.tokens && new TokenBook(options.tokens, { clock, log, isOnList, onEnded });
  const { accessToken, withoutToken } = options;
  const access = new Access({ accessToken, tokens, withoutToken, limits, clock, audit });
  const checkHost = hostCheck(options.host, allowedOrigins);
  const tls = options.tls && readTls(options.tls);
  const app = createApp(limits, metrics, log, tls);
  if (tls) options.onCertificate?.(tls.cert);
  warnOfOpenness(options);
  app.addHook('onRequest', async ({ headers }) => {
    checkHost(headers.host);
  });
  shareWith(app, allowedOrigins);
  const caller = streamCaller({ access, allowedOrigins });
  guardRoutes(app, access, caller);
  const routes = knownRoutes(app);
  const { ticketLife } = limits;
  addRoutes(app, {
    access,
    audit,
    status,
    people,
    directory,
    reconcile,
    health: options.health,
    metrics,
    clock,
    freshMs: options.query?.freshMs ?? 0,
    ticketLife,
  });
  addMeRoute(app, { account: options.account });
  addPeopleRoutes(app, { access, audit }, options);
  if (options.self) addSelfRoutes(app, { audit, clock, find: options.query?.find, ...options.self });
  if (options.desk) addPersonRoutes(app, { audit, desk: options.desk });
  const hub = new StreamHub({
    status,
    people,
    watched: options.watched,
    messages: options.self?.messages,
    views,
    owners,
    stands: (grant: Grant) => access.stands(grant),
    demandMessages: (grant) => access.demand(grant, ['message'], 'messages in a stream'),
    language,
    freshMs: options.query?.freshMs ?? DEFAULT_FRESH_MS,
    metrics,
    clock,
    random: { bytes: randomBytes },
    log,
    limits: streamLimits,
  });
  if (options.watched) addStreamRoute(app, { hub, payload: streamLimits.payload });
  addPageRoutes(app, await readBoard(), views);
  addClientRoutes(app, await readClientFiles(options.clientFolder));
  addOpenApiRoute(app, routes);
  addOptionsRoutes(app, routes, allowedOrigins);
  acceptStreams(app.server, { access, hub, metrics, caller, checkHost, limits: streamLimits });
  try {
    await app.listen({ host: options.host, port: options.port });
  } catch (thrown) {
    tokens?.close();
    await hub.close();
    throw portError(thrown, options);
  }
  const { port } = app.server.address() as AddressInfo;
  const url = urlOf(options, port);
  const unfollow =
    options.tls &&
    followTls(app.server as unknown as TlsServer, options.tls, { clock, log, onRenewed: options.onCertificate });
  log.info('http.listening', { url });
  return {
    url,
    port,
    async close() {
      unfollow?.();
      tokens?.close();
      await hub.close();
      await app.close();
    },
  };
}

function createApp(limits: HttpLimits, metrics: Metrics, log: Log, tls: TlsSettings | undefined): FastifyInstance {
  const settings = { headersTimeout: limits.requestTimeout, connectionsCheckingInterval: 1_000 };
  const app = fastify({
    logger: false,
    bodyLimit: limits.body,
    connectionTimeout: limits.connectionTimeout,
    requestTimeout: limits.requestTimeout,
    keepAliveTimeout: limits.keepAliveTimeout,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: MAX_PATH_NAME },
    // A path whose octets are no UTF-8 reaches no hook.
    frameworkErrors: (_error, _request, { raw }) => {
      const { status, headers, body } = problemOf(new BridgeError('API_BAD_REQUEST', 'the path is not valid'));
      const type = { 'content-type': 'application/json; charset=utf-8' };
      raw.writeHead(status, { ...SECURITY_HEADERS, ...headers, ...type }).end(JSON.stringify(body));
    },
    // The library has a type of its own for an instance with TLS, which differs in nothing that is used here.
    ...((tls === undefined ? { http: settings } : { https: { ...settings, ...tls } }) as { http: typeof settings }),
    clientErrorHandler: (_error, socket) => {
      const answer = problemOf(new BridgeError('API_BAD_REQUEST', 'this is no HTTP request'));
      if (socket.writable) socket.end(rawAnswer(answer));
      socket.destroySoon();
    },
  });
  app.server.maxConnections = limits.connections;
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(SECURITY_HEADERS);
  });
  app.setNotFoundHandler(() => {
    throw new BridgeError('API_NOT_FOUND', 'there is nothing at this path for this method');
  });
  app.setErrorHandler((thrown, request, reply) => {
    const answer: ProblemAnswer = problemOfThrown(thrown);
    metrics.inc('http_refused_total', 1, { code: answer.body.code });
    if (answer.status >= 500) log.error('http.failed', { route: request.routeOptions.url, error: thrown });
    return reply.code(answer.status).headers(answer.headers).send(answer.body);
  });
  return app;
}

const LISTEN_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses it',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this account may not open it',
};

function portError(thrown: unknown, { host, port }: HttpServerOptions): BridgeError {
  const code = (thrown as NodeJS.ErrnoException).code ?? '';
  const why = LISTEN_ERRORS[code] ?? BridgeError.from(thrown).message;
  return new BridgeError('API_PORT', `cannot listen on ${host} port ${port}: ${why}`, { cause: thrown });
}

function urlOf({ host, tls }: Pick<HttpServerOptions, 'host' | 'tls'>, port: number): string {
  const named = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `${tls ? 'https' : 'http'}://${named.includes(':') ? `[${named}]` : named}:${port}`;
}

/** What an administrator may have chosen, and should not forget. */
function warnOfOpenness({ host, tls, withoutToken = [], log }: HttpServerOptions): void {
  if (withoutToken.length > 0) log.warn('http.presence-without-token', { scopes: withoutToken });
  if (tls === undefined && !isLoopback(host)) log.warn('http.without-tls', { host });
}
