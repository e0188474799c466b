import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fileTokens } from '../../src/bridge/runtime/token-files.js';
import { command } from '../support/command-line.js';
import { type TestServer, testServer } from '../support/http-server.js';
import { silentLog } from '../support/silent-log.js';

let folder: string;
let config: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'presence-cli-token-'));
  config = join(folder, 'bridge.yaml');
  await command('init', '--config', config);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const token = (...args: readonly string[]) => command('token', ...args, '--config', config);
const create = (...args: readonly string[]) => token('create', '--name', 'crm', '--scope', 'read', ...args);

describe('token create', () => {
  test('prints the token alone to standard output, and keeps no trace of it', async () => {
    const { code, out, err } = await create('--people', '*/Sales/Contoso', '--expires', '90d');
    expect([code, out]).toEqual([0, expect.stringMatching(/^npb_[A-Za-z0-9_-]{43}\n$/)]);
    expect(err).toMatch(/"crm" may read of \*\/Sales\/Contoso, until \d{4}-\d\d-\d\d\./);
    const tokens = join(folder, 'state', 'tokens');
    for (const file of readdirSync(tokens)) expect(readFileSync(join(tokens, file), 'utf8')).not.toContain(out.trim());
  });

  test('tells everything as JSON', async () => {
    const { out } = await create(
      '--people',
      'ana@contoso.example',
      '*@support.example',
      '--expires',
      'never',
      '--json',
    );
    expect(JSON.parse(out)).toEqual({
      ok: true,
      token: expect.stringMatching(/^npb_/),
      name: 'crm',
      scopes: ['read'],
      people: ['sip:ana@contoso.example', '*@support.example'],
      created: expect.any(Number),
      expires: null,
    });
  });

  test('gives a token a year unless another time is said', async () => {
    const { out } = await create('--people', 'everybody', '--json');
    const { created, expires, people } = JSON.parse(out) as { created: number; expires: number; people: string[] };
    expect([expires - created, people]).toEqual([365 * 86_400_000, ['*']]);
  });

  test.each([
    [['--scope', 'read,admin', '--people', '*'], '"admin" is none of read, stream'],
    [['--people', 'Ana'], 'neither a Notes name nor a SIP address'],
    [['--people', '*', '--name', 'a b'], 'Letters, digits'],
    [['--people', '*', '--name', 'access-token'], 'no name of ours'],
    [['--people', '*', '--expires', 'soon'], '12h or 90d'],
    [['--people', '*', '--expires', '0d'], '12h or 90d'],
    [['--people', '*', '--expires', '4000d'], '12h or 90d'],
    [['--people', '*/C', '--scope', 'operate'], 'goes with everybody'],
    [[], "required option '--people"],
  ])('refuses %j', async (args, advice) => {
    const { code, err, out } = await create(...args);
    expect([code, out, err.includes(advice)]).toEqual([64, '', true]);
  });

  test('refuses a name that is taken', async () => {
    await create('--people', 'everybody');
    const { code, err } = await create('--people', 'everybody');
    expect([code, err]).toEqual([64, expect.stringContaining('revoke it first')]);
  });

  test('refuses a name that differs in capitals alone, since consents are to names in any case', async () => {
    await create('--people', 'everybody');
    const { code } = await token('create', '--name', 'CRM', '--scope', 'read', '--people', 'everybody');
    expect(code).toBe(64);
  });
});

describe('token list', () => {
  test('says that there are none', async () => {
    expect(await token('list')).toMatchObject({ code: 0, out: "There are no tokens but the administrator's.\n" });
  });

  test('lists what tokens allow, never the token', async () => {
    await create('--people', '*/Sales/Contoso');
    const { out } = await token('list');
    expect(out).toMatch(/^crm +read +\*\/Sales\/Contoso +\d{4}-\d\d-\d\d +until \d{4}-\d\d-\d\d +never$/m);
    expect(out).not.toMatch(/npb_|[0-9a-f]{64}/);
    const listed = JSON.parse((await token('list', '--json')).out) as { tokens: unknown[] };
    expect(listed.tokens).toEqual([expect.objectContaining({ name: 'crm', lastUsed: null })]);
    expect(JSON.stringify(listed)).not.toContain('hash');
  });

  test('says which file is damaged', async () => {
    await create('--people', 'everybody');
    writeFileSync(join(folder, 'state', 'tokens', 'tokens.json'), '{');
    expect(await token('list')).toMatchObject({
      code: 78,
      err: expect.stringContaining('tokens.json: it is not JSON'),
    });
  });
});

describe('token revoke', () => {
  test('takes a token back, and says when there is none of the name', async () => {
    await create('--people', 'everybody');
    expect(await token('revoke', 'crm')).toMatchObject({ code: 0, out: 'Revoked "crm".\n' });
    expect(await token('revoke', 'crm', '--json')).toMatchObject({ code: 64 });
  });
});

describe('a bridge that runs', () => {
  let server: TestServer;
  afterEach(() => server.close());

  test('takes a new token, tells its last day, and no longer takes it a second after it was revoked', async () => {
    server = await testServer({ tokens: fileTokens(join(folder, 'state'), { log: silentLog }) });
    const secret = (await create('--people', 'everybody')).out.trim();
    const ask = async (): Promise<number> => {
      await server.clock.advance(1_000);
      return (await server.get('/api/v1/people', { headers: { authorization: `Bearer ${secret}` } })).status;
    };
    expect([await ask(), await ask()]).toEqual([200, 200]);
    expect((await token('list')).out).toContain(new Date(server.clock.now()).toISOString().slice(0, 10));
    await token('revoke', 'crm');
    expect(await ask()).toBe(401);
  });
});
