import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Folders } from '../pipeline.js';
import type { Candidate } from './suite.js';

/** A module of the compiled product. */
export async function productModule<T>({ product }: Folders, path: string): Promise<T> {
  return (await import(pathToFileURL(join(product, path)).href)) as T;
}

/** A module of the shared benchmark; `undefined` where that is absent. */
export async function sharedModule<T>({ peers }: Folders, name: string): Promise<T | undefined> {
  if (peers === undefined) return undefined;
  return (await import(pathToFileURL(join(peers, 'lib', name)).href)) as T;
}

/** Loads installed peers, by `require` or, for a file of an ES module package, by `import`. */
export interface PeerLoader {
  require<T>(name: string): T;
  import<T>(path: string): Promise<T>;
}

export function peerLoader(peers: string): PeerLoader {
  const require = createRequire(join(peers, 'package.json'));
  return {
    require: <T>(name: string) => require(name) as T,
    import: async <T>(path: string) => (await import(pathToFileURL(join(peers, 'node_modules', path)).href)) as T,
  };
}

/** Leaves out whoever does not give the expected answer, and says so. The product and the bounds must. */
export function checked(
  candidates: readonly Candidate[],
  check: (candidate: Candidate) => void,
): { readonly candidates: readonly Candidate[]; readonly left: readonly string[] } {
  const left: string[] = [];
  const right = candidates.filter((candidate) => {
    try {
      check(candidate);
      return true;
    } catch (error) {
      if (candidate.role !== 'peer') throw error;
      const [reason] = String(error instanceof Error ? error.message : error).split('\n');
      left.push(`${candidate.name} (${reason})`);
      return false;
    }
  });
  return { candidates: right, left };
}
