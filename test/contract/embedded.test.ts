import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderStorage } from '../../src/notes/drivers/embedded/folder-storage.js';
import { memoryStorage } from '../../src/notes/drivers/embedded/storage.js';
import { createEmbeddedModule } from '../../src/notes/drivers/embedded/use-server.js';
import { silentLog } from '../support/silent-log.js';
import { DOMINO_DB_LACKS, dominoDbBackend } from './domino-db-backend.js';
import { driverContract } from './driver-contract.js';

driverContract(
  'embedded in memory',
  () => dominoDbBackend(async (clock) => createEmbeddedModule({ clock, openStorage: async () => memoryStorage() })),
  DOMINO_DB_LACKS,
);

driverContract(
  'embedded on disk',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'presence-driver-'));
    return dominoDbBackend(async (clock) => {
      const embedded = createEmbeddedModule({
        clock,
        openStorage: () => folderStorage(folder, { clock, log: silentLog }),
      });
      return {
        useServer: embedded.useServer,
        close: async () => {
          await embedded.close();
          await rm(folder, { recursive: true, force: true });
        },
      };
    });
  },
  DOMINO_DB_LACKS,
);
