import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL_SCOPES } from '../../../src/bridge/api/access/grant.js';
import { AccessSite } from '../../support/access-site.js';
import { BEARER, testServer } from '../../support/http-server.js';
import { bearerOf } from '../../support/token-book.js';

const SALES = ['*/Sales/Contoso', '*@contoso.example'];
const EXPIRES = Date.UTC(2027, 0, 1);

let site: AccessSite;
beforeAll(async () => {
  site = await AccessSite.start(
    [],
    [
      { name: 'crm', scopes: ['stream', 'read'], people: SALES, expires: EXPIRES },
      { name: 'robot', scopes: ['message'] },
    ],
  );
});
afterAll(() => site.server.close());

const me = async (headers: Readonly<Record<string, string>>): Promise<unknown> =>
  (await site.ask('GET', '/api/v1/me', headers)).json();

describe('GET /api/v1/me', () => {
  test('says what a token allows, of whom, and until when', async () => {
    expect(await me(bearerOf('crm'))).toEqual({
      holder: 'crm',
      scopes: ['read', 'stream'],
      people: SALES,
      expires: EXPIRES,
    });
  });

  test('names the account of the bridge to those who act as it, and to nobody else', async () => {
    const account = 'sip:bridge@contoso.example';
    expect(await me(bearerOf('robot'))).toEqual({ holder: 'robot', scopes: ['message'], people: ['*'], account });
    expect(await me(BEARER)).toEqual({ holder: 'access-token', scopes: ALL_SCOPES, people: ['*'], account });
    expect(await me(bearerOf('crm'))).not.toHaveProperty('account');
  });

  test('says what is possible without a token, where something is', async () => {
    const open = await testServer({ withoutToken: ['read'] });
    expect(await (await fetch(`${open.url}/api/v1/me`)).json()).toEqual({
      holder: 'anybody',
      scopes: ['read'],
      people: ['*'],
    });
    await open.close();
  });
});
