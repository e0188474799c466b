import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/bridge/runtime/system.js';
import { command, stoppableCommand } from '../../support/command-line.js';
import { type TestServer, TOKEN, testServer } from '../../support/http-server.js';
import { person } from '../../support/people.js';
import { FakeWatchedPeople } from '../../support/watched-people.js';

const ANA = {
  ...person('sip:ana@contoso.example', 'CN=Person 7/OU=Sales/O=Contoso'),
  status: 'available',
  observedAt: Date.now(),
  source: 'ocs',
} as const;
const watched = new FakeWatchedPeople([ANA]);
let folder: string;
let server: TestServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'presence-cli-watch-'));
  writeFileSync(join(folder, 'right'), TOKEN);
  writeFileSync(join(folder, 'wrong'), 'wrong-token');
  writeFileSync(join(folder, 'broken'), 'no token\u0001');
  server = await testServer({ watched, clock: systemClock });
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

describe('watch of as many people as may be', () => {
  const file = (): string => {
    const name = join(folder, 'names');
    writeFileSync(name, Array.from({ length: 999 }, (_, at) => `Person ${at}/Sales/Contoso`).join('\n'));
    return name;
  };

  test('follows them', async () => {
    const args = ['watch', '--file', file(), '--url', server.url, '--token-file', join(folder, 'right'), '--json'];
    const watching = stoppableCommand(args);
    await vi.waitFor(() => expect(watching.output()).toContain('"type":"asked"'), { timeout: 10_000 });
    watched.change({ uri: ANA.uri, status: 'busy' });
    await vi.waitFor(() => expect(watching.output()).toMatch(/"people":\[\{[^\]]*"status":"busy"/), {
      timeout: 10_000,
    });
    watching.stop();
    expect((await watching.result).code).toBe(0);
  });

  test('ends with 77 when the token is refused', async () => {
    expect((await watch('wrong', '--file', file())).code).toBe(77);
  });
});

test.each([
  [['broken'], 'token: this is no token'],
  [['right', '--words', 'sip'], '"sip" is none of'],
  [['right', '--file', '/nowhere/names'], 'cannot be read: ENOENT'],
] as const)('watch with %j is called wrongly', async ([token, ...args], said) => {
  const { code, err } = await watch(token, ...args);
  expect([code, err]).toEqual([64, expect.stringContaining(said)]);
});
