import type { Clock, Log } from '../bridge/ports.js';
import type { Driver } from './driver.js';
import { DominoDbDriver, type DominoDbLimits } from './drivers/domino-db/domino-db.js';
import { loadDominoDb } from './drivers/domino-db/load-domino-db.js';
import { serverConfiguration } from './drivers/domino-db/server-configuration.js';
import { DominoRestDriver, type DominoRestOptions } from './drivers/domino-rest/domino-rest.js';
import type { RefusedLogins } from './drivers/domino-rest/refused-logins.js';
import { databaseFolder } from './drivers/embedded/file-names.js';
import { folderStorage } from './drivers/embedded/folder-storage.js';
import { readOnlyStorage } from './drivers/embedded/read-only-storage.js';
import { memoryStorage } from './drivers/embedded/storage.js';
import { createEmbeddedModule } from './drivers/embedded/use-server.js';

export type DriverConfig = EmbeddedConfig | DominoDbConfig | DominoRestConfig;

/** The built-in stand-in for a Domino server. */
export interface EmbeddedConfig {
  readonly kind: 'embedded';
  /** Where documents are kept; `undefined` keeps them in memory alone. */
  readonly folder: string | undefined;
  /** Which of the databases in the folder, `presence.nsf` when absent. */
  readonly database?: string;
  /** Take what stands there now and change nothing: works while a bridge owns the folder. */
  readonly readOnly?: boolean;
}

/** A Domino server with the Domino REST API. */
export interface DominoRestConfig extends DominoRestOptions {
  readonly kind: 'domino-rest';
}

/** A Domino server with Proton, through HCL's module. */
export interface DominoDbConfig {
  readonly kind: 'domino-db';
  readonly hostName: string;
  readonly port: number;
  /** TLS with all three certificate files; without it Domino sees an anonymous caller. */
  readonly secure: boolean;
  /** PEM files; read at each opening, so that a renewed certificate needs no restart. */
  readonly rootCertificateFile?: string;
  readonly clientCertificateFile?: string;
  readonly clientKeyFile?: string;
  /** Path of the database, relative to Domino's data folder. */
  readonly filePath: string;
}

export interface DriverPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Partial<DominoDbLimits>;
  /** Logins at the Domino REST API that were refused, shared by drivers of one account; in memory when absent. */
  readonly refusedLogins?: RefusedLogins;
}

/** The driver for a configuration. Contacts and opens nothing yet. Throws `CFG_INVALID` when a certificate is missing. */
export function createDriver(config: DriverConfig, ports: DriverPorts): Driver {
  switch (config.kind) {
    case 'embedded':
      return embeddedDriver(config, ports);
    case 'domino-db':
      return dominoDbDriver(config, ports);
    case 'domino-rest':
      return new DominoRestDriver(config, ports);
  }
}

/**
 * Another database by the same way: `database` is its file path or, with the REST API, the scope that publishes it.
 */
export function otherDatabase(config: DriverConfig, database: string): DriverConfig {
  switch (config.kind) {
    case 'embedded':
      return { ...config, database };
    case 'domino-db':
      return { ...config, filePath: database };
    case 'domino-rest':
      return { ...config, scope: database };
  }
}

/** Where a database stands, for people. */
export function placeOf(config: DriverConfig): string {
  switch (config.kind) {
    case 'embedded':
      return config.folder ?? 'memory';
    case 'domino-db':
      return `${config.filePath} on ${config.hostName}`;
    case 'domino-rest':
      return `scope ${config.scope} on ${config.url}`;
  }
}

const EMBEDDED_DATABASE = 'presence.nsf';

function embeddedDriver(
  { folder, database = EMBEDDED_DATABASE, readOnly = false }: EmbeddedConfig,
  { clock, log, limits }: DriverPorts,
): Driver {
  const { useServer, close } = createEmbeddedModule({
    clock,
    openStorage: async (filePath) => {
      if (folder === undefined) return memoryStorage();
      const place = databaseFolder(folder, filePath);
      return readOnly ? readOnlyStorage(place) : folderStorage(place, { clock, log });
    },
  });
  return new DominoDbDriver(
    {
      kind: 'embedded',
      load: () => Promise.resolve({ name: 'embedded', version: 'built-in', useServer }),
      server: { hostName: 'localhost', connection: { port: '3002' } },
      filePath: database,
      dispose: close,
      ...(limits === undefined ? {} : { limits }),
    },
    clock,
  );
}

function dominoDbDriver(config: DominoDbConfig, { clock, log, limits }: DriverPorts): Driver {
  return new DominoDbDriver(
    {
      kind: 'domino-db',
      load: () => loadDominoDb(),
      server: serverConfiguration(config, { clock, log }),
      filePath: config.filePath,
      ...(limits === undefined ? {} : { limits }),
    },
    clock,
  );
}
