import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface BadgePageOptions {
  /** Asked with each request for a ticket. */
  readonly ticket?: () => Promise<string>;
}

/** An intranet's page server: pages under a strict policy, and tickets for those who are signed in there. */
export class BadgePage {
  readonly #server: Server;
  readonly url: string;
  /** The body of the page. */
  body = '';
  head = '';
  language = 'en';
  /** Address of the bridge, which the page's policy lets in. */
  bridge = '';
  tickets = 0;
  /** Tickets are refused like this. */
  refusal: number | undefined;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start({ ticket }: BadgePageOptions = {}): Promise<BadgePage> {
    const server = createServer((request, response) => {
      if (request.url === '/ticket' && request.method === 'POST' && ticket) {
        page.tickets++;
        if (page.refusal !== undefined) {
          response.writeHead(page.refusal).end('no');
          return;
        }
        ticket().then(
          (text) =>
            response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ticket: text })),
          () => response.writeHead(502).end('no'),
        );
        return;
      }
      if (request.url !== '/') {
        response.writeHead(404).end();
        return;
      }
      const { bridge } = page;
      const policy = [
        "default-src 'none'",
        `script-src ${bridge}`,
        `connect-src 'self' ${bridge.replace(/^http/, 'ws')}`,
        "base-uri 'none'",
        "require-trusted-types-for 'script'",
      ];
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy.join('; ') })
        .end(page.#html());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const page = new BadgePage(server);
    return page;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #html(): string {
    return `<!doctype html><html lang="${this.language}"><head><meta charset="utf-8"><title>People</title>
<meta name="color-scheme" content="light dark">${this.head}
<script type="module" src="${this.bridge}/client/badge.js"></script></head>
<body><main><h1>People</h1>${this.body}</main></body></html>`;
  }
}
