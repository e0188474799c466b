import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALL_SCOPES, type Scope } from '../../../../src/bridge/api/access/grant.js';
import { ROUTE_ACCESS, STREAM_SCOPES } from '../../../../src/bridge/api/access/route-access.js';
import { AccessSite, type SitePerson } from '../../../support/access-site.js';
import { BEARER } from '../../../support/http-server.js';
import { answerJudgeOf, type OpenApiDocument } from '../../../support/openapi.js';
import { person } from '../../../support/people.js';
import { SimulatedClock } from '../../../support/simulated-clock.js';
import { StreamReader } from '../../../support/stream-reader.js';
import { bearerOf, type TestToken } from '../../../support/token-book.js';

const ANA: SitePerson = { ...person('sip:ana@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso'), status: 'busy' };
const NOBODYS = ['*/Nobody/Nowhere'];

/** The test's clock begins there. */
const NOW = new SimulatedClock().now();
const SAID = { status: 'busy', until: NOW + 3_600_000 };

interface Request {
  /** Where the route's pattern is not its path. */
  readonly path?: string;
  readonly body?: unknown;
  /** What a token gets that does not see Ana, where that is not the answer of others. */
  readonly narrow?: 404;
}

/** How every route is asked about Ana, so that whoever may gets an answer in the two hundreds. */
const REQUESTS: Readonly<Record<string, Request>> = {
  'GET /': {},
  'GET /board/:name': { path: '/board/board.js' },
  'GET /icons/:name': { path: '/icons/available.gif' },
  'GET /client/:name': { path: '/client/badge.js' },
  'GET /client/badge/:name': { path: '/client/badge/icons.js' },
  'GET /healthz': {},
  'GET /metrics': {},
  'GET /api/v1/openapi.json': {},
  'GET /api/v1/me': {},
  'GET /api/v1/status': {},
  'GET /api/v1/people': {},
  'GET /api/v1/people/:who': { path: `/api/v1/people/${ANA.uri}`, narrow: 404 },
  'GET /api/v1/people/:who/why': { path: `/api/v1/people/${ANA.uri}/why`, narrow: 404 },
  'PUT /api/v1/people/:who/status': { path: `/api/v1/people/${ANA.uri}/status`, body: SAID, narrow: 404 },
  'DELETE /api/v1/people/:who/status': { path: `/api/v1/people/${ANA.uri}/status`, narrow: 404 },
  'GET /api/v1/resolve': { path: `/api/v1/resolve?name=${ANA.uri}` },
  'GET /api/v1/lists': {},
  'GET /api/v1/lists/:list': { path: '/api/v1/lists/help-desk', narrow: 404 },
  'POST /api/v1/people/query': { body: { people: ['Ana Reyes', ANA.uri] } },
  'GET /api/v1/self': {},
  'PUT /api/v1/self': { body: { status: 'busy' } },
  'DELETE /api/v1/self': {},
  'POST /api/v1/messages': { body: { to: ANA.uri, text: 'hello' }, narrow: 404 },
  'GET /api/v1/person': { path: `/api/v1/person?who=${ANA.uri}` },
  'DELETE /api/v1/person': { path: `/api/v1/person?who=${ANA.uri}` },
  'POST /api/v1/reconcile': {},
  'GET /api/v1/stream': { path: `/api/v1/stream?person=${ANA.uri}&list=everybody` },
  'POST /api/v1/stream': { body: { people: [ANA.uri], lists: ['everybody'] } },
  'POST /api/v1/stream-ticket': {},
};

const scoped = (prefix: string, people?: readonly string[]): TestToken[] =>
  ALL_SCOPES.map((scope) => ({ name: `${prefix}-${scope}`, scopes: [scope], ...(people && { people }) }));

let site: AccessSite;
let judge: ReturnType<typeof answerJudgeOf>;
beforeAll(async () => {
  const tokens = [...scoped('right'), ...scoped('narrow', NOBODYS)];
  const expired: TestToken = { name: 'expired', scopes: ALL_SCOPES, expires: 1 };
  site = await AccessSite.start([ANA], [...tokens, expired, { name: 'revoked', scopes: ALL_SCOPES }]);
  site.watched.setLists({ id: 'help-desk', title: 'Help desk', kind: 'list', members: [ANA.uri] });
  judge = answerJudgeOf((await (await site.ask('GET', '/api/v1/openapi.json', {})).json()) as OpenApiDocument);
  site.tokens.set(...tokens, expired);
  await site.server.clock.advance(1_000);
});
afterAll(() => site.server.close());

const KNOWN_TO_NOBODY = {
  'no token': {},
  'a wrong token': { authorization: 'Bearer wrong' },
  'an expired token': bearerOf('expired'),
  'a revoked token': bearerOf('revoked'),
};

test('every route has a request here, and every request is of a route', () => {
  expect(Object.keys(REQUESTS).sort()).toEqual(Object.keys(ROUTE_ACCESS).sort());
});

describe.each(Object.entries(ROUTE_ACCESS))('%s', (route, wanted) => {
  const [method = '', pattern = ''] = route.split(' ');
  const { path = pattern, body, narrow } = REQUESTS[route] ?? {};
  /** Whatever comes is what the OpenAPI document says. */
  const ask = async (headers: Readonly<Record<string, string>>) => {
    const answer = await site.ask(method, path, headers, body);
    expect(await judge(route, answer)).toBeUndefined();
    return answer;
  };
  const status = async (headers: Readonly<Record<string, string>>): Promise<number> => (await ask(headers)).status;

  if (wanted === 'open') {
    test('is for everybody, whatever they send', async () => {
      for (const headers of Object.values(KNOWN_TO_NOBODY)) expect(await status(headers)).toBe(200);
    });
    return;
  }

  test.each(Object.entries(KNOWN_TO_NOBODY))('refuses %s with 401', async (_what, headers) => {
    const answer = await ask(headers);
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
    expect(await answer.text()).not.toContain('contoso');
  });

  if (method === 'GET') {
    test('is no more open to HEAD', async () => {
      expect((await site.ask('HEAD', path, {})).status).toBe(401);
    });
  }

  test('gives the administrator an answer', async () => {
    expect(await status(BEARER)).toBe(200);
  });

  const isRight = (scope: Scope): boolean => wanted.oneOf.includes(scope);

  test.each(ALL_SCOPES.filter(isRight))('gives a token with the scope %s an answer', async (scope) => {
    expect(await status(bearerOf(`right-${scope}`))).toBe(200);
  });

  test.each(ALL_SCOPES.filter((scope) => !isRight(scope)))(
    'refuses the scope %s, and says which is missing',
    async (scope) => {
      const answer = await ask(bearerOf(`right-${scope}`));
      const message = `the access token lacks the scope ${wanted.oneOf.map((one) => `"${one}"`).join(' or ')}`;
      expect([answer.status, await answer.json()]).toEqual([
        403,
        expect.objectContaining({ code: 'API_FORBIDDEN', message }),
      ]);
    },
  );

  test('gives a token for others nothing about Ana', async () => {
    const answer = await ask(bearerOf(`narrow-${wanted.oneOf[0]}`));
    const text = await answer.text();
    expect(answer.status).toBe(wanted.filter === 'refused' ? 403 : (narrow ?? 200));
    const asked = /query|resolve|stream/.test(path) ? text.replaceAll(/"query":"[^"]*"/g, '') : text;
    expect(asked).not.toMatch(/ana/i);
    expect(asked).not.toContain(ANA.key);
  });
});

describe('GET /stream', () => {
  const open = async (headers: Record<string, string>): Promise<string> => {
    const reader = await StreamReader.open(`${site.server.url}/stream`, { headers }).catch((error: Error) => error);
    if (reader instanceof Error) return reader.message;
    reader.socket.terminate();
    return 'open';
  };

  test.each(Object.entries(KNOWN_TO_NOBODY))('refuses %s with 401', async (_what, headers) => {
    expect(await open(headers)).toBe('refused with 401');
  });

  test.each(ALL_SCOPES)('wants its scope, not %s alone', async (scope) => {
    const expected = STREAM_SCOPES.includes(scope) ? 'open' : 'refused with 403';
    expect([await open(bearerOf(`right-${scope}`)), await open(bearerOf(`narrow-${scope}`))]).toEqual([
      expected,
      expected,
    ]);
  });
});

/** A request whose body waits until `meanwhile` is done, which begins once the head has been read. */
async function inTwoParts(method: string, path: string, body: string, meanwhile: () => Promise<void>): Promise<number> {
  const headers = {
    ...bearerOf('late'),
    'content-type': 'application/json',
    'content-length': body.length,
    expect: '100-continue',
  };
  const sent = request(`${site.server.url}${path}`, { method, headers });
  sent.flushHeaders();
  await once(sent, 'continue');
  await meanwhile();
  const answered = once(sent, 'response');
  sent.end(body);
  const [answer] = (await answered) as [IncomingMessage];
  answer.destroy();
  return answer.statusCode ?? 0;
}

describe('a token that is revoked before the body has come', () => {
  const others = scoped('right');
  const late: TestToken = { name: 'late', scopes: ['read', 'stream', 'message', 'others-status'] };
  const withBody = Object.entries(REQUESTS).filter(([, { body }]) => body !== undefined);

  test.each(withBody.filter(([route]) => !route.endsWith('/self')))('does not count for %s', async (route, asked) => {
    const [method = '', pattern = ''] = route.split(' ');
    const { path = pattern, body } = asked;
    const sent = async (meanwhile: readonly TestToken[]): Promise<number> => {
      site.tokens.set(...others, late);
      await site.server.clock.advance(1_000);
      return inTwoParts(method, path, JSON.stringify(body), async () => {
        site.tokens.set(...meanwhile);
        await site.server.clock.advance(1_000);
      });
    };
    expect([await sent([...others, late]), await sent(others)]).toEqual([200, 401]);
  });
});
