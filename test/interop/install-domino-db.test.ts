import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ERROR_CODES } from '../../src/presence/errors.js';

const run = promisify(execFile);
const isWindows = process.platform === 'win32';

/** Nothing is fetched: neither to pack nor to install is a registry needed. */
const OFFLINE = ['--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--omit=dev'];

let scratch: string;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'presence-install-'));
});

afterAll(() => rm(scratch, { recursive: true, force: true }));

function npm(folder: string, ...args: readonly string[]) {
  return run('npm', args, { cwd: folder, shell: isWindows });
}

/** A file as HCL delivers it: `domino-domino-db-<version>.tgz`, a CommonJS module. */
async function packModule(folder: string): Promise<string> {
  await mkdir(folder);
  const manifest = { name: '@domino/domino-db', version: '1.11.7', main: 'index.js', license: 'UNLICENSED' };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'index.js'), 'module.exports = { useServer: async () => ({}) };');
  await npm(folder, 'pack', '--silent');
  return 'domino-domino-db-1.11.7.tgz';
}

/** This project as it stands after `npm ci --omit=dev`. */
async function copyProject(folder: string): Promise<void> {
  await mkdir(folder);
  for (const name of ['package.json', 'package-lock.json', 'src'])
    await cp(name, join(folder, name), { recursive: true });
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
  };
  const needed = Object.entries(lock.packages).filter(([path, entry]) => isTopLevel(path) && entry.dev !== true);
  // Binaries for other systems stand in the lock file and are not installed.
  for (const [path] of needed.filter(([path]) => existsSync(path)))
    await cp(path, join(folder, path), { recursive: true });
}

function isTopLevel(path: string): boolean {
  return path.startsWith('node_modules/') && path.lastIndexOf('node_modules/') === 0;
}

test('the documented command installs the file, and the bridge finds the module', { timeout: 60_000 }, async () => {
  const project = join(scratch, 'project');
  const [file] = await Promise.all([packModule(join(scratch, 'module')), copyProject(project)]);
  await cp(join(scratch, 'module', file), join(project, file));
  const before = await readFile(join(project, 'package.json'), 'utf8');

  const command = /npm (install .*)$/.exec(ERROR_CODES.NOTES_DRIVER_MISSING.next)?.[1] ?? '';
  await npm(project, ...command.replace('<version>', '1.11.7').split(' '), ...OFFLINE);

  const script = `
    const { loadDominoDb } = await import('./src/notes/drivers/domino-db/load-domino-db.ts');
    const { name, version, useServer } = await loadDominoDb();
    console.log(JSON.stringify({ name, version, kind: typeof useServer }));`;
  const node = ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', script];
  const { stdout } = await run(process.execPath, node, { cwd: project });
  expect(JSON.parse(stdout)).toEqual({ name: '@domino/domino-db', version: '1.11.7', kind: 'function' });
  expect(await readFile(join(project, 'package.json'), 'utf8')).toBe(before);
});
