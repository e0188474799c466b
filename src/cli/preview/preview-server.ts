import type { AddressInfo } from 'node:net';
import { type FastifyInstance, fastify } from 'fastify';
import { hostCheck } from '../../bridge/api/access/host-check.js';
import { problemOfThrown } from '../../bridge/api/http/problem.js';
import { SECURITY_HEADERS } from '../../bridge/api/http/security-headers.js';
import { readBoard } from '../../bridge/board/pages.js';
import { BridgeError } from '../../presence/errors.js';
import { EventStreams } from './event-routes.js';
import { addFormRoutes } from './form-routes.js';
import { addPageRoutes } from './page-routes.js';
import { PREVIEW_LIMITS } from './preview-limits.js';
import type { ShownTemplate } from './shown-template.js';
import { addViewRoutes } from './view-routes.js';

export interface PreviewOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** One for each language; the first one is shown at the start. */
  readonly templates: readonly ShownTemplate[];
  /** A page that could not be made: the browser gets a neutral sentence. */
  readonly onFailure?: (error: unknown) => void;
}

export interface PreviewServer {
  /** Without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

const ASSETS = new URL('../../bridge/board/public/preview/', import.meta.url);
const TEXT_TYPES = ['text/css', 'text/javascript', 'image/svg+xml'];

/** Serves the preview. On loopback only to names of loopback (`hostCheck`). Throws `API_PORT` when the port cannot be opened. */
export async function startPreview(options: PreviewOptions): Promise<PreviewServer> {
  const { host, templates } = options;
  const app = createApp(options);
  const [first] = templates;
  if (!first) throw new BridgeError('TEMPLATE_INVALID', 'the template has no language');
  const checkHost = hostCheck(host, []);
  app.addHook('onRequest', async ({ headers }) => {
    checkHost(headers.host);
  });
  const assets = await readBoard(ASSETS);
  app.get('/', (_request, reply) => reply.redirect(first.paths.home));
  app.get<{ Params: { name: string } }>('/assets/:name', ({ params }, reply) => {
    const asset = assets.get(params.name);
    if (!asset || !TEXT_TYPES.some((type) => asset.type.startsWith(type)))
      throw new BridgeError('API_NOT_FOUND', 'there is no such file');
    return reply.type(asset.type).send(asset.data);
  });
  const streams = new EventStreams();
  const languages = templates.map(({ language }) => language);
  for (const shown of templates) {
    addViewRoutes(app, shown, languages);
    addFormRoutes(app, shown, languages);
    addPageRoutes(app, shown, languages);
    streams.addRoutes(app, shown);
  }
  try {
    await app.listen({ host, port: options.port });
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code ?? BridgeError.from(cause).message;
    throw new BridgeError('API_PORT', `cannot listen on ${host} port ${options.port}: ${why}`, { cause });
  }
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://${urlHost(host)}:${port}`,
    async close() {
      streams.close();
      await app.close();
    },
  };
}

function createApp({ onFailure }: PreviewOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    bodyLimit: PREVIEW_LIMITS.body,
    connectionTimeout: PREVIEW_LIMITS.connectionTimeout,
    requestTimeout: PREVIEW_LIMITS.requestTimeout,
    keepAliveTimeout: PREVIEW_LIMITS.keepAliveTimeout,
    forceCloseConnections: true,
  });
  app.server.maxConnections = PREVIEW_LIMITS.connections;
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers(SECURITY_HEADERS);
  });
  app.setNotFoundHandler(() => {
    throw new BridgeError('API_NOT_FOUND', 'there is nothing at this path');
  });
  app.setErrorHandler((thrown, _request, reply) => {
    const { status, headers, body } = problemOfThrown(thrown);
    if (status >= 500) onFailure?.(thrown);
    return reply.code(status).headers(headers).send(body);
  });
  return app;
}

function urlHost(host: string): string {
  const named = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return named.includes(':') ? `[${named}]` : named;
}
