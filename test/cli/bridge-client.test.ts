import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BridgeApiClient, connectToBridge } from '../../src/cli/bridge-client.js';
import { AccessSite, type SitePerson } from '../support/access-site.js';
import { person } from '../support/people.js';
import { tokenOf } from '../support/token-book.js';

const ANA: SitePerson = { ...person('sip:ana@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso'), status: 'busy' };

let folder: string;
let site: AccessSite;
let client: BridgeApiClient;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'presence-client-'));
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, `${tokenOf('crm')}\n`);
  site = await AccessSite.start(
    [ANA],
    [{ name: 'crm', scopes: ['read', 'others-status'], people: ['*/Sales/Contoso'] }],
  );
  site.watched.setLists({ id: 'group:A/B ü', title: 'A', kind: 'group', members: [ANA.uri] });
  client = connectToBridge({ config: 'nowhere.yaml', url: site.server.url, tokenFile });
});
afterAll(async () => {
  await site.server.close();
  rmSync(folder, { recursive: true });
});

test('says who the caller is', async () => {
  expect(await client.me()).toEqual({ holder: 'crm', scopes: ['read', 'others-status'], people: ['*/Sales/Contoso'] });
});

test('resolves names and explains statuses, with any letters in the name', async () => {
  expect(await client.resolve('Ana Reyes/Sales/Contoso')).toMatchObject({ outcome: 'found', by: 'notes-name' });
  expect(await client.resolve('Zoë & Co?#')).toMatchObject({ outcome: 'not-found', query: 'Zoë & Co?#' });
  expect(await client.why('Ana Reyes/Sales/Contoso')).toMatchObject({ address: ANA.uri, rule: 'ocs-says-so' });
  await expect(client.why('Zoë/X?')).rejects.toMatchObject({ code: 'DIRECTORY_NOBODY' });
});

test('gives lists, and one with its members in the words that are asked for', async () => {
  expect((await client.lists()).lists.map(({ id }) => id)).toEqual(['everybody', 'group:A/B ü']);
  expect((await client.list('group:A/B ü', ['mistatus', 'lync'])).members).toEqual([
    expect.objectContaining({ address: ANA.uri, words: { mistatus: expect.anything(), lync: expect.anything() } }),
  ]);
  await expect(client.list('nothing', [])).rejects.toMatchObject({ code: 'DIRECTORY_NOBODY' });
});

test('says the status of somebody else, and takes it back', async () => {
  const said = { status: 'busy', until: site.server.clock.now() + 60_000 } as const;
  expect(await client.setStatusOf(ANA.uri, said)).toMatchObject({ address: ANA.uri, said });
  expect(await client.clearStatusOf('Ana Reyes')).toMatchObject({ address: ANA.uri, said: null });
  expect(site.said.map(([holder]) => holder)).toEqual(['crm', 'crm']);
});
