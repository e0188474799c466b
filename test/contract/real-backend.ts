import type { DominoConfig } from '../../src/bridge/config/config.js';
import { systemClock } from '../../src/bridge/runtime/system.js';
import { dqlForm } from '../../src/notes/dql-text.js';
import type { Driver } from '../../src/notes/driver.js';
import { DEFAULT_DOMINO_DB_LIMITS, DominoDbDriver } from '../../src/notes/drivers/domino-db/domino-db.js';
import { type DominoDbModule, loadDominoDb } from '../../src/notes/drivers/domino-db/load-domino-db.js';
import { serverConfiguration } from '../../src/notes/drivers/domino-db/server-configuration.js';
import { DEFAULT_DOMINO_REST_LIMITS } from '../../src/notes/drivers/domino-rest/limits.js';
import { memoryRefusedLogins } from '../../src/notes/drivers/domino-rest/refused-logins.js';
import { FORMS, PERSON_ITEMS } from '../../src/notes/fields.js';
import { textOf } from '../../src/notes/item-access.js';
import { createDriver, type DominoDbConfig, otherDatabase, placeOf } from '../../src/notes/open-driver.js';
import { silentLog } from '../support/silent-log.js';
import { type Ability, type Backend, CONTRACT_MARK, type Lacks } from './driver-contract.js';
import { NO_FAULTS } from './driver-faults.js';

export interface RealServer {
  readonly place: string;
  readonly lacks: Lacks;
  readonly backend: () => Promise<Backend>;
  /**
   * Removes what an earlier run left. Throws when documents of people are in the database that are not the suite's, since a
   * bridge might use it.
   */
  prepare(allowPeople: boolean): Promise<void>;
}

const NEED_A_STAND_IN: readonly Ability[] = [
  'unreachable',
  'hang',
  'latency',
  'lost-answer',
  'refused-document',
  'acl-denied',
  'hidden-documents',
  'changed-between-pages',
  'full',
  'read-only',
  'no-database',
];

/** The server of a configuration as a backend of the contract; `database` takes the place of the configured one. */
export function realServer(configured: DominoConfig, database: string | undefined): RealServer {
  if (configured.kind === 'embedded') throw new Error('section "domino" names the embedded store, not a server');
  const config = database === undefined ? configured : otherDatabase(configured, database);
  const ports = { clock: systemClock, log: silentLog, refusedLogins: memoryRefusedLogins() };
  const driver = config.kind === 'domino-db' ? sharedConnection(config) : () => createDriver(config, ports);
  const { revisions } = driver();
  const isRest = config.kind === 'domino-rest';
  const pageSize = isRest ? DEFAULT_DOMINO_REST_LIMITS.pageSize : DEFAULT_DOMINO_DB_LIMITS.pageSize;
  return {
    place: placeOf(config),
    lacks: {
      ...Object.fromEntries(NEED_A_STAND_IN.map((ability) => [ability, 'nobody troubles a real server'])),
      'simulated-clock': 'time is real here',
      'empty-database': 'others may use the database',
      ...(revisions ? {} : { revisions: 'the driver knows no conditional changes' }),
      ...(isRest ? { 'any-item': 'only fields of the schema exist' } : {}),
    },
    backend: async () => ({ driver, faults: NO_FAULTS, pageSize, close: async () => {} }),
    prepare: (allowPeople) => prepare(driver(), allowPeople),
  };
}

/** A channel of domino-db cannot be closed: one for all tests, as a bridge has one for its life. */
function sharedConnection(config: DominoDbConfig): () => Driver {
  const ports = { clock: systemClock, log: silentLog };
  const server = serverConfiguration(config, ports);
  let loaded: Promise<DominoDbModule> | undefined;
  const load = (): Promise<DominoDbModule> => {
    loaded ??= loadDominoDb().then((module) => {
      let connected: ReturnType<DominoDbModule['useServer']> | undefined;
      const useServer: DominoDbModule['useServer'] = (configuration) => {
        connected ??= module.useServer(configuration);
        return connected;
      };
      return { ...module, useServer };
    });
    return loaded;
  };
  return () => new DominoDbDriver({ kind: 'domino-db', load, server, filePath: config.filePath }, systemClock);
}

async function prepare(driver: Driver, allowPeople: boolean): Promise<void> {
  await driver.open();
  try {
    const found = await driver.find({ query: dqlForm(FORMS.person), itemNames: [PERSON_ITEMS.bridge] });
    const left = found.filter(({ items }) => textOf(items, PERSON_ITEMS.bridge).startsWith(CONTRACT_MARK));
    if (left.length < found.length && !allowPeople) {
      const advice = 'name a database meant for tests with PRESENCE_CONTRACT_DATABASE';
      const insist = 'or set PRESENCE_CONTRACT_ALLOW_PEOPLE=1, when no bridge uses this one';
      throw new Error(`the database holds ${found.length - left.length} documents of people: ${advice}, ${insist}`);
    }
    for (let done = 0; done < left.length; done += driver.maxBatch) {
      await driver.remove(left.slice(done, done + driver.maxBatch).map(({ unid }) => unid));
    }
  } finally {
    await driver.close();
  }
}
