import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

/**
 * Lays a package of the name of HCL's module into a folder; it keeps documents in memory, and
 * the process alive as an open channel does. Gives back what `NODE_PATH` must
 * be, so that another process finds it without anything being installed.
 */
export async function layDominoDbPackage(folder: string): Promise<string> {
  const home = join(folder, 'modules', '@domino', 'domino-db');
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'package.json'), '{"name":"@domino/domino-db","version":"1.11.7","main":"index.cjs"}');
  const source = (name: string) => JSON.stringify(resolve('src', name));
  await writeFile(
    join(home, 'index.cjs'),
    `const tsx = require(${JSON.stringify(createRequire(import.meta.url).resolve('tsx/cjs/api'))});
     const { createEmbeddedModule } = tsx.require(${source('notes/drivers/embedded/use-server.ts')}, __filename);
     const { memoryStorage } = tsx.require(${source('notes/drivers/embedded/storage.ts')}, __filename);
     const { systemClock } = tsx.require(${source('bridge/runtime/system.ts')}, __filename);
     const embedded = createEmbeddedModule({ clock: systemClock, openStorage: async () => memoryStorage() });
     exports.useServer = (configuration) => {
       // As an open channel does.
       setInterval(() => {}, 60000);
       return embedded.useServer(configuration);
     };`,
  );
  return join(folder, 'modules');
}
