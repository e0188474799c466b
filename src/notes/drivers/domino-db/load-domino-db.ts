import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BridgeError, ERROR_CODES } from '../../../presence/errors.js';
import type { UseServer } from './domino-db-surface.js';

/** A module with the surface of domino-db: HCL's, or the embedded stand-in. */
export interface DominoDbModule {
  readonly name: string;
  readonly version: string;
  readonly useServer: UseServer;
}

/** The second name serves those who installed the file under a short alias. */
const NAMES = ['@domino/domino-db', 'domino-db'] as const;

/**
 * Finds and loads HCL's module, which is on no public registry and therefore no dependency of this package. `from` is
 * the file from which it is looked up as Node does. Throws `BridgeError` `NOTES_DRIVER_MISSING`.
 */
export async function loadDominoDb(from: string | URL = import.meta.url): Promise<DominoDbModule> {
  const { resolve } = createRequire(from);
  for (const name of NAMES) {
    const path = pathOf(name, resolve);
    if (path !== undefined) return { name, version: versionOf(name, path), useServer: await useServerOf(name, path) };
  }
  const { meaning, next } = ERROR_CODES.NOTES_DRIVER_MISSING;
  throw new BridgeError('NOTES_DRIVER_MISSING', `${meaning} ${next}`, { details: { tried: NAMES.join(', ') } });
}

function pathOf(name: string, resolve: (name: string) => string): string | undefined {
  try {
    return resolve(name);
  } catch {
    return undefined;
  }
}

async function useServerOf(name: string, path: string): Promise<UseServer> {
  let exports: CommonJsExports;
  try {
    exports = (await import(pathToFileURL(path).href)) as CommonJsExports;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new BridgeError('NOTES_DRIVER_MISSING', `The module ${name} is installed but does not load: ${reason}`, {
      cause,
      details: { module: name },
    });
  }
  // COMPAT(domino-db): it is CommonJS, so its functions may stand under the default export alone.
  const useServer = exports.useServer ?? exports.default?.useServer;
  if (typeof useServer === 'function') return useServer as UseServer;
  throw new BridgeError('NOTES_DRIVER_MISSING', `The module ${name} has no function useServer.`, {
    details: { module: name },
  });
}

interface CommonJsExports {
  readonly useServer?: unknown;
  readonly default?: { readonly useServer?: unknown };
}

/** Version from the module's own package.json, which need not be exported. */
function versionOf(name: string, path: string): string {
  for (let folder = dirname(path); dirname(folder) !== folder; folder = dirname(folder)) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
      if (manifest['name'] === name || folder.endsWith(name)) return String(manifest['version'] ?? 'unknown');
    } catch {
      // No package.json here: further up.
    }
  }
  return 'unknown';
}
