import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { command } from '../../support/command-line.js';
import { type TestServer, TOKEN, testServer } from '../../support/http-server.js';
import { FakeWatchedPeople } from '../../support/watched-people.js';

let folder: string;
let server: TestServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'presence-cli-watch-'));
  writeFileSync(join(folder, 'right'), TOKEN);
  writeFileSync(join(folder, 'wrong'), 'wrong-token');
  writeFileSync(join(folder, 'broken'), 'no token\u0001');
  server = await testServer({ watched: new FakeWatchedPeople() });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

const watch = (token: string, ...args: readonly string[]) =>
  command('watch', 'Ana', '--url', server.url, '--token-file', join(folder, token), ...args);

test('watch ends with 77 when the token is refused', async () => {
  const { code, err } = await watch('wrong');
  expect([code, err]).toEqual([77, expect.stringMatching(/^API_UNAUTHORIZED: /)]);
});

test('with --json the reason is one more object on one line', async () => {
  const { code, out } = await watch('wrong', '--json');
  const objects = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; error?: { code: string } });
  expect([code, objects.map(({ type }) => type), objects.at(-1)?.error?.code]).toEqual([
    77,
    ['state', 'error'],
    'API_UNAUTHORIZED',
  ]);
});

test('watch ends with 69 when no bridge answers', async () => {
  const args = ['watch', 'Ana', '--url', 'http://127.0.0.1:1', '--token-file', join(folder, 'right')];
  expect((await command(...args)).code).toBe(69);
});

test.each([
  [['broken'], 'token: this is no token'],
  [['right', '--words', 'sip'], '"sip" is none of'],
  [['right', '--file', '/nowhere/names'], 'cannot be read: ENOENT'],
] as const)('watch with %j is called wrongly', async ([token, ...args], said) => {
  const { code, err } = await watch(token, ...args);
  expect([code, err]).toEqual([64, expect.stringContaining(said)]);
});
