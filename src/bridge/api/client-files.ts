import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { packageRoot } from '../version.js';

/** A compiled module of the client, for pages of any origin. It is public code and holds no person. */
export interface ClientFile {
  readonly text: string;
  /** Of the file as it is served, with the quotes of the header (RFC 9110 §8.8.3). */
  readonly etag: string;
}

export interface ClientFiles {
  /** By path below `/client/`: `badge.js`, `badge/icons.js`. Empty where the client was not built. */
  readonly files: ReadonlyMap<string, ClientFile>;
  /** Stands in the addresses by which the modules import each other, so that no page mixes two versions. */
  readonly version: string;
}

const FOLDER = new URL('dist/client/', packageRoot);

/** Reads the modules. Only what is there at the start can ever be asked for: no path is made from a request. */
export async function readClientFiles(folder: URL = FOLDER): Promise<ClientFiles> {
  const texts = [...(await modulesIn(folder, '')), ...(await modulesIn(folder, 'badge/'))];
  const version = hashOf(JSON.stringify(texts));
  const files = texts.map(([path, text]): [string, ClientFile] => {
    const served = withVersion(text, version);
    return [path, { text: served, etag: `"${hashOf(served)}"` }];
  });
  return { files: new Map(files), version };
}

async function modulesIn(folder: URL, below: string): Promise<readonly [path: string, text: string][]> {
  const names = await readdir(new URL(below, folder)).catch(() => []);
  const modules = names.filter((name) => name.endsWith('.js')).sort();
  return Promise.all(
    modules.map(async (name): Promise<[string, string]> => {
      return [below + name, await readFile(new URL(below + name, folder), 'utf8')];
    }),
  );
}

/** The compiler writes one import or export a line; maps of sources are not served. */
function withVersion(text: string, version: string): string {
  return text
    .replaceAll(/^((?:import|export)\b[^'"\n]*['"]\.{1,2}\/[\w/-]+\.js)(?=['"];?$)/gm, `$1?v=${version}`)
    .replaceAll(/^\/\/# sourceMappingURL=.*\n?/gm, '');
}

function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64url').slice(0, 16);
}
