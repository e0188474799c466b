import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PersonFinding } from '../../../../src/bridge/status.js';
import { ANA, BEARER, type TestServer, testServer } from '../../../support/http-server.js';
import { notesName } from '../../../support/people.js';

const name = notesName('CN=Ana Reyes/OU=Sales/O=Contoso');
const findings: Readonly<Record<string, PersonFinding>> = {
  ana: {
    outcome: 'found',
    person: { ...ANA, name, status: 'busy', activity: 'in-a-meeting', observedAt: 1_767_600_000_500 },
  },
  ben: { outcome: 'found', person: { ...ANA, status: 'unknown', since: undefined } },
  smith: { outcome: 'ambiguous' },
  '': { outcome: 'not-a-name' },
};

describe('POST /api/v1/people/query', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await testServer({
      limits: { failures: 1_000 },
      query: { find: (text) => findings[text] ?? { outcome: 'not-found' }, freshMs: 90_000 },
    });
  });
  afterAll(() => server.close());

  const ask = (body: unknown, headers: Readonly<Record<string, string>> = BEARER): Promise<Response> =>
    server.get('/api/v1/people/query', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const answered = async (...people: string[]): Promise<unknown[]> =>
    ((await (await ask({ people })).json()) as { people: unknown[] }).people;

  test('answers everybody in the order of the question, as often as asked', async () => {
    const answers = (await answered('smith', 'ana', '', 'nobody', 'ana')) as { query: string; reason?: string }[];
    expect(answers.map(({ query, reason }) => [query, reason])).toEqual([
      ['smith', 'ambiguous'],
      ['ana', undefined],
      ['', 'not-a-name'],
      ['nobody', 'not-found'],
      ['ana', undefined],
    ]);
  });

  test('gives a confirmed status with its times and how long it may be shown', async () => {
    expect(await (await ask({ people: ['ana'] })).json()).toEqual({
      at: server.clock.now(),
      people: [
        {
          query: 'ana',
          found: true,
          address: 'sip:ana@contoso.example',
          name,
          status: 'busy',
          activity: 'in-a-meeting',
          outOfOffice: false,
          since: 1_767_600_000_000,
          observedAt: 1_767_600_000_500,
          freshUntil: server.clock.now() + 90_000,
          source: 'ocs',
          confirmed: true,
        },
      ],
    });
  });

  test('says unknown of nobody, without empty texts', async () => {
    expect(await answered('nobody')).toEqual([
      {
        query: 'nobody',
        found: false,
        reason: 'not-found',
        status: 'unknown',
        outOfOffice: false,
        source: 'none',
        confirmed: false,
      },
    ]);
  });

  test('says unknown of somebody who is not confirmed, and why', async () => {
    const reasonOfBen = async (): Promise<unknown> => (await answered('ben'))[0];
    const ben = {
      query: 'ben',
      found: true,
      address: 'sip:ana@contoso.example',
      displayName: 'Ana Reyes',
      status: 'unknown',
      outOfOffice: false,
      source: 'none',
      confirmed: false,
      freshUntil: server.clock.now() + 90_000,
    };
    const healthy = server.status;
    server.status = { ...healthy, ocs: { state: 'connected', since: 1 } };
    expect(await reasonOfBen()).toEqual({ ...ben, reason: 'not-confirmed' });
    server.status = { ...healthy, ocs: { state: 'connecting', since: 1 } };
    expect(await reasonOfBen()).toEqual({ ...ben, reason: 'bridge-disconnected' });
    server.status = { ...server.status, role: { state: 'standby', since: 1, holder: 'other' } };
    expect(await reasonOfBen()).toEqual({ ...ben, reason: 'bridge-standby' });
    server.status = healthy;
  });

  test.each([
    ['nothing', undefined],
    ['no list', { people: 'ana' }],
    ['an empty list', { people: [] }],
    ['more than a thousand', { people: Array(1_001).fill('ana') }],
    ['a number', { people: ['ana', 1] }],
    ['a text of 1025 characters', { people: ['a'.repeat(1_025)] }],
    ['another field', { people: ['ana'], deep: true }],
  ])('refuses %s', async (_what, body) => {
    const answer = await ask(body);
    expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ code: 'API_BAD_REQUEST' })]);
  });

  test('takes a thousand names of the longest letters', async () => {
    const answer = await ask({ people: Array(1_000).fill('字'.repeat(1_024)) });
    expect(answer.status).toBe(200);
    expect(((await answer.json()) as { people: unknown[] }).people).toHaveLength(1_000);
  });

  test('counts a question with many names as several requests', async () => {
    const requestsPerToken = { perSecond: 1, burst: 12 };
    const query = { find: (): PersonFinding => ({ outcome: 'not-found' }), freshMs: 90_000 };
    const slow = await testServer({ limits: { requestsPerToken }, query });
    const about = async (names: number): Promise<number> => {
      const body = JSON.stringify({ people: Array.from({ length: names }, (_, n) => `p${n}`) });
      const headers = { ...BEARER, 'content-type': 'application/json' };
      return (await slow.get('/api/v1/people/query', { method: 'POST', headers, body })).status;
    };
    expect([await about(1_000), await about(1_000), await about(100)]).toEqual([200, 429, 200]);
    await slow.close();
  });

  test('refuses without the token before it reads the body', async () => {
    expect((await ask({ people: ['ana'] }, {})).status).toBe(401);
    expect((await ask('x'.repeat(5_000_000), {})).status).toBe(401);
    expect((await ask('x'.repeat(5_000_000))).status).toBe(413);
  });

  test('is not there when the bridge answers no questions', async () => {
    const closed = await testServer();
    const answer = await closed.get('/api/v1/people/query', { method: 'POST', headers: BEARER });
    expect(answer.status).toBe(404);
    await closed.close();
  });
});
