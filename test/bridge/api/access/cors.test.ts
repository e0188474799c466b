import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccessSite, type SitePerson } from '../../../support/access-site.js';
import { BEARER, testServer } from '../../../support/http-server.js';
import { person } from '../../../support/people.js';

const INTRANET = 'https://intranet.contoso.example';
const ANA: SitePerson = { ...person('sip:ana@contoso.example', 'CN=Ana Reyes/OU=Sales/O=Contoso'), status: 'busy' };

let site: AccessSite;
beforeAll(async () => {
  site = await AccessSite.start([ANA], [], { allowedOrigins: [INTRANET, 'http://other.example:8080'] });
});
afterAll(() => site.server.close());

/** Headers of an answer that say what pages of other origins may do. */
const shared = ({ headers }: Response): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-')));
const preflight = (path: string, origin: string, method = 'GET'): Promise<Response> =>
  site.ask('OPTIONS', path, { origin, 'access-control-request-method': method });

describe('pages of allowed origins', () => {
  test('may read answers: exactly that origin, no credentials', async () => {
    const answer = await site.ask('GET', '/api/v1/people', { ...BEARER, origin: INTRANET });
    expect([answer.status, answer.headers.get('vary')]).toEqual([200, 'Origin']);
    expect(shared(answer)).toEqual({
      'access-control-allow-origin': INTRANET,
      'access-control-expose-headers': 'retry-after',
    });
  });

  test('may read errors too', async () => {
    const answer = await site.ask('GET', '/api/v1/people', { origin: INTRANET });
    expect([answer.status, shared(answer)['access-control-allow-origin']]).toEqual([401, INTRANET]);
  });

  test('may ask before a request what there is, without a token', async () => {
    const answer = await preflight('/api/v1/people/query', INTRANET, 'POST');
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect(shared(answer)).toEqual({
      'access-control-allow-origin': INTRANET,
      'access-control-expose-headers': 'retry-after',
      'access-control-allow-methods': 'OPTIONS, POST',
      'access-control-allow-headers': 'authorization, content-type, last-event-id',
      'access-control-max-age': '600',
    });
  });
});

describe.each([
  ['another origin', 'https://evil.example'],
  ['the same host under another scheme', 'http://intranet.contoso.example'],
  ['a page without an origin', 'null'],
  ['an origin that begins alike', `${INTRANET}.evil.example`],
])('%s', (_what, origin) => {
  test('may not read anything', async () => {
    const answer = await site.ask('GET', '/api/v1/people', { ...BEARER, origin });
    expect([shared(answer), answer.headers.get('vary')]).toEqual([{}, 'Origin']);
  });

  test('is refused when it asks before a request', async () => {
    const answer = await preflight('/api/v1/people', origin);
    expect([answer.status, shared(answer)]).toEqual([403, {}]);
    expect(await answer.json()).toMatchObject({ code: 'API_FORBIDDEN' });
  });
});

test.each([
  ['/api/v1/self', 'DELETE, GET, HEAD, OPTIONS, PUT'],
  [`/api/v1/people/${ANA.uri}/status`, 'DELETE, OPTIONS, PUT'],
  ['/api/v1/people/nobody', 'GET, HEAD, OPTIONS'],
])('OPTIONS %s tells the methods of the route, whoever it is about', async (path, allow) => {
  const answer = await site.ask('OPTIONS', path, {});
  expect([answer.status, answer.headers.get('allow'), shared(answer)]).toEqual([204, allow, {}]);
});

test.each(['/api/v1/nothing', '/', '/board/board.js', '/metrics'])('OPTIONS %s is not there', async (path) => {
  expect((await preflight(path, INTRANET)).status).toBe(404);
});

test('pages and icons are not shared', async () => {
  expect(shared(await site.ask('GET', '/', { origin: INTRANET }))).toEqual({});
});

test('asking before a request counts as a request', async () => {
  const server = await testServer({
    allowedOrigins: [INTRANET],
    limits: { requestsPerAddress: { perSecond: 1, burst: 2 } },
  });
  const ask = () => server.get('/api/v1/people', { method: 'OPTIONS', headers: { origin: INTRANET } });
  expect([(await ask()).status, (await ask()).status, (await ask()).status]).toEqual([204, 204, 429]);
  await server.close();
});
