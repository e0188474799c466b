import { describe, expect, test } from 'vitest';
import { headerOf, headersOf } from '../../../../src/ocs/simulator/codec/message.js';
import { DEFAULT_LIMITS } from '../../../../src/ocs/simulator/options.js';
import { gruuOpaque } from '../../../../src/ocs/simulator/server/gruu.js';
import { recordingLog } from '../../../support/silent-log.js';
import { ana, ben, TestClient, testServer } from '../../../support/simulator-client.js';

describe('REGISTER', () => {
  test('is answered with all that clients look for', () => {
    const { server } = testServer();
    const response = new TestClient(server, ana).register();
    expect(response.status).toBe(200);
    expect(headerOf(response, 'expires')).toBe('7200');
    expect(headersOf(response, 'supported')).toEqual(['adhoclist', 'msrtc-event-categories']);
    expect(headerOf(response, 'allow-events')).not.toContain(' ');
    expect(headerOf(response, 'ms-keep-alive')).toContain('timeout=300');
    expect(headerOf(response, 'presence-state')).toBe('register-action="added"');
    expect(headerOf(response, 'contact')).toMatch(
      /^<sip:10\.20\.0\.7:50412;transport=tls;ms-opaque=6f1d2c3b4a;ms-received-cid=[0-9A-F]+>;expires=7200;\+sip\.instance="<urn:uuid:[0-9a-f-]{36}>";gruu="sip:ana@contoso\.example;opaque=user:epid:[\w-]{24};gruu"$/,
    );
  });

  test('is logged, as are subscriptions and the end, for who wants to see what the server does', () => {
    const log = recordingLog();
    const { server } = testServer({ log });
    const client = new TestClient(server, ana);
    client.register();
    client.register();
    client.request('SUBSCRIBE', {
      to: ben,
      headers: [
        ['Event', 'presence'],
        ['Expires', '600'],
      ],
    });
    client.close();
    expect(log.entries.map(({ level, event, fields }) => [level, event, fields['user']])).toEqual([
      ['debug', 'simulator.signed-in', ana],
      ['debug', 'simulator.subscribed', ana],
      ['debug', 'simulator.signed-off', ana],
    ]);
  });

  test('derives the GRUU as published examples do', () => {
    expect(gruuOpaque('221ef77e-3a68-5570-86ed-6ea5bd4b7ff8')).toBe('user:epid:fvceImg6cFWG7W6lvUt_-AAA');
    expect(gruuOpaque('7af002fa-d372-5a55-b2f8-093c4c99f564')).toBe('user:epid:-gLwenLTVVqy-Ak8TJn1ZAAA');
  });

  test('lists every endpoint of the user', () => {
    const { server } = testServer();
    new TestClient(server, ana, 'aaaa').register();
    const response = new TestClient(server, ana, 'bbbb').register();
    expect(headersOf(response, 'contact')).toHaveLength(2);
  });

  test('grants a shorter lifetime when asked, and ends it on time', async () => {
    const { server, clock } = testServer();
    const client = new TestClient(server, ana);
    client.register([['Expires', '60']]);
    client.publishState(3500);
    expect(server.presenceOf(ana)?.availability).toBe(3500);
    await clock.advance(71_000);
    expect(server.presenceOf(ana)?.availability).toBe(18_500);
  });

  test('with Expires 0 signs off: the person is offline', () => {
    const { server } = testServer();
    const client = new TestClient(server, ana);
    client.register();
    client.publishState(3500);
    expect(headerOf(client.register([['Expires', '0']]), 'expires')).toBe('0');
    expect(server.presenceOf(ana)?.availability).toBe(18_500);
  });

  test('of somebody else is refused', () => {
    const { server } = testServer();
    const response = new TestClient(server, ana).request('REGISTER', { to: ben, headers: [['Contact', '<sip:x>']] });
    expect(response.status).toBe(403);
    expect(headerOf(response, 'ms-diagnostics')).toMatch(/^4004;/);
  });

  test('beyond the quota signs off the oldest endpoint, which is told so', () => {
    const { server } = testServer({ limits: { ...DEFAULT_LIMITS, endpointsPerUser: 2 } });
    const clients = ['aaaa', 'bbbb', 'cccc'].map((epid) => new TestClient(server, ana, epid));
    for (const client of clients) client.register();
    const [notice] = clients[0]?.requests('NOTIFY') ?? [];
    expect(notice && headerOf(notice, 'event')).toBe('registration-notify');
    expect(notice?.body.toString()).toBe('deregistered;event=unregistered');
    expect(clients[2]?.requests('NOTIFY')).toEqual([]);
  });

  test('from a new connection replaces the old one without a moment of being offline', () => {
    const { server } = testServer();
    const first = new TestClient(server, ana);
    first.register();
    first.publishState(6500);
    const seen: number[] = [];
    server.onTruth((_uri, { availability }) => seen.push(availability));
    const second = new TestClient(server, ana);
    second.register();
    first.close();
    expect(seen).toEqual([]);
    expect(server.presenceOf(ana)?.availability).toBe(6500);
  });
});

describe('a request', () => {
  test('of an unknown user is refused', () => {
    const { server } = testServer();
    const client = new TestClient(server, 'sip:nobody@contoso.example' as typeof ana);
    expect(client.register().status).toBe(404);
  });

  test('that lacks a mandatory header is answered with 400', () => {
    const { server } = testServer();
    const client = new TestClient(server, ana);
    const request = client.build('OPTIONS');
    client.deliver({ ...request, headers: request.headers.filter(({ name }) => name !== 'To') });
    client.deliver({ ...request, headers: [...request.headers, { name: 'Call-ID', value: 'second' }] });
    client.deliver({ ...client.build('OPTIONS'), method: 'INFO' });
    expect(client.received.map((message) => message.kind === 'response' && message.status)).toEqual([400, 400, 400]);
  });

  test.each(['NEGOTIATE', 'PUBLISH', 'BENOTIFY'])('%s is not allowed', (method) => {
    const { server } = testServer();
    const response = new TestClient(server, ana).request(method);
    expect(response.status).toBe(405);
    expect(headerOf(response, 'allow')).toContain('SERVICE');
  });

  test('OPTIONS to the server is answered by the server', () => {
    const { server } = testServer();
    expect(new TestClient(server, ana).request('OPTIONS', { uri: 'sip:contoso.example' }).status).toBe(200);
  });
});
