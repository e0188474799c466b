import { describe, expect, test } from 'vitest';
import { headerOf, headersOf, type SipRequest, type SipResponse } from '../../../../src/ocs/simulator/codec/message.js';
import { ana, ben, cleo, TestClient, testServer } from '../../../support/simulator-client.js';

function signedIn(server: ReturnType<typeof testServer>['server'], user: typeof ana, epid: string): TestClient {
  const client = new TestClient(server, user, epid);
  client.register();
  return client;
}

const responses = (client: TestClient, method: string): number[] =>
  client.received
    .filter((message): message is SipResponse => message.kind === 'response')
    .filter((message) => headerOf(message, 'cseq')?.endsWith(method))
    .map(({ status }) => status);

const only = (client: TestClient, method: string): SipRequest => {
  const [request, ...more] = client.requests(method);
  if (!request || more.length > 0) throw new Error(`${more.length + 1} requests ${method}`);
  return request;
};

describe('a request to a contact that says no connection', () => {
  const contact = (opaque: string) => `sip:10.20.0.7:50412;transport=tls;ms-opaque=${opaque}`;
  const registeredAs = (server: ReturnType<typeof testServer>['server'], opaque: string): TestClient => {
    const client = new TestClient(server, ben, opaque);
    client.request('REGISTER', { headers: [['Contact', `<${contact(opaque)}>;proxy=replace`]] });
    return client;
  };
  const toOpaque = { to: ben, uri: contact('0b'), headers: [['Max-Forwards', '70']] } as const;

  test('reaches the endpoint whose contact has this opaque part', () => {
    const { server } = testServer();
    const caller = signedIn(server, ana, 'aaaa');
    const [other, named] = [registeredAs(server, '0a'), registeredAs(server, '0b')];
    caller.deliver(caller.build('INFO', toOpaque));
    expect(only(named, 'INFO').uri).toContain('ms-opaque=0b;ms-received-cid=');
    expect(other.requests('INFO')).toEqual([]);
  });

  test('reaches nobody once that endpoint is gone', () => {
    const { server } = testServer();
    const caller = signedIn(server, ana, 'aaaa');
    registeredAs(server, '0b').close();
    expect(caller.request('INFO', toOpaque).status).toBe(404);
  });
});

describe('a relayed INVITE', () => {
  const invite = {
    to: ben,
    callId: 'talk',
    cseq: 1,
    body: 'v=0\r\n',
    headers: [
      ['Content-Type', 'application/sdp'],
      ['Authorization', 'NTLM x="y"'],
      ['Max-Forwards', '70'],
    ],
  } as const;

  test('reaches the other person with the route and the sender asserted, and no foreign credentials', () => {
    const { server } = testServer();
    const caller = signedIn(server, ana, 'aaaa');
    const called = signedIn(server, ben, 'bbbb');
    caller.deliver(caller.build('INVITE', invite));
    const received = only(called, 'INVITE');
    expect(received.uri).toContain('ms-received-cid=');
    expect(headersOf(received, 'via')).toHaveLength(2);
    expect(headersOf(received, 'via')[1]).toContain('ms-received-port=50412');
    expect(headerOf(received, 'record-route')).toBe('<sip:ocs01.contoso.example:5061;transport=tls;opaque=state:F;lr>');
    expect(headerOf(received, 'p-asserted-identity')).toBe('"Ana Reyes"<sip:ana@contoso.example>');
    expect(headerOf(received, 'max-forwards')).toBe('69');
    expect(headerOf(received, 'authorization')).toBeUndefined();
    called.answer(received, 180);
    called.answer(received, 200, [['Contact', `<${ben};opaque=user:epid:x;gruu>`]]);
    expect(responses(caller, 'INVITE')).toEqual([100, 180, 200]);
    const answer = caller.received.at(-1);
    expect(answer && headersOf(answer, 'via')).toHaveLength(1);
    expect(answer && headerOf(answer, 'p-asserted-identity')).toBe('"Ben Okoro"<sip:ben@contoso.example>');
  });

  test('is followed by ACK, MESSAGE, INFO and BYE to the endpoint that answered', () => {
    const { server } = testServer();
    const caller = signedIn(server, ana, 'aaaa');
    const called = signedIn(server, ben, 'bbbb');
    const other = signedIn(server, ben, 'cccc');
    caller.deliver(caller.build('INVITE', invite));
    called.answer(only(called, 'INVITE'), 200);
    const gruu = /gruu="([^"]+)"/.exec(headerOf(called.register(), 'contact') ?? '')?.[1] ?? '';
    const route = [['Route', '<sip:ocs01.contoso.example:5061;transport=tls;opaque=state:F;lr>;tag=x']] as const;
    for (const [cseq, method] of ['ACK', 'MESSAGE', 'INFO', 'BYE'].entries()) {
      caller.deliver(caller.build(method, { to: ben, uri: gruu, callId: 'talk', cseq: cseq + 1, headers: route }));
      const received = only(called, method);
      expect(headerOf(received, 'route')).toBeUndefined();
      if (method !== 'ACK') called.answer(received, 200);
    }
    expect(['MESSAGE', 'INFO', 'BYE'].map((method) => responses(caller, method))).toEqual([[200], [200], [200]]);
    expect(['ACK', 'MESSAGE', 'INFO', 'BYE'].flatMap((method) => other.requests(method))).toEqual([]);
    expect(server.counters.messages).toBe(1);
  });

  test('rings at every endpoint; the first to answer wins and the others are cancelled', () => {
    const { server } = testServer();
    const caller = signedIn(server, ana, 'aaaa');
    const desk = signedIn(server, ben, 'bbbb');
    const laptop = signedIn(server, ben, 'cccc');
    caller.deliver(caller.build('INVITE', invite));
    laptop.answer(only(laptop, 'INVITE'), 200);
    const cancel = only(desk, 'CANCEL');
    expect(headersOf(cancel, 'via')).toEqual(headersOf(only(desk, 'INVITE'), 'via').slice(0, 1));
    desk.answer(only(desk, 'INVITE'), 487);
    expect(headerOf(only(desk, 'ACK'), 'cseq')).toBe('1 ACK');
    expect(responses(caller, 'INVITE')).toEqual([100, 200]);
  });

  test('that is refused everywhere ends with the best refusal; its ACK goes no further', () => {
    const { server } = testServer();
    const caller = signedIn(server, ana, 'aaaa');
    const called = signedIn(server, ben, 'bbbb');
    caller.deliver(caller.build('INVITE', invite));
    called.answer(only(called, 'INVITE'), 486);
    expect(responses(caller, 'INVITE')).toEqual([100, 486]);
    expect(called.requests('ACK')).toHaveLength(1);
    caller.deliver(caller.build('ACK', { to: ben, callId: 'talk', cseq: 1 }));
    expect(called.requests('ACK')).toHaveLength(1);
  });

  test('can be cancelled by the caller', () => {
    const { server } = testServer();
    const caller = signedIn(server, ana, 'aaaa');
    const called = signedIn(server, ben, 'bbbb');
    caller.deliver(caller.build('INVITE', invite));
    expect(caller.request('CANCEL', { to: ben, callId: 'talk', cseq: 1 }).status).toBe(200);
    expect(called.requests('CANCEL')).toHaveLength(1);
    called.answer(only(called, 'INVITE'), 487);
    expect(responses(caller, 'INVITE')).toEqual([100, 487]);
    expect(caller.request('CANCEL', { to: ben, callId: 'talk', cseq: 1 }).status).toBe(481);
  });

  test('ends when the called endpoint is gone', () => {
    const { server } = testServer();
    const caller = signedIn(server, ana, 'aaaa');
    const called = signedIn(server, ben, 'bbbb');
    caller.deliver(caller.build('INVITE', invite));
    called.close();
    expect(responses(caller, 'INVITE')).toEqual([100, 480]);
  });

  test('that nobody answers times out', async () => {
    const { server, clock } = testServer();
    const caller = signedIn(server, ana, 'aaaa');
    const called = signedIn(server, ben, 'bbbb');
    caller.deliver(caller.build('INVITE', invite));
    await clock.advance(200_000);
    expect(responses(caller, 'INVITE')).toEqual([100, 408]);
    expect(called.requests('CANCEL')).toHaveLength(1);
  });

  test.each([
    ['a person who is not signed in', cleo, 480],
    ['nobody we know', 'sip:ocschat@contoso.example', 404],
  ])('to %s is refused', (_title, to, status) => {
    const { server } = testServer();
    const caller = signedIn(server, ana, 'aaaa');
    expect(caller.request('INVITE', { ...invite, to }).status).toBe(status);
  });

  test('without hops left is refused', () => {
    const { server } = testServer();
    const caller = signedIn(server, ana, 'aaaa');
    signedIn(server, ben, 'bbbb');
    expect(caller.request('INVITE', { ...invite, headers: [['Max-Forwards', '0']] }).status).toBe(483);
  });
});

describe('an answer', () => {
  test('of somebody who was not asked is ignored', () => {
    const { server } = testServer();
    const caller = signedIn(server, ana, 'aaaa');
    const called = signedIn(server, ben, 'bbbb');
    caller.deliver(caller.build('MESSAGE', { to: ben, callId: 'page', cseq: 1 }));
    const request = only(called, 'MESSAGE');
    signedIn(server, cleo, 'cccc').answer(request, 200);
    expect(responses(caller, 'MESSAGE')).toEqual([]);
    called.answer(request, 200);
    called.answer(request, 200);
    expect(responses(caller, 'MESSAGE')).toEqual([200]);
  });
});

test('a relay that is cleared leaves no timer behind, refused INVITEs included', () => {
  const { server, clock } = testServer();
  const caller = signedIn(server, ana, 'aaaa');
  const called = signedIn(server, ben, 'bbbb');
  caller.deliver(caller.build('INVITE', { to: ben, callId: 'refused', cseq: 1 }));
  called.answer(only(called, 'INVITE'), 486);
  caller.deliver(caller.build('INVITE', { to: ben, callId: 'waiting', cseq: 1 }));
  server.close();
  expect(clock.pendingTimers).toBe(0);
});
