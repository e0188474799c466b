import { describe, expect, test } from 'vitest';
import { headerOf, type SipResponse } from '../../../../src/ocs/simulator/codec/message.js';
import { ana, ben, TestClient, testServer, toTagOf } from '../../../support/simulator-client.js';

type Headers = readonly (readonly [string, string])[];

function subscribe(client: TestClient, headers: Headers, options: { toTag?: string; cseq?: number } = {}): SipResponse {
  const all: Headers = [['Event', 'presence'], ...headers];
  return client.request('SUBSCRIBE', { to: ben, callId: 'strict', headers: all, ...options });
}

describe('an extension that a request insists on', () => {
  test.each(['REGISTER', 'SUBSCRIBE', 'SERVICE'])('is named in 420 when %s requires an unknown one', (method) => {
    const { server } = testServer();
    const response = new TestClient(server, ana).request(method, {
      headers: [
        ['Require', 'adhoclist, x-sometimes'],
        ['Proxy-Require', 'x-always'],
      ],
    });
    expect(response.status).toBe(420);
    expect(headerOf(response, 'unsupported')).toBe('x-always, x-sometimes');
  });

  test('between clients concerns only them', () => {
    const { server } = testServer();
    const caller = new TestClient(server, ana);
    const called = new TestClient(server, ben);
    called.register();
    caller.deliver(caller.build('INVITE', { to: ben, headers: [['Require', '100rel']] }));
    expect(called.requests('INVITE')).toHaveLength(1);
    const proxy = caller.request('MESSAGE', { to: ben, headers: [['Proxy-Require', 'x-always']] });
    expect(proxy.status).toBe(420);
  });

  test('may be BENOTIFY, unless the server does not know it and sends NOTIFY', () => {
    const headers: Headers = [
      ['Supported', 'ms-benotify'],
      ['Proxy-Require', 'ms-benotify'],
    ];
    expect(subscribe(new TestClient(testServer().server, ana), headers).status).toBe(200);
    const { server } = testServer({ benotify: false });
    const client = new TestClient(server, ana);
    const refused = subscribe(client, headers);
    expect([refused.status, headerOf(refused, 'unsupported')]).toEqual([420, 'ms-benotify']);
    expect(headerOf(subscribe(client, headers.slice(0, 1)), 'supported')).not.toContain('ms-benotify');
    expect([client.requests('NOTIFY').length, client.requests('BENOTIFY').length]).toEqual([1, 0]);
  });
});

describe('a lifetime', () => {
  test('that is too short is refused with the shortest one', () => {
    const { server } = testServer();
    const client = new TestClient(server, ana);
    for (const response of [client.register([['Expires', '9']]), subscribe(client, [['Expires', '9']])]) {
      expect([response.status, headerOf(response, 'min-expires')]).toEqual([423, '10']);
    }
    expect(client.register([['Expires', '10']]).status).toBe(200);
    expect(subscribe(client, [['Expires', '10']]).status).toBe(200);
  });

  test('that is no number is refused, a huge one is cut to what the server grants', () => {
    const { server } = testServer();
    const client = new TestClient(server, ana);
    expect(subscribe(client, [['Expires', 'soon']]).status).toBe(400);
    expect(headerOf(subscribe(client, [['Expires', '4294967295']]), 'expires')).toBe('28800');
    expect(headerOf(client.register([['Expires', '4294967295']]), 'expires')).toBe('7200');
  });

  test('longer than timers can keep lasts as long as granted', async () => {
    const days = 60;
    const { server, clock } = testServer({
      registrationSeconds: days * 86_400,
      subscriptionSeconds: days * 86_400,
    });
    const client = new TestClient(server, ana);
    client.register();
    const note = `<publication categoryName="note" instance="0" container="200" version="0" expireType="time" expires="${days * 86_400}"><note xmlns="n"><body type="personal" uri="">long</body></note></publication>`;
    expect(client.publish(note).status).toBe(200);
    client.watch([ben]);
    await clock.advance((days - 1) * 86_400_000);
    expect(server.presenceOf(ana)?.note).toBe('long');
    expect(client.requests('BENOTIFY')).toEqual([]);
    await clock.advance(2 * 86_400_000);
    expect(server.presenceOf(ana)?.note).toBe('');
    expect(client.requests('BENOTIFY')).toHaveLength(1);
  });

  test('of a publication may be as long as a client can write, and costs one timer', async () => {
    const { server, clock } = testServer();
    const client = new TestClient(server, ana);
    client.register();
    const before = clock.pendingTimers;
    const note = (version: number, expires: number) =>
      client.publish(
        `<publication categoryName="note" instance="0" container="200" version="${version}" expireType="time" expires="${expires}"><note xmlns="n"><body type="personal" uri="">${version}</body></note></publication>`,
      );
    for (let version = 0; version < 50; version += 1) expect(note(version, 9_999_999_999).status).toBe(200);
    expect(clock.pendingTimers).toBe(before + 1);
    await clock.advance(3_600_000);
    expect(server.presenceOf(ana)?.note).toBe('49');
    server.close();
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a subscription', () => {
  test('to an unknown event is refused with those that are known', () => {
    const { server } = testServer();
    const response = new TestClient(server, ana).request('SUBSCRIBE', { headers: [['Event', 'dialog']] });
    expect(response.status).toBe(489);
    expect(headerOf(response, 'allow-events')).toContain('vnd-microsoft-roaming-self');
  });

  test('in a dialog that is not the client’s is unknown', () => {
    const { server } = testServer();
    const toTag = toTagOf(subscribe(new TestClient(server, ana, 'aaaa'), []));
    expect(subscribe(new TestClient(server, ana, 'bbbb'), [], { toTag }).status).toBe(481);
    expect(subscribe(new TestClient(server, ana, 'aaaa'), [], { toTag: 'other' }).status).toBe(481);
  });

  test('in a dialog must not go back in CSeq', () => {
    const { server } = testServer();
    const client = new TestClient(server, ana);
    const toTag = toTagOf(subscribe(client, [], { cseq: 7 }));
    expect(subscribe(client, [], { toTag, cseq: 6 }).status).toBe(500);
    expect(subscribe(client, [], { toTag, cseq: 8 }).status).toBe(200);
  });
});

describe('a change of the contact list', () => {
  const call = (client: TestClient, content: string): SipResponse =>
    client.request('SERVICE', {
      headers: [['Content-Type', 'application/SOAP+xml']],
      body: `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://schemas.microsoft.com/winrtc/2002/11/sip"><s:Body>${content}</s:Body></s:Envelope>`,
    });
  const add = (delta: string): string =>
    `<m:setContact><m:displayName/><m:groups>1</m:groups><m:subscribed>true</m:subscribed><m:URI>${ben}</m:URI>${delta}</m:setContact>`;

  test('on the ground of an older list is refused with the number of the present one', () => {
    const { server } = testServer();
    const client = new TestClient(server, ana);
    expect(call(client, add('<m:deltaNum>1</m:deltaNum>')).status).toBe(200);
    const refused = call(client, add('<m:deltaNum>1</m:deltaNum>'));
    expect(refused.status).toBe(409);
    expect(refused.body.toString()).toContain('Client.BadCall.WrongDelta');
    expect(refused.body.toString()).toContain('>2</m:deltaNum>');
    expect(call(client, add('<m:deltaNum>2</m:deltaNum>')).status).toBe(200);
  });

  test('without a number is taken as it is', () => {
    const client = new TestClient(testServer().server, ana);
    expect([call(client, add('')).status, call(client, add('')).status]).toEqual([200, 200]);
  });
});
