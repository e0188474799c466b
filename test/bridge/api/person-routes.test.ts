import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Erasure, PersonDesk, PersonFile, PersonSubject } from '../../../src/bridge/person-ports.js';
import { BridgeError } from '../../../src/presence/errors.js';
import { sipKeyOf, type Unid } from '../../../src/presence/ids.js';
import { BEARER, type TestServer, testServer } from '../../support/http-server.js';
import { notesName, sip } from '../../support/people.js';

const ANA = sip('sip:ana@contoso.example');
const UNID = 'A'.repeat(32) as Unid;
const subject: PersonSubject = {
  who: 'ana',
  addresses: [ANA],
  keys: [sipKeyOf(ANA)],
  names: [notesName('CN=Ana/O=C')],
  otherNames: [],
};
const file: PersonFile = {
  subject,
  store: 'data',
  readAt: 5,
  documents: [
    {
      form: 'Presence',
      unid: UNID,
      created: 4,
      namedBy: 'address',
      conflict: false,
      items: { Status: 'busy', Epoch: 7, PersonName: { type: 'text', data: ['a', 'b'], names: true } },
    },
  ],
  writers: [{ bridge: 'bridge', connected: true, writtenAt: 1, freshUntil: 2, fresh: false }],
  elsewhere: [{ place: 'log', says: 'Keys.' }],
  directory: {
    outcome: 'found',
    rows: [
      {
        name: notesName('CN=Ana/O=C'),
        otherNames: [],
        displayName: '',
        outcome: 'mapped',
        address: ANA,
        rule: 'csv',
        candidates: [{ address: ANA, rule: 'csv', origin: 'people.csv line 7' }],
        reason: 'The CSV file says so.',
        watched: true,
      },
    ],
    age: 3,
  },
  live: [
    { address: ANA, status: 'busy', since: 1, confirmed: true, observedAt: 2, written: false, refused: 'NOTES_FULL' },
  ],
};
const erasure: Erasure = {
  subject,
  store: 'data',
  removed: [{ form: 'Presence', unid: UNID }],
  kept: [{ form: 'PresenceOptOut', unid: UNID, reason: 'it stays' }],
  refused: [{ form: 'Presence', unid: UNID, code: 'NOTES_FORBIDDEN' }],
  optOut: 'written',
  comesBack: ['The list has it.'],
};

describe('the routes of one person', () => {
  const asked: unknown[] = [];
  let failure: BridgeError | undefined;
  const desk: PersonDesk = {
    async show(who) {
      asked.push(['show', who]);
      if (failure) throw failure;
      return file;
    },
    async erase(who, options) {
      asked.push(['erase', who, options]);
      return erasure;
    },
  };
  let server: TestServer;
  beforeAll(async () => {
    server = await testServer({ limits: { failures: 1_000 }, desk });
  });
  afterAll(() => server.close());
  const path = (query: string): string => `/api/v1/person?${query}`;

  test('GET gives the whole file', async () => {
    const answer = await server.get(path('who=ana%2Breyes%40c%20x'));
    expect([answer.status, await answer.json()]).toEqual([200, file]);
    expect(asked.pop()).toEqual(['show', 'ana+reyes@c x']);
  });

  test('DELETE erases, with an opt-out only when it is asked for', async () => {
    const remove = async (query: string) => server.get(path(query), { method: 'DELETE', headers: BEARER });
    expect(await (await remove('who=ana')).json()).toEqual(erasure);
    expect(asked.pop()).toEqual(['erase', 'ana', { optOut: false }]);
    await remove('who=ana&optOut=true');
    expect(asked.pop()).toEqual(['erase', 'ana', { optOut: true }]);
  });

  test.each(['', 'who=', 'who=a&who=b', 'who=a&optOut=yes', 'who=a&more=1', `who=${'a'.repeat(2_001)}`])(
    '"%s" is a bad request that reaches no document',
    async (query) => {
      asked.length = 0;
      const answer = await server.get(path(query), { method: 'DELETE', headers: BEARER });
      expect([answer.status, asked]).toEqual([400, []]);
    },
  );

  test.each(['GET', 'DELETE'])('%s without the token is refused', async (method) => {
    asked.length = 0;
    const answer = await server.get(path('who=ana'), { method });
    expect([answer.status, asked]).toEqual([401, []]);
  });

  test('a store that cannot be read is 424 with its reason, and no failure of the bridge', async () => {
    failure = new BridgeError('NOTES_TIMEOUT', 'domino01 did not answer within 10 s.');
    const answer = await server.get(path('who=x'));
    failure = undefined;
    expect([answer.status, await answer.json()]).toMatchObject([
      424,
      { code: 'NOTES_TIMEOUT', message: 'domino01 did not answer within 10 s.' },
    ]);
  });

  test('nobody of that name is 404, and says so', async () => {
    failure = new BridgeError('DIRECTORY_NOBODY', 'No document and no directory has "x".');
    const answer = await server.get(path('who=x'));
    failure = undefined;
    expect([answer.status, await answer.json()]).toMatchObject([404, { code: 'DIRECTORY_NOBODY' }]);
  });
});
