import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileAttempts } from '../../../../src/bridge/runtime/sign-in-attempts.js';
import { memoryRefusedLogins } from '../../../../src/notes/drivers/domino-rest/refused-logins.js';
import { PERSON_ITEMS as ITEM } from '../../../../src/notes/fields.js';
import { REST_PASSWORD, REST_USER } from '../../../support/rest-server.js';
import { NO_UNID, PASSWORD_LOGIN, person, RestSite, unidsOf } from '../../../support/rest-server-site.js';

const HALF_HOUR = 1_800_000;

import { seededRandom } from '../../../support/simulated-clock.js';

let site: RestSite;
let folder: string;

beforeEach(async () => {
  site = await RestSite.start();
  folder = await mkdtemp(join(tmpdir(), 'presence-rest-'));
});

afterEach(async () => {
  await site.stop();
  await rm(folder, { recursive: true, force: true });
});

const query = { query: "Form = 'Presence'", itemNames: [ITEM.key] };
const failure = (call: Promise<unknown>): Promise<unknown> => call.then(() => 'no failure').catch((error) => error);

describe('login by password', () => {
  test('asks for the one scope and signs off at the end', async () => {
    const driver = await site.opened();
    expect(site.server.seen[0]?.body).toEqual({ username: REST_USER, password: REST_PASSWORD, scope: 'presence' });
    await driver.close();
    expect(site.server.count('/auth/logout')).toBe(1);
    expect(site.server.tokens.size).toBe(0);
  });

  test('a new token is fetched after four fifths of the lifetime, without a 401', async () => {
    const driver = await site.opened();
    await site.clock.advance(0.79 * 7_200_000);
    await driver.find(query);
    expect(driver.counts.logins).toBe(1);
    await site.clock.advance(0.02 * 7_200_000);
    await driver.find(query);
    expect(driver.counts).toMatchObject({ logins: 2, refusedTokens: 0 });
  });

  test('a server that forgot all tokens costs one login for all that was under way', async () => {
    const driver = await site.opened();
    const unids = await unidsOf(
      driver,
      Array.from({ length: 20 }, (_, at) => person(`p${at}`)),
    );
    site.server.tokens.clear();
    const outcomes = await driver.replaceItems(unids.map((unid) => ({ unid, items: { [ITEM.rank]: 1 } })));
    expect(outcomes.every(({ ok }) => ok)).toBe(true);
    expect(driver.counts.logins).toBe(2);
    expect(driver.counts.refusedTokens).toBeLessThanOrEqual(4);
  });

  test('tokens that end every 5 s whatever the server says: one login at a time, no storm', async () => {
    await site.stop();
    site = await RestSite.start({ tokenMs: 5_000, expSeconds: 7_200 });
    let loggingIn = 0;
    let mostLogins = 0;
    site.server.faults.before = async ({ path }) => {
      if (path !== '/auth') return;
      mostLogins = Math.max(mostLogins, ++loggingIn);
      await new Promise(setImmediate);
      loggingIn--;
    };
    const driver = await site.opened();
    const unids = await unidsOf(
      driver,
      Array.from({ length: 20 }, (_, at) => person(`p${at}`)),
    );
    for (let round = 0; round < 12; round++) {
      await site.clock.advance(5_000);
      const outcomes = await driver.replaceItems(unids.map((unid) => ({ unid, items: { [ITEM.rank]: round } })));
      expect(outcomes.every(({ ok }) => ok)).toBe(true);
    }
    expect(mostLogins).toBe(1);
    expect(driver.counts.logins).toBe(13);
    // At most what was under way when the token ended.
    expect(driver.counts.refusedTokens).toBeLessThanOrEqual(12 * 4);
  });

  test('a token still counts while the renewal before its end fails, and no longer', async () => {
    await site.stop();
    site = await RestSite.start({ tokenMs: 1_000_000 });
    const driver = await site.opened();
    const [unid = NO_UNID] = await unidsOf(driver, [person('ana')]);
    const change = () => driver.replaceItems([{ unid, items: { [ITEM.rank]: 1 } }]);
    let logins = 0;
    site.server.faults.instead = ({ path }) => {
      if (path !== '/auth') return undefined;
      logins++;
      return { status: 503, body: '{}' };
    };
    await site.clock.advance(850_000);
    expect(await change()).toMatchObject([{ ok: true }]);
    expect(await change()).toMatchObject([{ ok: true }]);
    expect(logins).toBe(1);
    await site.clock.advance(150_000);
    await expect(change()).rejects.toMatchObject({ code: 'NOTES_BUSY' });
  });

  test('a lifetime of 5 s that the server tells costs no 401 at all', async () => {
    await site.stop();
    site = await RestSite.start({ tokenMs: 5_000 });
    const driver = await site.opened();
    for (let round = 0; round < 5; round++) {
      await site.clock.advance(5_000);
      await driver.find(query);
    }
    expect(driver.counts).toMatchObject({ logins: 6, refusedTokens: 0 });
  });

  test('a refused password is tried twice, then once in half an hour', async () => {
    site.server.password = 'another one';
    const driver = site.driver();
    for (let attempt = 0; attempt < 6; attempt++) {
      expect(await failure(driver.open())).toMatchObject({ code: 'NOTES_CREDENTIALS', retry: 'after-config' });
    }
    expect(site.server.count('/auth')).toBe(2);
    await site.clock.advance(HALF_HOUR - 1);
    await failure(driver.open());
    expect(site.server.count('/auth')).toBe(2);
    await site.clock.advance(1);
    await failure(driver.open());
    await failure(driver.open());
    expect(site.server.count('/auth')).toBe(3);
  });

  test('after half an hour the right password counts again', async () => {
    site.server.password = 'another one';
    const driver = site.driver();
    for (let attempt = 0; attempt < 3; attempt++) await failure(driver.open());
    site.server.password = REST_PASSWORD;
    await site.clock.advance(HALF_HOUR);
    await driver.open();
    site.server.tokens.clear();
    await driver.open();
    expect(driver.counts.logins).toBe(2);
  });

  test('a changed password is tried at once', async () => {
    const refusedLogins = memoryRefusedLogins();
    site.server.password = 'new secret';
    const old = site.driver({ refusedLogins });
    for (let attempt = 0; attempt < 3; attempt++) await failure(old.open());
    await site.opened({ refusedLogins, login: { ...PASSWORD_LOGIN, password: 'new secret' } });
    expect(site.server.count('/auth')).toBe(3);
  });

  test('drivers of one account share what was refused', async () => {
    const refusedLogins = memoryRefusedLogins();
    site.server.password = 'another one';
    for (let attempt = 0; attempt < 5; attempt++) await failure(site.driver({ refusedLogins }).open());
    expect(site.server.count('/auth')).toBe(2);
  });

  test('what was refused is remembered over restarts, where refused sign-ins at OCS are', async () => {
    const restart = () => fileAttempts(folder, { random: seededRandom(), log: site.log });
    site.server.password = 'another one';
    for (let attempt = 0; attempt < 5; attempt++) await failure(site.driver({ refusedLogins: restart() }).open());
    expect(site.server.count('/auth')).toBe(2);
    expect(site.log.entries).toEqual([]);
    await site.opened({ refusedLogins: restart(), login: { ...PASSWORD_LOGIN, password: 'another one' } });
  });

  test('a server that refuses its own new tokens is not asked for ever more', async () => {
    const driver = await site.opened();
    site.server.faults.instead = ({ path }) => (path === '/auth' ? undefined : { status: 401, body: '{}' });
    for (let attempt = 0; attempt < 6; attempt++) {
      expect(await failure(driver.find(query))).toMatchObject({ code: 'NOTES_CREDENTIALS' });
    }
    expect(site.server.count('/auth')).toBeLessThanOrEqual(3);
    site.server.faults.instead = () => undefined;
    await site.clock.advance(HALF_HOUR);
    expect(await driver.find(query)).toEqual([]);
  });

  test('logins by password that are switched off are told as such, and not tried for ever', async () => {
    site.server.faults.instead = ({ path }) =>
      path === '/auth' ? { status: 403, body: '{"message":"No"}' } : undefined;
    const driver = site.driver();
    const errors = [await failure(driver.open()), await failure(driver.open()), await failure(driver.open())];
    expect(errors[0]).toMatchObject({ code: 'NOTES_CREDENTIALS', message: expect.stringContaining('switched off') });
    expect(site.server.count('/auth')).toBe(2);
  });

  test('trouble of the server while logging in is no refusal', async () => {
    site.server.faults.instead = ({ path }) => (path === '/auth' ? { status: 503 } : undefined);
    const driver = site.driver();
    for (let attempt = 0; attempt < 4; attempt++) {
      expect(await failure(driver.open())).toMatchObject({ code: 'NOTES_BUSY', retry: 'later' });
    }
    expect(site.server.count('/auth')).toBe(4);
  });

  test('an answer without a token is no login', async () => {
    site.server.faults.instead = ({ path }) =>
      path === '/auth' ? { status: 200, body: '{"bearer":"a\\nb"}' } : undefined;
    expect(await failure(site.driver().open())).toMatchObject({ code: 'NOTES_INTERNAL' });
  });

  test('the password is in no error and no log', async () => {
    site.server.password = 'another one';
    const error = await failure(site.driver().open());
    expect(JSON.stringify([error, site.log.entries])).not.toContain(REST_PASSWORD);
    expect((error as Error).message).toContain('status 401');
  });
});

describe('token from a file', () => {
  const write = (token: string): Promise<void> => writeFile(join(folder, 'token'), `${token}\n`, { mode: 0o600 });
  const login = () => ({ kind: 'token', file: join(folder, 'token') }) as const;

  test('is used as it stands, and never signed off', async () => {
    const token = site.server.issue(['presence']);
    await write(token);
    const driver = await site.opened({ login: login() });
    await driver.close();
    expect(site.server.seen.map(({ path }) => path)).toEqual(['/query']);
    expect(site.server.tokens.has(token)).toBe(true);
  });

  test('is read anew when the server refuses it', async () => {
    await write(site.server.issue());
    const driver = await site.opened({ login: login() });
    site.server.tokens.clear();
    await write(site.server.issue());
    expect(await driver.find(query)).toEqual([]);
    expect(driver.counts).toMatchObject({ logins: 2, refusedTokens: 1 });
  });

  test('one that stays refused is tried twice, then once in half an hour, and at once when it changes', async () => {
    await write('eyJhbGciOiJub25lIn0.old.old');
    const driver = site.driver({ login: login() });
    for (let attempt = 0; attempt < 5; attempt++) {
      expect(await failure(driver.open())).toMatchObject({ code: 'NOTES_CREDENTIALS' });
    }
    expect(site.server.count('/query')).toBe(2);
    await site.clock.advance(HALF_HOUR);
    await failure(driver.open());
    expect(site.server.count('/query')).toBe(3);
    await write(site.server.issue());
    await driver.open();
  });

  test.skipIf(process.platform === 'win32')(
    'a file that others can read is refused without contacting anybody',
    async () => {
      await write(site.server.issue());
      for (const mode of [0o640, 0o604, 0o620]) {
        await chmod(join(folder, 'token'), mode);
        expect(await failure(site.driver({ login: login() }).open())).toMatchObject({
          code: 'NOTES_CREDENTIALS',
          message: expect.stringContaining('run: chmod 600 '),
        });
      }
      expect(site.server.seen).toEqual([]);
    },
  );

  test('a token of any form that the server repeats is in no error', async () => {
    const token = 'opaque+token/of-another=issuer';
    await write(token);
    site.server.faults.instead = () => ({
      status: 403,
      body: JSON.stringify({
        message: `token ${token} and ${encodeURIComponent(token)} may not, nor &#39;${token}&#39;`,
      }),
    });
    const error = await failure(site.driver({ login: login() }).open());
    expect(error).toMatchObject({ code: 'NOTES_FORBIDDEN', message: expect.stringContaining('may not') });
    expect(JSON.stringify(error)).not.toContain('another');
  });

  test('a file that is missing, empty or holds no token is told without contacting anybody', async () => {
    expect(await failure(site.driver({ login: login() }).open())).toMatchObject({ code: 'NOTES_CREDENTIALS' });
    for (const text of ['', 'two words', 'x'.repeat(20_000)]) {
      await write(text);
      expect(await failure(site.driver({ login: login() }).open())).toMatchObject({ code: 'NOTES_CREDENTIALS' });
    }
    expect(site.server.seen).toEqual([]);
  });
});
