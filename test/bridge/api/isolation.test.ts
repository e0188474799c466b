import fc from 'fast-check';
import { Client } from 'undici';
import { expect, test } from 'vitest';
import { ALL_SCOPES } from '../../../src/bridge/api/access/grant.js';
import { parsePersonFilter } from '../../../src/bridge/api/access/person-filter.js';
import { ROUTE_ACCESS } from '../../../src/bridge/api/access/route-access.js';
import type { PersonList } from '../../../src/bridge/list-ports.js';
import { STATUSES, type Status } from '../../../src/presence/availability.js';
import type { SipUri } from '../../../src/presence/ids.js';
import { abbreviated } from '../../../src/presence/name-keys.js';
import { VOCABULARIES } from '../../../src/presence/vocabularies.js';
import { AccessSite, type SitePerson } from '../../support/access-site.js';
import { notesName, person } from '../../support/people.js';
import { StreamReader } from '../../support/stream-reader.js';
import { bearerOf } from '../../support/token-book.js';

/**
 * What a token must not tell cannot be listed, so it is not: two sites that differ in people outside of the filter must
 * give the same answers to everything that a token can ask.
 */

const FIRST = ['Ana', 'Ben', 'Cem'];
const UNITS = ['Sales/Contoso', 'Support/Contoso', 'Sales/Other'];
const DOMAINS = ['contoso.example', 'support.example'];
const SCOPES = ALL_SCOPES.filter((scope) => scope !== 'operate');

const status = fc.constantFrom(...STATUSES);
const anybody = fc.record({
  first: fc.constantFrom(...FIRST),
  unit: fc.constantFrom(...UNITS, undefined),
  former: fc.constantFrom(...UNITS, undefined),
  mail: fc.constantFrom(...FIRST, undefined),
  domain: fc.constantFrom(...DOMAINS),
  number: fc.constantFrom('', '2'),
  status,
});

function personOf({ first, unit, former, mail, domain, number, status: shown }: Facts): SitePerson {
  const address = `sip:${first.toLowerCase()}${number}@${domain}`;
  return {
    ...person(address, unit && `${first}/${unit}`),
    ...(former === undefined ? {} : { otherNames: [notesName(`${first}/${former}`)] }),
    ...(mail === undefined ? {} : { mailAddresses: [`${mail.toLowerCase()}@mail.example`] }),
    status: shown,
  };
}

interface Facts {
  readonly first: string;
  readonly unit: string | undefined;
  readonly former: string | undefined;
  readonly mail: string | undefined;
  readonly domain: string;
  readonly number: string;
  readonly status: Status;
}

const addresses = FIRST.flatMap((first) =>
  DOMAINS.flatMap((domain) => ['', '2'].map((number) => `sip:${first.toLowerCase()}${number}@${domain}`)),
);
const names = FIRST.flatMap((first) => UNITS.map((unit) => `${first}/${unit}`));
const people = fc.uniqueArray(anybody.map(personOf), { selector: ({ uri }) => uri, minLength: 1, maxLength: 20 });
const patterns = fc.uniqueArray(
  fc.constantFrom(
    ...UNITS.map((unit) => `*/${unit}`),
    '*/Contoso',
    ...DOMAINS.map((domain) => `*@${domain}`),
    ...addresses,
    ...names,
    'list:desk',
    ...UNITS.map((unit) => `list:group:${unit}`),
  ),
  { minLength: 1, maxLength: 3 },
);

/** Everything that can be asked for about anybody. */
const questions = [
  ...addresses,
  ...names,
  ...FIRST,
  ...FIRST.map((first) => `${first.toLowerCase()}@mail.example`),
  'CN=Ana',
  'nobody@contoso.example',
  '',
];

/** They are another one each time; that nobody can read them is shown elsewhere. */
function withoutCursors(text: string): string {
  return text.replaceAll(/"cursor":"[\w-]{22}"/g, '"cursor":""').replaceAll(/^id: [\w-]{22}$/gm, 'id: ');
}

function withoutTickets(text: string): string {
  return text.replace(/"ticket":"[^"]*"/, '');
}

const LISTS = ['everybody', 'desk', 'nothing', ...UNITS.map((unit) => `group:${unit}`)];

/** Lists of these people, by unit and one of half of them, which somebody of them stands for. */
function listsOf(all: readonly SitePerson[]): readonly PersonList[] {
  const [first, ...others] = all.map(({ uri }) => uri);
  const listOf = (id: string, members: readonly SipUri[]) => ({ id, title: id, kind: 'list', members }) as const;
  const groups = UNITS.map((unit) => {
    const members = all.filter(({ name }) => name !== undefined && abbreviated(name).endsWith(`/${unit}`));
    return listOf(
      `group:${unit}`,
      members.map(({ uri }) => uri),
    );
  });
  if (first === undefined) return groups;
  const half = others.filter((_uri, index) => index % 2 === 0).toReversed();
  return [{ ...listOf('desk', half), entry: { uri: first, rule: 'best' } }, ...groups];
}

interface Question {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

/** Everything that a token can ask, stream or not. */
function everyQuestion(site: AccessSite): readonly Question[] {
  const routes = Object.entries(ROUTE_ACCESS).flatMap(([route, access]) => {
    const [method = '', path = ''] = route.split(' ');
    return access === 'open' ? [] : [path, `${path}?who=${addresses[0]}`].map((asked) => ({ method, path: asked }));
  });
  const asked = [
    ...questions.map((who) => `person=${encodeURIComponent(who)}`),
    ...LISTS.map((list) => `list=${encodeURIComponent(list)}`),
  ];
  const said = { status: 'busy', until: site.server.clock.now() + 1_000 };
  return [
    ...routes,
    { method: 'POST', path: '/api/v1/people/query', body: { people: questions } },
    { method: 'POST', path: '/api/v1/people/query', body: { people: questions, words: VOCABULARIES } },
    { method: 'GET', path: `/api/v1/stream?${asked.join('&')}&words=${VOCABULARIES}` },
    { method: 'POST', path: '/api/v1/stream', body: { people: questions, lists: LISTS, words: VOCABULARIES } },
    ...addresses.map((to) => ({ method: 'POST', path: '/api/v1/messages', body: { to, text: 'hello' } })),
    ...questions.flatMap((who) => {
      const person = `/api/v1/people/${encodeURIComponent(who)}`;
      return [
        { method: 'GET', path: `${person}?words=${VOCABULARIES}` },
        { method: 'GET', path: `${person}/why` },
        { method: 'GET', path: `/api/v1/resolve?name=${encodeURIComponent(who)}` },
        { method: 'PUT', path: `${person}/status`, body: said },
      ];
    }),
    ...addresses.map((who) => ({ method: 'DELETE', path: `/api/v1/people/${who}/status` })),
    ...LISTS.map((id) => ({ method: 'GET', path: `/api/v1/lists/${encodeURIComponent(id)}?words=${VOCABULARIES}` })),
  ];
}

type Answer = readonly [status: number, headers: readonly (readonly [string, unknown])[], text: string];

/**
 * Answers of all routes, each as its status, headers and text. They are asked for together over one connection, but for
 * streams, which want one of their own.
 */
async function answers(site: AccessSite): Promise<Record<string, Answer>> {
  const connection = new Client(site.server.url, { pipelining: 50 });
  const plain = async ({ method, path, body }: Question): Promise<Answer> => {
    const answer = await connection.request({
      method: method as 'GET',
      path,
      headers: { ...bearerOf('narrow'), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // It is asked once, whatever comes of it.
      idempotent: true,
    });
    return [answer.statusCode, Object.entries(answer.headers), await answer.body.text()];
  };
  const stream = async ({ method, path, body }: Question): Promise<Answer> => {
    const answer = await site.ask(method, path, bearerOf('narrow'), body);
    return [answer.status, [...answer.headers], await answer.text()];
  };
  const told = await Promise.all(
    everyQuestion(site).map(async (question) => {
      const isStream = /\/stream(\?|$)/.test(question.path);
      const [status, headers, text] = await (isStream ? stream(question) : plain(question));
      // Whoever is refused for asking too often is told nothing, and so proves nothing.
      if (status === 429) throw new Error(`${question.path} was asked too often`);
      const answer = [
        status,
        headers.filter(([name]) => name !== 'date'),
        withoutTickets(withoutCursors(text)),
      ] as const;
      return [JSON.stringify(question), answer] as const;
    }),
  );
  await connection.close();
  return Object.fromEntries(told);
}

/** What a stream tells of a view, and of everybody who can be asked for, now and while all people change, those outside of the filter first. */
async function streamed(site: AccessSite, view: string, all: readonly SitePerson[], shown: readonly SitePerson[]) {
  const stream = await StreamReader.open(`${site.server.url}/stream`, { headers: bearerOf('narrow') });
  const sync = async (): Promise<void> => {
    stream.watch(view);
    await stream.next('view');
  };
  stream.subscribe({ people: questions, lists: LISTS, messages: true });
  await stream.next('snapshot');
  await sync();
  const inside = new Set(shown.map(({ key }) => key));
  const changed = (one: SitePerson): SitePerson => ({ ...one, status: one.status === 'busy' ? 'away' : 'busy' });
  for (const one of all.filter(({ key }) => !inside.has(key))) site.change(changed(one));
  await site.server.clock.advance(1_000);
  await sync();
  const left = shown.map(changed);
  for (const one of left) site.change(one);
  await site.server.clock.advance(1_000);
  await sync();
  // People outside go where there are any, then all others.
  if (all.length > shown.length) site.set(left);
  await site.server.clock.advance(1_000);
  await sync();
  site.set([]);
  await site.server.clock.advance(1_000);
  await sync();
  stream.socket.terminate();
  return JSON.parse(withoutCursors(JSON.stringify(stream.messages)));
}

test('a token cannot tell people outside of its filter from people who are not there', async () => {
  await fc.assert(
    fc.asyncProperty(people, patterns, fc.constantFrom('People', 'ByStatus'), async (all, chosen, view) => {
      const lists = listsOf(all);
      const filter = parsePersonFilter(chosen, (id, uri) =>
        lists.some((list) => list.id === id && (list.members.includes(uri) || list.entry?.uri === uri)),
      );
      if (!filter.ok) throw new Error(filter.reason);
      const shown = all.filter((one) => filter.value.sees(one));
      const token = { name: 'narrow', scopes: SCOPES, people: chosen };
      const sites = await Promise.all([AccessSite.start(all, [token]), AccessSite.start(shown, [token])]);
      for (const { watched } of sites) {
        watched.setLists(...lists);
        watched.decider = all[1]?.uri;
      }
      try {
        const [whole, part] = sites;
        const told = await Promise.all([answers(whole), answers(part)]);
        expect(told[0]).toEqual(told[1]);
        const heard = await Promise.all([streamed(whole, view, all, shown), streamed(part, view, shown, shown)]);
        expect(heard[0]).toEqual(heard[1]);
      } finally {
        await Promise.all(sites.map(({ server }) => server.close()));
      }
    }),
    { numRuns: 12 },
  );
}, 60_000);

test('the two sites would be told apart by a token for everybody', async () => {
  const all = [
    personOf({
      first: 'Ana',
      unit: 'Sales/Contoso',
      former: undefined,
      mail: undefined,
      domain: 'contoso.example',
      number: '',
      status: 'busy',
    }),
  ];
  const token = { name: 'narrow', scopes: SCOPES };
  const sites = [await AccessSite.start(all, [token]), await AccessSite.start([], [token])] as const;
  expect(await answers(sites[0])).not.toEqual(await answers(sites[1]));
  await Promise.all(sites.map(({ server }) => server.close()));
});
