import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '../../src/bridge/runtime/system.js';
import type { DominoDatabase } from '../../src/notes/drivers/domino-db/domino-db-surface.js';
import { memoryStorage } from '../../src/notes/drivers/embedded/storage.js';
import { createEmbeddedModule } from '../../src/notes/drivers/embedded/use-server.js';

interface Call {
  readonly filePath: string;
  readonly method: keyof DominoDatabase;
  readonly options: never;
}

/**
 * What stands for a Domino server with Proton: databases in this process, for a module of the name of HCL's that is laid
 * into a folder and loaded by others. All of them see the same documents.
 */
export class ProtonStandIn {
  readonly #module = createEmbeddedModule({ clock: systemClock, openStorage: async () => memoryStorage() });
  readonly #databases = new Map<string, Promise<DominoDatabase>>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const call = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Call;
      const answer = await this.#answer(call).then(
        (result) => ({ result }),
        (error: unknown) => ({ error }),
      );
      response.end(JSON.stringify(answer));
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await this.#module.close();
  }

  /** The database, behind the back of whoever uses the module. */
  database(filePath: string): Promise<DominoDatabase> {
    const known = this.#databases.get(filePath) ?? this.#open(filePath);
    this.#databases.set(filePath, known);
    return known;
  }

  /** Lays the module into the folder; gives what `NODE_PATH` must be for those who load it. */
  layModule(folder: string): string {
    const home = join(folder, 'modules', '@domino', 'domino-db');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), '{"name":"@domino/domino-db","version":"1.11.7","main":"index.cjs"}');
    writeFileSync(
      join(home, 'index.cjs'),
      `const call = async (filePath, method, options) => {
         const body = JSON.stringify({ filePath, method, options });
         const answer = await fetch('http://127.0.0.1:${this.port}', { method: 'POST', body });
         const { result, error } = await answer.json();
         if (error) throw Object.assign(new Error(error.message), error);
         return result;
       };
       const database = (filePath) => new Proxy({}, {
         get: (_, method) => (method === 'then' ? undefined : (options) => call(filePath, method, options)),
       });
       exports.useServer = async () => {
         // As an open channel does.
         setInterval(() => {}, 60000);
         return { useDatabase: async ({ filePath }) => database(filePath) };
       };`,
    );
    return join(folder, 'modules');
  }

  async #open(filePath: string): Promise<DominoDatabase> {
    const server = await this.#module.useServer({ hostName: 'localhost', connection: { port: '3002' } });
    return server.useDatabase({ filePath });
  }

  async #answer({ filePath, method, options }: Call): Promise<unknown> {
    const database = await this.database(filePath);
    return await database[method](options);
  }
}
