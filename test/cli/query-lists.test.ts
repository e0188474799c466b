import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccessSite, type SitePerson } from '../support/access-site.js';
import { stoppableCommand } from '../support/command-line.js';
import { TOKEN } from '../support/http-server.js';
import { person } from '../support/people.js';

const someone = (name: string, status: SitePerson['status']): SitePerson => ({
  ...person(`sip:${name.toLowerCase()}@contoso.example`, `CN=${name}/OU=Support/O=Contoso`),
  status,
});
const ANA = someone('Ana', 'busy');
const BEN = someone('Ben', 'available');

let folder: string;
let site: AccessSite;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'presence-cli-query-lists-'));
  writeFileSync(join(folder, 'token'), TOKEN);
  site = await AccessSite.start([ANA, BEN], []);
  site.watched.setLists({ id: 'desk', title: 'Help desk', kind: 'list', members: [BEN.uri, ANA.uri] });
});
afterAll(async () => {
  await site.server.close();
  rmSync(folder, { recursive: true, force: true });
});

const query = (...args: readonly string[]) =>
  stoppableCommand(['query', ...args, '--url', site.server.url, '--token-file', join(folder, 'token')], '').result;

describe('query --list', () => {
  test('shows everybody on the list, in its order', async () => {
    const { code, out } = await query('--list', 'desk');
    const lines = out.split('\n').slice(2).filter(Boolean);
    expect([code, lines.map((line) => line.split(/ {2,}/).slice(0, 2))]).toEqual([
      0,
      [
        ['Ben/Support/Contoso', 'available'],
        ['Ana/Support/Contoso', 'busy'],
      ],
    ]);
  });

  test('is the answer of the bridge as JSON', async () => {
    const { out } = await query('--list', 'desk', '--json');
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      id: 'desk',
      members: [{ address: BEN.uri }, { address: ANA.uri }],
    });
  });

  test('says that a list is not there', async () => {
    const { code, err } = await query('--list', 'nothing');
    expect([code, err]).toEqual([65, expect.stringContaining('DIRECTORY_NOBODY')]);
  });

  test.each([[['Ana']], [['--file', 'team.txt']], [['--why']]])('does not go with %j', async (more) => {
    expect((await query('--list', 'desk', ...more)).code).toBe(64);
  });
});

describe('query --why', () => {
  test('tells the rule that decided, and nothing of whom nobody knows', async () => {
    const { code, out } = await query('--why', '--json', BEN.uri, 'Nobody At All/Contoso');
    expect([code, JSON.parse(out)]).toMatchObject([
      65,
      { people: [{ status: 'available', why: { rule: 'ocs-says-so', says: expect.any(String) } }, { found: false }] },
    ]);
    expect(JSON.parse(out).people[1]).not.toHaveProperty('why');
  });

  test('is a sentence in the table', async () => {
    const { out } = await query('--why', ANA.uri);
    const [head = '', , line = ''] = out.split('\n');
    expect(head.trimEnd()).toMatch(/ why$/);
    expect(line).toContain('OCS');
  });

  test('is for a hundred people at most', async () => {
    const { code, err } = await query('--why', ...Array.from({ length: 101 }, (_, n) => `p${n}@contoso.example`));
    expect([code, err]).toEqual([64, expect.stringContaining('At most 100')]);
  });
});
