import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll } from 'vitest';
import type { UseServer } from '../../src/notes/drivers/domino-db/domino-db-surface.js';
import { loadDominoDb } from '../../src/notes/drivers/domino-db/load-domino-db.js';
import { memoryStorage } from '../../src/notes/drivers/embedded/storage.js';
import { createEmbeddedModule } from '../../src/notes/drivers/embedded/use-server.js';
import { DOMINO_DB_LACKS, dominoDbBackend } from './domino-db-backend.js';
import { driverContract } from './driver-contract.js';

/** Where the stand-in module finds its functions, as HCL's would bring its own. */
const STAND_IN = Symbol.for('presence-bridge.test.domino-db');

let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'presence-driver-'));
  const home = join(project, 'node_modules', '@domino', 'domino-db');
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), '{"name":"@domino/domino-db","version":"1.11.7","main":"index.cjs"}');
  const code = "exports.useServer = (...given) => globalThis[Symbol.for('presence-bridge.test.domino-db')](...given);";
  await writeFile(join(home, 'index.cjs'), code);
});

afterAll(async () => {
  Reflect.deleteProperty(globalThis, STAND_IN);
  await rm(project, { recursive: true, force: true });
});

/** A package of HCL's name in a folder of its own, found and loaded by the product's loader. */
async function installed(useServer: UseServer) {
  Object.assign(globalThis, { [STAND_IN]: useServer });
  return loadDominoDb(pathToFileURL(join(project, 'main.js')));
}

driverContract(
  'a module installed as @domino/domino-db',
  () =>
    dominoDbBackend(
      async (clock) => createEmbeddedModule({ clock, openStorage: async () => memoryStorage() }),
      installed,
    ),
  DOMINO_DB_LACKS,
);
