import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readClientFiles } from '../../../src/bridge/api/client-files.js';
import { type TestServer, testServer } from '../../support/http-server.js';

describe('modules of the client', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await testServer();
  });
  afterAll(() => server.close());

  test('are for pages of all origins, and are asked for again each time', async () => {
    const answer = await server.get('/client/badge.js', {});
    expect([answer.status, Object.fromEntries(answer.headers)]).toEqual([
      200,
      expect.objectContaining({
        'content-type': 'text/javascript; charset=utf-8',
        'cross-origin-resource-policy': 'cross-origin',
        'access-control-allow-origin': '*',
        'cache-control': 'public, no-cache',
        'x-content-type-options': 'nosniff',
      }),
    ]);
  });

  test('import each other by one version, which is kept for ever', async () => {
    const text = await (await server.get('/client/badge.js', {})).text();
    const [, version] = /\?v=([\w-]+)/.exec(text) ?? [];
    expect(text).toBe(
      [
        `import { iconOf } from './badge/icons.js?v=${version}';`,
        `export { iconOf } from './badge/icons.js?v=${version}';`,
        "console.log(iconOf('./badge/icons.js'));",
        '',
      ].join('\n'),
    );
    const module = await server.get(`/client/badge/icons.js?v=${version}`, {});
    expect(module.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await module.text()).toContain(`'../same.js?v=${version}'`);
    const other = await server.get('/client/badge/icons.js?v=other', {});
    expect(other.headers.get('cache-control')).toBe('public, no-cache');
  });

  test('are not sent again to whoever has them', async () => {
    const etag = (await server.get('/client/same.js', {})).headers.get('etag') ?? '';
    const again = await server.get('/client/same.js', { headers: { 'if-none-match': `"x", ${etag}` } });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  test.each(['none.js', 'badge', 'badge.js.map', '..%2Fserver.js', 'badge/none.js', '__proto__'])(
    'are nothing else: %s',
    async (name) => {
      expect((await server.get(`/client/${name}`, {})).status).toBe(404);
    },
  );
});

test('says what to do where the client is not built', async () => {
  const server = await testServer({ clientFolder: pathToFileURL('/nowhere/at/all/') });
  const answer = await server.get('/client/badge.js', {});
  expect([answer.status, await answer.json()]).toMatchObject([
    404,
    { message: expect.stringContaining('npm run build') },
  ]);
  await server.close();
});

test('another version follows from any change', async () => {
  const [one, same] = [await readClientFiles(FOLDER), await readClientFiles(FOLDER)];
  const other = await readClientFiles(new URL('badge/', FOLDER));
  expect([one.version === same.version, one.version === other.version]).toEqual([true, false]);
});

const FOLDER = new URL('../../fixtures/client/', import.meta.url);
