import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccessSite, type SitePerson } from '../../../support/access-site.js';
import { BEARER } from '../../../support/http-server.js';
import { person } from '../../../support/people.js';
import { bearerOf } from '../../../support/token-book.js';

const ANA: SitePerson = {
  ...person('sip:ana@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso'),
  mailAddresses: ['ana.reyes@mail.example'],
  status: 'busy',
};
const JURGEN: SitePerson = {
  ...person('sip:jurgen@contoso.example', 'CN=Jürgen Groß/OU=Sales/O=Contoso'),
  status: 'away',
};
const OTHERS: readonly SitePerson[] = ['Sales', 'Support'].map((unit) => ({
  ...person(`sip:kim.${unit}@contoso.example`, `CN=Kim Lee/OU=${unit}/O=Contoso`),
  status: 'available',
}));

let site: AccessSite;
beforeAll(async () => {
  const support = { name: 'support', scopes: ['read'] as const, people: ['*/Support/Contoso'] };
  site = await AccessSite.start([ANA, JURGEN, ...OTHERS], [support]);
});
afterAll(() => site.server.close());

const ask = (who: string, query = '', headers: Readonly<Record<string, string>> = BEARER): Promise<Response> =>
  site.ask('GET', `/api/v1/people/${encodeURIComponent(who)}${query}`, headers);

describe('GET /api/v1/people/{who}', () => {
  test.each([
    'sip:ana@contoso.example',
    'ana@contoso.example',
    'ANA.Reyes@mail.example',
    'CN=Ana Reyes/OU=Sales/O=Contoso',
    'Ana Reyes/Sales/Contoso',
    'ana  reyes/SALES/contoso',
    'Ana Reyes',
  ])('finds a person by %s, and answers as to a question about many', async (who) => {
    const { at, people } = (await (
      await site.ask('POST', '/api/v1/people/query', BEARER, { people: [who], words: ['rpid'] })
    ).json()) as { at: number; people: [{ address: string }] };
    expect(people[0].address).toBe(ANA.uri);
    expect(await (await ask(who, '?words=rpid')).json()).toEqual({ at, ...people[0] });
  });

  test('gives the words that are asked for', async () => {
    expect(await (await ask(ANA.uri, '?words=mistatus,graph')).json()).toMatchObject({
      status: 'busy',
      words: { mistatus: { value: 10, name: 'MISTATUS_BUSY' }, graph: { availability: 'Busy', activity: 'Busy' } },
    });
  });

  test('reads letters beyond ASCII', async () => {
    expect(await (await ask('Jürgen Groß/Sales/Contoso')).json()).toMatchObject({ address: JURGEN.uri });
  });

  test('does not take a person for a route: somebody may be called "query"', async () => {
    expect(await (await ask('query')).json()).toMatchObject({ code: 'DIRECTORY_NOBODY' });
  });

  test('gives 404 for nobody, in the same words as for people outside of the filter', async () => {
    const nobody = await ask('Nobody/Sales/Contoso', '', bearerOf('support'));
    const outside = await ask('Ana Reyes/Sales/Contoso', '', bearerOf('support'));
    const told = (await nobody.json()) as unknown;
    expect([nobody.status, told]).toEqual([
      404,
      expect.objectContaining({ code: 'DIRECTORY_NOBODY', message: 'nobody is known under this name or address' }),
    ]);
    expect([outside.status, await outside.json()]).toEqual([404, told]);
  });

  test('gives 400 for a name that several have, as far as the token sees them', async () => {
    const answer = await ask('Kim Lee');
    expect([answer.status, await answer.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'API_BAD_REQUEST', message: expect.stringContaining('several people') }),
    ]);
    expect((await ask('Kim Lee', '', bearerOf('support'))).status).toBe(200);
  });

  test.each(['', '  ', '\u0000', '字'.repeat(1_025)])('gives 400 for what is no name: %j', async (who) => {
    const answer = await ask(who);
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: 'API_BAD_REQUEST' })]);
  });

  test('takes a name of the longest letters', async () => {
    expect((await ask('字'.repeat(1_024))).status).toBe(404);
  });

  test('refuses octets that are no UTF-8 with an error of ours', async () => {
    const answer = await site.ask('GET', '/api/v1/people/%ff', BEARER);
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: 'API_BAD_REQUEST' })]);
    expect(answer.headers.get('content-security-policy')).not.toBeNull();
  });

  test.each(['?words=sip', '?word=graph'])('refuses %s', async (query) => {
    expect((await ask(ANA.uri, query)).status).toBe(400);
  });
});
