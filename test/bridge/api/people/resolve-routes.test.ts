import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LookUp } from '../../../../src/presence/directory.js';
import { BridgeError } from '../../../../src/presence/errors.js';
import { AccessSite, type SitePerson } from '../../../support/access-site.js';
import { BEARER } from '../../../support/http-server.js';
import { notesName, person } from '../../../support/people.js';
import { bearerOf } from '../../../support/token-book.js';

const ANA: SitePerson = {
  ...person('sip:ana@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso'),
  otherNames: [notesName('CN=Ana Diaz/OU=Sales/O=Contoso')],
  mailAddresses: ['ana.reyes@mail.example'],
  status: 'busy',
};
const KIMS: readonly SitePerson[] = ['Sales', 'Support'].map((unit) => ({
  ...person(`sip:kim.${unit}@contoso.example`.toLowerCase(), `CN=Kim Lee/OU=${unit}/O=Contoso`),
  status: 'available',
}));

let site: AccessSite;
const asked: string[] = [];
let lookUp: (text: string) => Promise<LookUp>;
const mapped = (outcome: 'mapped' | 'double', address = ANA.uri): LookUp['rows'][number] => ({
  name: ANA.name,
  otherNames: [],
  displayName: '',
  outcome,
  address: outcome === 'mapped' ? address : undefined,
  rule: 'csv',
  candidates: [],
  reason: outcome === 'mapped' ? 'The CSV file gives the address.' : 'kim is also the address of Kim Lee/Support.',
  watched: true,
});
beforeAll(async () => {
  site = await AccessSite.start(
    [ANA, ...KIMS],
    [{ name: 'support', scopes: ['read'], people: ['*/Support/Contoso'] }],
    {
      lookUp: (text) => {
        asked.push(text);
        return lookUp(text);
      },
    },
  );
  lookUp = async () => ({ outcome: 'found', rows: [mapped('mapped')], age: 60_000 });
});
afterAll(() => site.server.close());

const resolve = async (name: string, headers: Readonly<Record<string, string>> = BEARER): Promise<unknown> => {
  const answer = await site.ask('GET', `/api/v1/resolve?name=${encodeURIComponent(name)}`, headers);
  expect(answer.status).toBe(200);
  return answer.json();
};

describe('GET /api/v1/resolve', () => {
  test.each([
    ['Ana Reyes/Sales/Contoso', 'notes-name'],
    ['Ana Diaz/Sales/Contoso', 'other-name'],
    ['sip:ana@contoso.example', 'address'],
    ['ana.reyes@mail.example', 'mail-address'],
    ['Ana Reyes', 'common-name'],
  ])('finds by %s, which was the %s', async (name, by) => {
    expect(await resolve(name)).toMatchObject({ query: name, outcome: 'found', by, address: ANA.uri, name: ANA.name });
  });

  test('tells of who is found all that a question tells, and the rule of the directory', async () => {
    const at = site.server.clock.now();
    expect(await resolve('Ana Reyes')).toEqual({
      at,
      query: 'Ana Reyes',
      outcome: 'found',
      by: 'common-name',
      address: ANA.uri,
      name: ANA.name,
      status: 'busy',
      outOfOffice: false,
      since: 1,
      observedAt: 2,
      source: 'ocs',
      confirmed: true,
      freshUntil: at + 90_000,
      directory: { outcome: 'mapped', rule: 'csv', reason: 'The CSV file gives the address.', age: 60_000 },
    });
  });

  test.each([
    ['nobody@contoso.example', 'not-found'],
    ['', 'not-a-name'],
    ['\u0007', 'not-a-name'],
  ])('answers %j with %s, which is no error', async (query, outcome) => {
    expect(await resolve(query)).toEqual({ at: site.server.clock.now(), query, outcome });
  });

  test('names those who share a name, as far as the token sees them', async () => {
    const candidates = KIMS.map(({ uri, name }) => ({ address: uri, name }));
    expect(await resolve('Kim Lee')).toEqual({
      at: site.server.clock.now(),
      query: 'Kim Lee',
      outcome: 'ambiguous',
      by: 'common-name',
      candidates,
    });
    expect(await resolve('Kim Lee', bearerOf('support'))).toMatchObject({ outcome: 'found', address: KIMS[1]?.uri });
  });

  test('asks the directory of nobody but who is found and seen, by address', async () => {
    asked.length = 0;
    await resolve('Ana Reyes', bearerOf('support'));
    await resolve('Kim Lee');
    expect(asked).toEqual([]);
    await resolve('Ana Reyes');
    expect(asked).toEqual([ANA.uri]);
  });

  test('leaves out what the directory says of others', async () => {
    const before = lookUp;
    for (const row of [mapped('double'), mapped('mapped', KIMS[0]?.uri)]) {
      lookUp = async () => ({ outcome: 'ambiguous', rows: [row], age: 1 });
      expect(await resolve('Ana Reyes')).not.toHaveProperty('directory');
    }
    lookUp = before;
  });

  test('finds while the directory does not answer', async () => {
    const before = lookUp;
    lookUp = () => Promise.reject(new BridgeError('NOTES_UNREACHABLE', 'no connection to domino.contoso.example'));
    expect(await resolve('Ana Reyes')).toMatchObject({ outcome: 'found', address: ANA.uri });
    expect(await resolve('Ana Reyes')).not.toHaveProperty('directory');
    lookUp = before;
  });

  test.each(['', '?name=a&name=b', '?who=ana', `?name=${'a'.repeat(1_025)}`])('refuses %s', async (query) => {
    const answer = await site.ask('GET', `/api/v1/resolve${query}`, BEARER);
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: 'API_BAD_REQUEST' })]);
  });
});
