import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadDominoDb } from '../../../../src/notes/drivers/domino-db/load-domino-db.js';
import { ERROR_CODES } from '../../../../src/presence/errors.js';

let project: string;

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'presence-load-'));
});

afterEach(() => rm(project, { recursive: true, force: true }));

async function install(path: string, manifest: object, code: string): Promise<void> {
  const home = join(project, 'node_modules', path);
  await mkdir(join(home, 'lib'), { recursive: true });
  await writeFile(join(home, 'package.json'), JSON.stringify({ main: 'lib/main.js', ...manifest }));
  await writeFile(join(home, 'lib', 'main.js'), code);
}

const load = () => loadDominoDb(pathToFileURL(join(project, 'dist', 'main.js')));
const USE_SERVER = 'exports.useServer = async () => ({});';
const HCL = { name: '@domino/domino-db', version: '1.11.7' };

describe('loadDominoDb', () => {
  test('without the module says exactly what to run', async () => {
    await expect(load()).rejects.toMatchObject({
      code: 'NOTES_DRIVER_MISSING',
      exitCode: 78,
      message: expect.stringContaining('npm install --no-save ./domino-domino-db-<version>.tgz'),
      next: ERROR_CODES.NOTES_DRIVER_MISSING.next,
    });
  });

  test('finds a CommonJS module and its version, even when package.json is not exported', async () => {
    await install('@domino/domino-db', { ...HCL, exports: { '.': './lib/main.js' } }, USE_SERVER);
    expect(await load()).toMatchObject({
      name: '@domino/domino-db',
      version: '1.11.7',
      useServer: expect.any(Function),
    });
  });

  test('takes functions that stand under the default export alone', async () => {
    const code =
      "const make = () => ({ useServer: async () => ({}) }); module.exports = make('hidden from static analysis');";
    await install('@domino/domino-db', HCL, code);
    expect(await load()).toMatchObject({ useServer: expect.any(Function) });
  });

  test('takes an ES module', async () => {
    await install('@domino/domino-db', { ...HCL, type: 'module' }, 'export const useServer = async () => ({});');
    expect(await load()).toMatchObject({ version: '1.11.7' });
  });

  test('finds the module under its short name', async () => {
    await install('domino-db', HCL, USE_SERVER);
    expect(await load()).toMatchObject({ name: 'domino-db', version: '1.11.7' });
  });

  test('prefers the full name', async () => {
    await install('domino-db', { ...HCL, version: '1.0.0' }, USE_SERVER);
    await install('@domino/domino-db', HCL, USE_SERVER);
    expect(await load()).toMatchObject({ name: '@domino/domino-db', version: '1.11.7' });
  });

  test('a module that is there but does not load is no missing one', async () => {
    await install('@domino/domino-db', HCL, "throw new Error('grpc was built for another Node');");
    await expect(load()).rejects.toMatchObject({
      code: 'NOTES_DRIVER_MISSING',
      message: expect.stringContaining('is installed but does not load: grpc was built for another Node'),
    });
  });

  test('another module of that name is refused', async () => {
    await install('@domino/domino-db', HCL, 'exports.other = 1;');
    await expect(load()).rejects.toMatchObject({ message: expect.stringContaining('has no function useServer') });
  });
});
