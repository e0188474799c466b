import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Folders } from './pipeline.js';

export interface Workspace {
  readonly folders: Folders;
  /** Version of each peer; empty without peers. */
  readonly versions: Readonly<Record<string, string>>;
  /** Why the peers are not there, if so. */
  readonly withoutPeers: string | undefined;
  remove(): void;
}

/** Folder of the shared benchmark, which is no part of the project. */
function sharedBench(): string | undefined {
  return [process.env['PRESENCE_SHARED'], resolve('..', 'shared')]
    .filter((folder) => folder !== undefined)
    .map((folder) => join(folder, 'bench'))
    .find((folder) => existsSync(join(folder, 'lib', 'fast.js')));
}

/**
 * A temporary folder with the product, compiled as it is shipped, and with a copy of the shared bounds and fixtures
 * and the peers installed beside them, in the versions of the shared benchmark. Nothing is written into the project or
 * the shared folder.
 */
export function openWorkspace(packages: readonly string[]): Workspace {
  const root = mkdtempSync(join(tmpdir(), 'presence-bench-'));
  const remove = (): void => rmSync(root, { recursive: true, force: true });
  try {
    const product = compileProduct(root);
    const source = sharedBench();
    if (source === undefined) {
      const withoutPeers = 'the shared benchmark folder is absent (set PRESENCE_SHARED)';
      return { folders: { product, peers: undefined }, versions: {}, withoutPeers, remove };
    }
    const peers = join(root, 'peers');
    const versions = installPeers(source, peers, packages);
    return { folders: { product, peers }, versions, withoutPeers: undefined, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** A temporary folder with nothing but the product, compiled as it is shipped, in its folder `product`. */
export function openProduct(): { readonly root: string; readonly product: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), 'presence-bench-'));
  const remove = (): void => rmSync(root, { recursive: true, force: true });
  try {
    return { root, product: compileProduct(root), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function compileProduct(root: string): string {
  const product = join(root, 'product');
  console.error('compiling the product');
  const compiler = resolve('node_modules', 'typescript', 'bin', 'tsc');
  // Types are the business of `npm run check`.
  const options = ['-p', 'tsconfig.json', '--outDir', product, '--declaration', 'false', '--noCheck'];
  execFileSync(process.execPath, [compiler, ...options], { stdio: ['ignore', 'inherit', 'inherit'] });
  writeFileSync(join(root, 'package.json'), '{ "type": "module" }\n');
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'), 'dir');
  return product;
}

function installPeers(source: string, peers: string, packages: readonly string[]): Record<string, string> {
  cpSync(join(source, 'lib'), join(peers, 'lib'), { recursive: true });
  const listed = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')).dependencies as Record<string, string>;
  const versions = Object.fromEntries(packages.map((name) => [name, listed[name] ?? 'latest']));
  const manifest = { name: 'presence-bench-peers', private: true, type: 'module', dependencies: versions };
  writeFileSync(join(peers, 'package.json'), JSON.stringify(manifest, undefined, 2));
  console.error(`installing the peers, without install scripts: ${packages.join(', ')}`);
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: peers,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 180_000,
  });
  return versions;
}
