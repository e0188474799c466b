import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Driver } from '../../src/notes/driver.js';
import { createDriver, type DominoDbConfig } from '../../src/notes/open-driver.js';
import { silentLog } from '../support/silent-log.js';
import { SimulatedClock } from '../support/simulated-clock.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'presence-open-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const ports = () => ({ clock: new SimulatedClock(), log: silentLog });
const embedded = (path: string | undefined): Driver => createDriver({ kind: 'embedded', folder: path }, ports());
const people = async (driver: Driver) => (await driver.find({ query: "Form = 'Person'", itemNames: ['Name'] })).length;

describe('createDriver for the embedded database', () => {
  test('tells what it is without opening anything', async () => {
    expect(await embedded(folder).identify()).toEqual({ kind: 'embedded', module: 'embedded', version: 'built-in' });
  });

  test('keeps documents in its folder', async () => {
    const first = embedded(folder);
    await first.open();
    await first.create([{ Form: 'Person', Name: 'Ana' }]);
    await first.close();
    const second = embedded(folder);
    await second.open();
    expect(await people(second)).toBe(1);
    await second.close();
  });

  test('without a folder starts empty each time', async () => {
    const driver = embedded(undefined);
    await driver.open();
    await driver.create([{ Form: 'Person', Name: 'Ana' }]);
    await driver.close();
    await driver.open();
    expect(await people(driver)).toBe(0);
  });

  test('two on one folder cannot both open', async () => {
    const first = embedded(folder);
    const second = embedded(folder);
    await first.open();
    await expect(second.open()).rejects.toMatchObject({ code: 'NOTES_IN_USE', retry: 'later' });
    await first.close();
    await second.open();
    await second.close();
  });

  test('a folder that cannot be used is NOTES_STORAGE', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(embedded(join(folder, 'file')).open()).rejects.toMatchObject({ code: 'NOTES_STORAGE', exitCode: 74 });
  });
});

describe('createDriver for a Domino server', () => {
  const config: DominoDbConfig = {
    kind: 'domino-db',
    hostName: 'domino.contoso.example',
    port: 3002,
    secure: true,
    filePath: 'presence.nsf',
  };

  test('refuses TLS without all three certificate files', () => {
    const some = { rootCertificateFile: 'ca.pem', clientCertificateFile: 'certificate.pem' };
    expect(() => createDriver({ ...config, ...some }, ports())).toThrow(
      expect.objectContaining({ code: 'CFG_INVALID' }),
    );
  });

  test('needs the module only when it is used', () => {
    expect(() => createDriver({ ...config, secure: false }, ports())).not.toThrow();
  });
});
