import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { PersonList } from '../../../../src/bridge/list-ports.js';
import { AccessSite, type SitePerson } from '../../../support/access-site.js';
import { BEARER } from '../../../support/http-server.js';
import { person, sip } from '../../../support/people.js';
import { bearerOf } from '../../../support/token-book.js';

const someone = (name: string, unit: string, status: SitePerson['status']): SitePerson => ({
  ...person(`sip:${name.toLowerCase()}@contoso.example`, `CN=${name}/OU=${unit}/O=Contoso`),
  status,
});
const ANA = someone('Ana', 'Sales', 'busy');
const BEN = someone('Ben', 'Support', 'available');
const CEM = someone('Cem', 'Sales', 'busy');
const DESK: SitePerson = { ...person('sip:help-desk@lists.invalid', 'CN=Help Desk/O=Lists'), status: 'available' };

const listOf = (id: string, members: readonly SitePerson[], more: Partial<PersonList> = {}): PersonList => ({
  id,
  title: id,
  kind: 'list',
  members: members.map(({ uri }) => uri),
  ...more,
});
const DESK_LIST = listOf('help-desk', [CEM, BEN, ANA], { entry: { uri: DESK.uri, rule: 'best' } });
const SUPPORT = listOf('group:Support/Ø', [BEN], { kind: 'group' });

let site: AccessSite;
beforeAll(async () => {
  const sales = { name: 'sales', scopes: ['stream'] as const, people: ['*/Sales/Contoso'] };
  site = await AccessSite.start([ANA, BEN, CEM, DESK], [sales, { ...sales, name: 'none', people: ['*/Nowhere'] }]);
  site.watched.setLists(DESK_LIST, SUPPORT);
});
afterAll(() => site.server.close());

const get = async (path: string, headers: Readonly<Record<string, string>> = BEARER) =>
  (await (await site.ask('GET', `/api/v1/lists${path}`, headers)).json()) as Record<string, unknown>;
const listed = async (headers: Readonly<Record<string, string>> = BEARER) =>
  (await get('', headers))['lists'] as readonly Record<string, unknown>[];
const addresses = (answer: Readonly<Record<string, unknown>>): unknown =>
  (answer['members'] as { address: string }[]).map(({ address }) => address);

describe('GET /api/v1/lists', () => {
  test('tells all lists, how many are on them, and how many have which status', async () => {
    expect(await listed()).toEqual([
      expect.objectContaining({ id: 'everybody', kind: 'everybody', people: 4 }),
      expect.objectContaining({
        id: 'help-desk',
        people: 3,
        counts: expect.objectContaining({ busy: 2, available: 1 }),
      }),
      expect.objectContaining({ id: 'group:Support/Ø', kind: 'group', people: 1 }),
    ]);
  });

  test('shows the entry of a list as a person', async () => {
    const [, desk] = await listed();
    expect(desk?.['entry']).toMatchObject({ address: DESK.uri, key: DESK.key, status: 'available', rule: 'best' });
  });

  test('counts those alone whom the token sees; a list with none of them is not there', async () => {
    const [everybody, desk, ...others] = await listed(bearerOf('sales'));
    expect([everybody?.['people'], desk?.['people'], others]).toEqual([2, 2, []]);
    expect(desk).toMatchObject({ counts: { busy: 2, available: 0 } });
    expect(desk).not.toHaveProperty('entry');
  });

  test('the list of everybody is always there', async () => {
    expect(await listed(bearerOf('none'))).toEqual([expect.objectContaining({ id: 'everybody', people: 0 })]);
    expect(await get('/everybody', bearerOf('none'))).toMatchObject({ id: 'everybody', people: 0, members: [] });
  });

  test('is made once for all who ask meanwhile with the same filter', async () => {
    // Long enough for the others to come meanwhile.
    const left = Array.from({ length: 100_000 }, (_, n) => sip(`sip:gone${n}@contoso.example`));
    const long = { ...DESK_LIST, members: [...left, ...DESK_LIST.members] };
    const lists = vi.spyOn(site.watched, 'lists').mockReturnValue([long]);
    const all = await Promise.all(Array.from({ length: 20 }, () => listed(bearerOf('sales'))));
    expect(lists.mock.calls.length).toBeLessThan(20);
    for (const one of all) expect(one).toEqual([expect.objectContaining({ people: 2 })]);
    expect(await listed()).toEqual([expect.objectContaining({ people: 3 })]);
    lists.mockRestore();
  });
});

describe('GET /api/v1/lists/{list}', () => {
  test('gives the members in the order of the list, each with the key of the document', async () => {
    const at = site.server.clock.now();
    const answer = await get('/help-desk');
    expect(answer).toMatchObject({ at, freshUntil: at + 90_000, id: 'help-desk', title: 'help-desk', people: 3 });
    expect(addresses(answer)).toEqual(DESK_LIST.members);
    expect((answer['members'] as unknown[])[0]).toEqual({
      key: CEM.key,
      address: CEM.uri,
      name: CEM.name,
      status: 'busy',
      outOfOffice: false,
      since: 1,
      observedAt: 2,
      source: 'ocs',
      confirmed: true,
    });
  });

  test('gives the words that are asked for', async () => {
    const { members } = await get('/help-desk?words=lync');
    expect(members).toEqual(expect.arrayContaining([expect.objectContaining({ words: { lync: expect.anything() } })]));
    expect((await site.ask('GET', '/api/v1/lists/help-desk?words=sip', BEARER)).status).toBe(400);
  });

  test('gives those alone whom the token sees', async () => {
    expect(addresses(await get('/help-desk', bearerOf('sales')))).toEqual([CEM.uri, ANA.uri]);
    expect(addresses(await get('/everybody', bearerOf('sales')))).toEqual([ANA.uri, CEM.uri]);
  });

  test('takes the name of a group with any letters', async () => {
    expect(addresses(await get(`/${encodeURIComponent('group:Support/Ø')}`))).toEqual([BEN.uri]);
  });

  test('gives 404 for no list, in the same words as for one with nobody whom the token sees', async () => {
    const outside = await site.ask('GET', `/api/v1/lists/${encodeURIComponent(SUPPORT.id)}`, bearerOf('sales'));
    const nothing = await site.ask('GET', '/api/v1/lists/nothing', bearerOf('sales'));
    expect([outside.status, nothing.status]).toEqual([404, 404]);
    const told = (await nothing.json()) as { code: string };
    expect(told.code).toBe('DIRECTORY_NOBODY');
    expect(await outside.json()).toEqual(told);
  });

  test('answers HEAD without the members', async () => {
    const answer = await site.ask('HEAD', '/api/v1/lists/help-desk', BEARER);
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  test('gives 10,000 members whole, in slices between which others have their turn', async () => {
    const many = Array.from({ length: 10_000 }, (_, n) => someone(`P${n}`, 'Sales', n % 2 ? 'busy' : 'away'));
    const big = await AccessSite.start([], []);
    big.watched.set(many.map((one) => ({ ...one, since: 1, observedAt: 2 })));
    big.watched.setLists(listOf('all', many));
    const asked = big.ask('GET', '/api/v1/lists/all', BEARER);
    const delays = monitorEventLoopDelay({ resolution: 1 });
    delays.enable();
    const answer = (await (await asked).json()) as Record<string, unknown>;
    delays.disable();
    expect(addresses(answer)).toEqual(many.map(({ uri }) => uri));
    expect(delays.count).toBeGreaterThan(3);
    await big.server.close();
  });

  test('leaves out who goes while it is sent', async () => {
    const known = site.watched.byAddress.bind(site.watched);
    let asks = 0;
    const spy = vi
      .spyOn(site.watched, 'byAddress')
      .mockImplementation((uri) => (uri === BEN.uri && asks++ > 0 ? undefined : known(uri)));
    expect(addresses(await get('/help-desk'))).toEqual([CEM.uri, ANA.uri]);
    spy.mockRestore();
  });
});
