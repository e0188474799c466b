import { afterAll, beforeAll, expect, test } from 'vitest';
import { sipKeyOf } from '../../../src/presence/ids.js';
import { ApplicationSite } from '../../support/application-site.js';
import { sip } from '../../support/people.js';

const desk = sip('sip:help-desk@lists.invalid');
const NAME = 'CN=Help Desk/O=Contoso';
const PATH = `/api/v1/people/${encodeURIComponent('Help Desk/Contoso')}`;

let site: ApplicationSite;

beforeAll(async () => {
  site = await ApplicationSite.start({
    people: 5,
    config: {
      lists: [
        { id: 'help-desk', title: 'Help desk', members: ['*@contoso.example'], entry: { name: NAME } },
        { id: 'nobody', members: ['gone@contoso.example'] },
      ],
    },
    tokens: [
      ['wide', ['read']],
      ['narrow', ['read'], ['list:help-desk']],
      ['blind', ['read'], ['list:nobody', 'list:none']],
    ],
  });
}, 60_000);
afterAll(() => site.ends());

const row = () => site.bridge.views.rows('People').find(({ id }) => id === sipKeyOf(desk));

test('a list that is shown as an entry has an ordinary document, and a row in the views', async () => {
  await site.until(() => row()?.status === 'available');
  expect(JSON.stringify(row())).toContain('Help Desk');
  const answer = await fetch(`${site.url}/api/v1/person?who=${encodeURIComponent(desk)}`, {
    headers: { authorization: `Bearer ${site.bridge.token}` },
  });
  const { documents } = (await answer.json()) as { documents: { form: string; items: Record<string, unknown> }[] };
  expect(documents.map(({ form }) => form)).toEqual(['Presence']);
  expect(documents[0]?.items).toMatchObject({ SipAddress: desk, Status: 'available' });
  expect(JSON.stringify(documents[0]?.items['PersonName'])).toContain(NAME);
});

test('it follows its members, in documents and answers alike', async () => {
  const [first, ...others] = site.site.people;
  for (const { uri } of others) site.becomes(uri, 'offline');
  if (first) site.becomes(first.uri, 'busy');
  await site.until(() => row()?.status === 'busy');
  expect((await site.ask('wide', 'GET', PATH)).body).toMatchObject({
    address: desk,
    name: NAME,
    status: 'busy',
    source: 'list',
    confirmed: true,
  });
});

test('a token for a list sees its people and its entry; one for a list that is not there sees nobody', async () => {
  const found = async (token: string, path: string) => (await site.ask(token, 'GET', path)).status;
  const person = `/api/v1/people/${encodeURIComponent(site.site.people[0]?.uri ?? '')}`;
  expect([await found('narrow', PATH), await found('narrow', person)]).toEqual([200, 200]);
  expect([await found('blind', PATH), await found('blind', person)]).toEqual([404, 404]);
});

test('the bridge asks OCS for its members alone', () => {
  expect(site.bridge.bridge.status()).toMatchObject({ people: site.site.people.length + 1 });
  expect(site.bridge.bridge.status().watching?.subscribed).toBe(site.site.people.length);
});
