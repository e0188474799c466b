import type { Clock } from '../../../bridge/ports.js';
import type { DominoServer, ServerConfiguration, UseServer } from '../domino-db/domino-db-surface.js';
import { badRequest, dominoDbError } from './domino-db-error.js';
import { type EmbeddedBehaviour, embeddedDatabase } from './embedded-database.js';
import { DocumentEngine } from './engine.js';
import type { Storage } from './storage.js';

export interface EmbeddedOptions {
  /** Opens the storage of a database; called at the first read or write, and again after it failed. */
  readonly openStorage: (filePath: string) => Promise<Storage>;
  readonly clock: Clock;
  readonly behaviour?: Partial<EmbeddedBehaviour>;
}

export interface EmbeddedModule {
  readonly useServer: UseServer;
  /** Closes all databases. HCL's module has no such call; whoever made the embedded one owns its files. */
  close(): Promise<void>;
}

const DEFAULT_BEHAVIOUR: EmbeddedBehaviour = { largePage: 'reject', emptyDatabase: 'reject' };

/** Databases opened between two calls of `close`. */
interface Session {
  readonly engines: Map<string, Promise<DocumentEngine>>;
  isClosed: boolean;
}

/** A stand-in for HCL's domino-db: the same surface over documents of its own. */
export function createEmbeddedModule(options: EmbeddedOptions): EmbeddedModule {
  const behaviour = { ...DEFAULT_BEHAVIOUR, ...options.behaviour };
  let session: Session = { engines: new Map(), isClosed: false };

  const open = async (filePath: string): Promise<DocumentEngine> => {
    try {
      return new DocumentEngine(await options.openStorage(filePath), options.clock);
    } catch (cause) {
      throw dominoDbError('ERR_INTERNAL_ERROR', cause instanceof Error ? cause.message : String(cause), cause);
    }
  };
  const engineOf = ({ engines, isClosed }: Session, filePath: string): Promise<DocumentEngine> => {
    // A call that was under way when everything was closed must not open the files again.
    if (isClosed) return Promise.reject(dominoDbError('ERR_NOT_CONNECTED', 'The database was closed.'));
    const opened = engines.get(filePath);
    if (opened !== undefined) return opened;
    const engine = open(filePath);
    engines.set(filePath, engine);
    engine.catch(() => engines.delete(filePath));
    return engine;
  };

  const server: DominoServer = Object.freeze({
    async useDatabase({ filePath }: { readonly filePath: string }) {
      if (!filePath) throw badRequest('filePath is missing');
      const current = session;
      return embeddedDatabase(() => engineOf(current, filePath), behaviour);
    },
  });

  return {
    async useServer(configuration) {
      checkConfiguration(configuration);
      return server;
    },
    async close() {
      const ending = session;
      ending.isClosed = true;
      session = { engines: new Map(), isClosed: false };
      for (const engine of ending.engines.values()) await engine.then((one) => one.close());
    },
  };
}

function checkConfiguration(configuration: ServerConfiguration): void {
  if (!configuration?.hostName) throw badRequest('hostName is missing');
  if (!configuration.connection?.port) throw badRequest('connection.port is missing');
  if (!configuration.connection.secure) return;
  const { rootCertificate, clientCertificate, clientKey } = configuration.credentials ?? {};
  if (!rootCertificate || !clientCertificate || !clientKey) throw badRequest('credentials are missing');
}
