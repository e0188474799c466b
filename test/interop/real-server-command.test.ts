import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify, stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { systemClock } from '../../src/bridge/runtime/system.js';
import { DominoRestDriver } from '../../src/notes/drivers/domino-rest/domino-rest.js';
import { layDominoDbPackage } from '../support/domino-db-package.js';
import { REST_PASSWORD, REST_USER, RestServer } from '../support/rest-server.js';
import { silentLog } from '../support/silent-log.js';

const run = promisify(execFile);

let folder: string;
let server: RestServer;
let url: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'presence-real-server-'));
  server = new RestServer();
  url = await server.start();
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, `${REST_PASSWORD}\n`, { mode: 0o600 });
  const config = {
    ocs: { account: 'sip:bridge@contoso.example', user: 'CONTOSO\\bridge', passwordFile },
    domino: { driver: 'domino-rest', url, allowHttp: true, scope: 'presence', user: REST_USER, passwordFile },
    people: [{ address: 'sip:ana@contoso.example' }],
  };
  await writeFile(join(folder, 'bridge.yaml'), stringify(config));
});

afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function contract(more: NodeJS.ProcessEnv = {}): Promise<{ readonly code: number; readonly out: string }> {
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', '--project', 'interop', '--reporter', 'verbose', 'test/interop/real-server.test.ts'];
  const env = { ...process.env, PRESENCE_CONTRACT_CONFIG: join(folder, 'bridge.yaml'), NO_COLOR: '1', ...more };
  const ended = run(process.execPath, args, { env, maxBuffer: 16 * 1024 * 1024 });
  return ended.then(
    ({ stdout }) => ({ code: 0, out: stripVTControlCharacters(stdout) }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      out: stripVTControlCharacters(error.stdout + error.stderr),
    }),
  );
}

async function withDriver<T>(use: (driver: DominoRestDriver) => Promise<T>): Promise<T> {
  const login = { kind: 'password', user: REST_USER, password: REST_PASSWORD } as const;
  const driver = new DominoRestDriver(
    { url, scope: 'presence', login, parallel: 4 },
    { clock: systemClock, log: silentLog },
  );
  await driver.open();
  try {
    return await use(driver);
  } finally {
    await driver.close();
  }
}

const documents = () =>
  withDriver(async (driver) => (await driver.find({ query: "Form = 'Presence'", itemNames: ['Form'] })).length);

test('the contract passes by the documented command, says what it skipped and why, and leaves nothing behind', async () => {
  const { code, out } = await contract();
  expect([code, /Tests +(\d+) passed/.exec(out)?.[1]], out).toEqual([0, expect.stringMatching(/^\d\d$/)]);
  expect(out).toContain('(skipped: nobody troubles a real server)');
  expect(await documents()).toBe(0);
});

test('the contract passes by the same command over an installed domino-db', async () => {
  const modules = await layDominoDbPackage(folder);
  const file = join(folder, 'bridge.yaml');
  const config = parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  const domino = { driver: 'domino-db', host: 'localhost', database: 'presence.nsf', secure: false };
  await writeFile(file, stringify({ ...config, domino }));
  const { code, out } = await contract({ NODE_PATH: modules });
  expect([code, /Tests +(\d+) passed/.exec(out)?.[1]], out).toEqual([0, expect.stringMatching(/^\d\d$/)]);
  expect(out).toContain('(skipped: the driver knows no conditional changes)');
});

test('a database with documents of people is left alone unless one insists', async () => {
  await withDriver((driver) => driver.create([{ Form: 'Presence', SipKey: 'a'.repeat(32), Bridge: 'bridge' }]));
  const { code, out } = await contract();
  expect(code).not.toBe(0);
  expect(out).toContain('the database holds 1 documents of people');
  expect(out).not.toMatch(/\d passed/);
  expect((await contract({ PRESENCE_CONTRACT_ALLOW_PEOPLE: '1' })).code).toBe(0);
  expect(await documents()).toBe(1);
});
