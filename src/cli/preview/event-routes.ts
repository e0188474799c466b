import type { FastifyInstance } from 'fastify';
import { SECURITY_HEADERS } from '../../bridge/api/http/security-headers.js';
import type { PlacedRow } from '../../bridge/view-ports.js';
import { BridgeError } from '../../presence/errors.js';
import { PREVIEW_LIMITS } from './preview-limits.js';
import type { ShownTemplate } from './shown-template.js';

/** Changes that come together are told together. */
const GATHER_MS = 60;
/** So that a browser notices a server that is gone, and proxies keep the connection. */
const COMMENT_MS = 15_000;

/** Streams of server-sent events (HTML Living Standard §9.2), by which open views hear of changed documents. */
export class EventStreams {
  readonly #endings = new Set<() => void>();

  /** Ends all streams, so that the port becomes free. */
  close(): void {
    for (const end of this.#endings) end();
  }

  addRoutes(app: FastifyInstance, shown: ShownTemplate): void {
    app.get<{ Querystring: { view?: string } }>(shown.paths.events, ({ query, raw }, reply) => {
      const view = shown.views.get(query.view ?? '')?.model.id;
      if (view === undefined) throw new BridgeError('API_NOT_FOUND', 'the template has no such view');
      if (this.#endings.size >= PREVIEW_LIMITS.listeners) throw new BridgeError('API_BUSY', 'too many pages are open');
      reply.hijack();
      const response = reply.raw;
      response.writeHead(200, { ...SECURITY_HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
      response.write(': presence-bridge\n\n');
      let rows: readonly PlacedRow[] = shown.feed.rows(view);
      const ids = new Set<string>();
      let timer: NodeJS.Timeout | undefined;
      const tell = (): void => {
        timer = undefined;
        const told = [...ids].slice(0, PREVIEW_LIMITS.changedIds);
        ids.clear();
        const before = rows;
        rows = shown.feed.rows(view);
        // Somebody who reads nothing would have the server keep everything.
        if (response.writableLength > PREVIEW_LIMITS.unsent) {
          end();
          return;
        }
        // The same array means that no row of this view changed.
        if (rows !== before) response.write(`event: changed\ndata: ${JSON.stringify(told)}\n\n`);
      };
      const stopListening = shown.feed.onChange((changed) => {
        for (const id of changed) ids.add(id);
        timer ??= setTimeout(tell, GATHER_MS);
      });
      const comments = setInterval(() => response.write(':\n\n'), COMMENT_MS);
      const end = (): void => {
        this.#endings.delete(end);
        stopListening();
        clearTimeout(timer);
        clearInterval(comments);
        // A stream that nobody reads would never end in order.
        if (response.writableLength > PREVIEW_LIMITS.unsent) response.destroy();
        else response.end();
      };
      this.#endings.add(end);
      raw.once('close', end);
      response.once('error', end);
    });
  }
}
