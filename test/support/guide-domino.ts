import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, request as plainRequest, type ServerResponse } from 'node:http';
import { createServer as createWebServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { storedItems } from '../../src/notes/drivers/embedded/stored-document.js';
import { type Judge, startJudge, whyNoJudge } from './openapi-judge.js';
import { RestServer } from './rest-server.js';
import { shippedSchema } from './rest-server-schema.js';
import { shared, sharedPath } from './shared.js';

/** One call of the setup API, as it arrived. */
export interface SetupCall {
  readonly request: string;
  readonly body: unknown;
}

/** What stands for a Domino server: its REST API with the setup API beside it, and a port where Proton would listen. */
export class GuideDomino {
  readonly rest = new RestServer({
    scopes: { presence: shippedSchema('presence'), directory: shippedSchema('directory') },
  });
  readonly setupCalls: SetupCall[] = [];
  /** What an independent mock found wrong with them; `undefined` where it is not at hand. */
  violations: readonly string[] | undefined;
  url = '';
  #judge: Judge | undefined;
  #restUrl = '';
  #front: Server | undefined;
  #proton: Server | undefined;

  /** `folder`: for the certificate of the server, `rest.pem`, which is its own authority. */
  async start(folder: string): Promise<void> {
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    const files = ['-keyout', join(folder, 'rest.key'), '-out', join(folder, 'rest.pem')];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', ...subject, ...files], {
      stdio: 'ignore',
    });
    await this.#seed();
    this.#restUrl = await this.rest.start();
    if (shared !== undefined && whyNoJudge() === undefined) {
      this.#judge = await startJudge(sharedPath('reference', 'openapi', 'drapi-setup.json'));
    }
    const key = readFileSync(join(folder, 'rest.key'));
    const cert = readFileSync(join(folder, 'rest.pem'));
    this.#front = createWebServer({ key, cert }, (asked, answer) => {
      void this.#serve(asked, answer);
    });
    this.url = `https://localhost:${await listen(this.#front)}`;
  }

  /** Opens a port with the certificates that the guide made; gives its number. */
  async startProton(folder: string): Promise<number> {
    this.#proton?.close();
    const file = (name: string): Buffer => readFileSync(join(folder, name));
    this.#proton = createTlsServer({
      key: file('proton.key'),
      cert: file('proton.pem'),
      ca: file('ca.pem'),
      requestCert: true,
      rejectUnauthorized: true,
      ALPNProtocols: ['h2'],
    });
    return await listen(this.#proton);
  }

  async stop(): Promise<void> {
    await this.rest.stop();
    await this.#judge?.close();
    this.#proton?.close();
    this.#front?.close();
  }

  async #seed(): Promise<void> {
    const person = (fullName: readonly string[], items: Record<string, string>) =>
      storedItems({ Form: 'Person', FullName: { type: 'text', data: [...fullName], names: true }, ...items });
    await this.rest.databases.get('directory')?.engine.create([
      person(['CN=Ana Reyes/OU=Sales/O=Contoso', 'Ana Reyes'], { InternetAddress: 'ana.reyes@contoso.example' }),
      person(['CN=Cem Aydin/O=Contoso', 'Cem Aydin'], { InternetAddress: 'cem.aydin@contoso.example' }),
      person(['CN=Ben Okoro/OU=Support/O=Contoso', 'Ben Okoro'], { SIPAddress: 'ben.okoro@contoso.example' }),
      storedItems({
        Form: 'Group',
        ListName: 'Presence Users',
        Members: { type: 'text', data: ['*/Sales/Contoso', 'CN=Ben Okoro/OU=Support/O=Contoso'], names: true },
      }),
      storedItems({ Form: 'Group', ListName: 'Works Council', Members: 'CN=Mei Tanaka/OU=Sales/O=Contoso' }),
    ]);
  }

  async #serve(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of asked) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const isSetup = asked.url?.startsWith('/api/setup-v1/') === true;
    if (isSetup) {
      const isKnown = this.rest.tokens.has(asked.headers.authorization?.replace(/^Bearer /, '') ?? '');
      if (!isKnown) return void answer.writeHead(401).end('{}');
      this.setupCalls.push({ request: `${asked.method} ${asked.url}`, body: JSON.parse(body.toString('utf8')) });
      if (this.#judge === undefined) return void answer.writeHead(200).end('{}');
    }
    const target = new URL(asked.url ?? '/', isSetup ? this.#judge?.url : this.#restUrl);
    const { host: _, ...headers } = asked.headers;
    const forwarded = plainRequest(target, { method: asked.method ?? 'GET', headers }, (came) => {
      answer.writeHead(came.statusCode ?? 502, came.headers);
      came.pipe(answer);
      this.violations = this.#judge?.violations;
    });
    forwarded.on('error', () => answer.destroy());
    forwarded.end(body);
  }
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return (server.address() as AddressInfo).port;
}
