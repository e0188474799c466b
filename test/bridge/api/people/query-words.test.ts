import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PersonFinding } from '../../../../src/bridge/status.js';
import { ACTIVITIES, STATUSES } from '../../../../src/presence/availability.js';
import { type Look, VOCABULARIES, type Vocabulary, vocabulariesOf } from '../../../../src/presence/vocabularies.js';
import { ANA, BEARER, type TestServer, testServer } from '../../../support/http-server.js';

const LOOKS: readonly Look[] = STATUSES.flatMap((status) =>
  (['', ...ACTIVITIES] as const).flatMap((activity) =>
    [false, true].map((outOfOffice) => ({ status, activity, outOfOffice })),
  ),
);
const POSSIBLE = 'words.0: each is one of mistatus, lync, graph, rpid';

interface Answer {
  readonly found: boolean;
  readonly status: Look['status'];
  readonly activity?: Look['activity'];
  readonly outOfOffice: boolean;
  readonly words?: Readonly<Record<Vocabulary, unknown>>;
}

const found = (look: Look, observedAt: number | undefined): PersonFinding => ({
  outcome: 'found',
  person: { ...ANA, ...look, observedAt },
});

let server: TestServer;
beforeAll(async () => {
  server = await testServer({
    query: {
      // "12" is the twelfth look, "stale12" the same of somebody whom nobody confirms any more.
      find: (text) => {
        const look = LOOKS[Number(text.replace('stale', ''))];
        if (look === undefined) return { outcome: 'not-found' };
        return found(look, text.startsWith('stale') ? undefined : 1);
      },
      freshMs: 90_000,
    },
  });
});
afterAll(() => server.close());

const ask = (body: unknown, query = ''): Promise<Response> =>
  server.get(`/api/v1/people/query${query}`, {
    method: 'POST',
    headers: { ...BEARER, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const answers = async (body: unknown, query?: string): Promise<readonly Answer[]> =>
  ((await (await ask(body, query)).json()) as { people: readonly Answer[] }).people;

/** As JSON without what is empty. */
const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_name, part: unknown) => (part === '' ? undefined : part)));

describe('words of other programs', () => {
  test('are not there unless somebody asks for them', async () => {
    expect((await answers({ people: ['0'] }))[0]).not.toHaveProperty('words');
    expect((await answers({ people: ['0'], words: [] }))[0]).not.toHaveProperty('words');
  });

  test('are those that were asked for, named once however often they were', async () => {
    const [first] = await answers({ people: ['0'], words: ['graph', 'mistatus', 'graph'] });
    expect(first?.words).toEqual({
      mistatus: { value: 2, name: 'MISTATUS_ONLINE' },
      graph: { availability: 'Available', activity: 'Available' },
    });
  });

  test.each(['?words=graph,rpid', '?words=graph&words=rpid'])(
    'are taken from the query string too: %s',
    async (query) => {
      const [first] = await answers({ people: ['0'] }, query);
      expect(Object.keys(first?.words ?? {})).toEqual(['graph', 'rpid']);
    },
  );

  test('add up, those of the body and those of the query string', async () => {
    const [first] = await answers({ people: ['0'], words: ['lync'] }, '?words=rpid');
    expect(Object.keys(first?.words ?? {})).toEqual(['lync', 'rpid']);
  });

  test('are of one row with each other and with the answer, for every look', async () => {
    const people = LOOKS.map((_, index) => String(index));
    for (const answer of await answers({ people, words: VOCABULARIES })) {
      const { status, activity = '', outOfOffice } = answer;
      expect(answer.words).toEqual(plain(vocabulariesOf({ status, activity, outOfOffice })));
    }
  });

  test('say unknown, each of them, of somebody who is not confirmed', async () => {
    const people = LOOKS.map((_, index) => `stale${index}`);
    const told = await answers({ people, words: VOCABULARIES });
    expect(told).toHaveLength(LOOKS.length);
    for (const { words } of told) {
      expect(words).toEqual({
        mistatus: { value: 0, name: 'MISTATUS_UNKNOWN' },
        lync: { availability: 0, name: 'None' },
        graph: { availability: 'PresenceUnknown', activity: 'PresenceUnknown' },
        rpid: { activities: ['unknown'], idle: false },
      });
    }
  });

  test('hold no empty text, which the JSON reader of Notes 10 stumbles over', async () => {
    const people = LOOKS.flatMap((_, index) => [String(index), `stale${index}`]);
    expect(await (await ask({ people, words: VOCABULARIES })).text()).not.toContain(':""');
  });

  test('are not there of nobody', async () => {
    expect((await answers({ people: ['nobody'], words: VOCABULARIES }))[0]).not.toHaveProperty('words');
  });

  test.each([
    [{ people: ['0'], words: ['sip'] }, '', POSSIBLE],
    [{ people: ['0'], words: [7] }, '', POSSIBLE],
    [{ people: ['0'] }, '?words=sip', POSSIBLE],
    [{ people: ['0'] }, '?words=', POSSIBLE],
    [{ people: ['0'] }, '?word=graph', 'query: '],
    [{ people: ['0'], words: 'graph' }, '', 'words: '],
    [{ people: ['0'], words: Array(5).fill('graph') }, '', 'words: '],
    [{ people: ['0'] }, `?words=${Array(5).fill('graph')}`, 'words: '],
  ])('refuse what they are not: %j %s', async (body, query, message) => {
    const answer = await ask(body, query);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      expect.objectContaining({ code: 'API_BAD_REQUEST', message: expect.stringContaining(message) }),
    ]);
  });
});
