import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { headerOf, headersOf, type SipResponse } from '../../../../src/ocs/simulator/codec/message.js';
import { DEFAULT_LIMITS } from '../../../../src/ocs/simulator/options.js';
import type { SipServer } from '../../../../src/ocs/simulator/server/sip-server.js';
import type { SipUri } from '../../../../src/presence/ids.js';
import { sip } from '../../../support/people.js';
import { ana, ben, cleo, TestClient, testServer, toTagOf } from '../../../support/simulator-client.js';

const dave = sip('dave@contoso.example');
const BATCH = [
  ['Event', 'presence'],
  ['Require', 'adhoclist'],
  ['Accept', 'application/rlmi+xml, multipart/related, text/xml+msrtc.pidf'],
  ['Supported', 'ms-benotify, ms-piggyback-first-notify'],
  ['Content-Type', 'application/adrl+xml'],
] as const;

const lcsServer = () => testServer({ dialect: 'lcs2005' });

function list(client: TestClient, actions: string, toTag?: string): SipResponse {
  return client.request('SUBSCRIBE', {
    callId: 'list',
    ...(toTag === undefined ? {} : { toTag }),
    headers: BATCH,
    body: `<adhoclist xmlns="urn:ietf:params:xml:ns:adrl" uri="${client.user}" name="${client.user}">${actions}</adhoclist>`,
  });
}

const of = (action: string, ...people: readonly string[]): string =>
  `<${action} xmlns="">${people.map((uri) => `<resource uri="${uri}"/>`).join('')}</${action}>`;

function soap(client: TestClient, call: string): SipResponse {
  return client.request('SERVICE', {
    headers: [['Content-Type', 'application/SOAP+xml']],
    body: `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:m="http://schemas.microsoft.com/winrtc/2002/11/sip"><s:Body>${call}</s:Body></s:Envelope>`,
  });
}

interface Published {
  readonly availability?: number;
  readonly activity?: number;
  readonly userInfo?: string;
  readonly userInput?: string;
}

function setPresence(client: TestClient, published: Published = {}, uri: string = client.user): SipResponse {
  const { availability = 300, activity = 400, userInfo = '', userInput = 'active' } = published;
  return soap(
    client,
    `<m:setPresence><m:presentity xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" m:uri="${uri}"><m:availability m:aggregate="${availability}"/><m:activity m:aggregate="${activity}"/><userInfo xmlns="http://schemas.microsoft.com/2002/09/sip/presence">${userInfo}</userInfo><device xmlns="http://schemas.microsoft.com/2002/09/sip/presence" deviceId="1"><userInput>${userInput}</userInput></device></m:presentity></m:setPresence>`,
  );
}

const userState = (availability: number): string =>
  `<states><state avail="${availability}" since="2026-01-05T08:00:00Z" validWith="any-device" deviceId="1" set="manual" xsi:type="userState">word</state></states>`;

function signedIn(server: SipServer, user: SipUri, epid?: string): TestClient {
  const client = new TestClient(server, user, epid);
  client.register();
  return client;
}

describe('a server of LCS 2005', () => {
  test('says so in the answer to REGISTER', () => {
    const response = new TestClient(lcsServer().server, ana).register();
    expect(headersOf(response, 'supported')).toEqual(['adhoclist']);
    expect(headerOf(response, 'server')).toBe('RTC/2.0');
    expect(headerOf(response, 'allow-events')?.split(',')).toEqual([
      'presence',
      'presence.wpending',
      'vnd-microsoft-provisioning',
      'vnd-microsoft-roaming-ACL',
      'vnd-microsoft-roaming-contacts',
    ]);
  });

  test('refuses events, lists and extensions of OCS 2007', () => {
    const client = new TestClient(lcsServer().server, ana);
    expect(client.request('SUBSCRIBE', { headers: [['Event', 'vnd-microsoft-roaming-self']] }).status).toBe(489);
    const batch = client.watch([ben]);
    expect(batch.status).toBe(420);
    expect(headerOf(batch, 'unsupported')).toBe('categorylist');
    const lenient = client.request('SUBSCRIBE', {
      headers: [
        ['Event', 'presence'],
        ['Content-Type', 'application/msrtc-adrl-categorylist+xml'],
      ],
      body: '<batchSub/>',
    });
    expect(lenient.status).toBe(415);
  });

  test('gives a presentity for each person of a list, and tells changes with the whole document', () => {
    const { server } = lcsServer();
    server.setPerson(dave, {
      availability: 6500,
      activity: 'on-the-phone',
      note: 'A & <B>',
      outOfOffice: true,
      displayName: 'Dave "D" Ünal',
    });
    const client = new TestClient(server, ana);
    const response = list(client, of('create', dave, 'sip:nobody@contoso.example'));
    const body = response.body.toString();
    expect(headerOf(response, 'content-type')).toContain('multipart/related;type="application/rlmi+xml"');
    expect(body).toContain('state="terminated" reason="noresource"');
    expect(body).toContain('Content-Type: text/xml+msrtc.pidf');
    expect(body).toContain(
      '<presentity xmlns="http://schemas.microsoft.com/2002/09/sip/presence" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" uri="dave@contoso.example"><availability aggregate="300"',
    );
    expect(body).toContain('<activity aggregate="500"');
    expect(body).toContain('<note>A &amp; &lt;B&gt;</note><oof/>');
    expect(body).toContain('displayName="Dave &quot;D&quot; Ünal"');
    server.setPerson(dave, { availability: 9500, activity: '', note: '', outOfOffice: false, displayName: 'Dave' });
    const [changed] = client.requests('BENOTIFY');
    expect(changed && headerOf(changed, 'content-type')).toBe('text/xml+msrtc.pidf');
    expect(changed?.body.toString()).toContain('<activity aggregate="600"');
    expect(changed?.body.toString()).toContain('avail="9500"');
  });

  test('adds to a list, takes from it, and replaces it', () => {
    const { server } = lcsServer();
    const client = new TestClient(server, ana);
    const toTag = toTagOf(list(client, of('create', ben)));
    expect(list(client, of('add', cleo), toTag).body.toString()).toContain('cleo@contoso.example');
    expect(list(client, of('delete', ben), toTag).body.length).toBe(0);
    setPresence(signedIn(server, ben));
    expect(client.requests('BENOTIFY')).toHaveLength(0);
    list(client, of('create', ben), toTag);
    setPresence(signedIn(server, cleo));
    expect(client.requests('BENOTIFY')).toHaveLength(0);
    expect(list(client, of('merge', ben), toTag).status).toBe(400);
    expect(list(client, of('add', 'sip:two words@x'), toTag).status).toBe(400);
  });

  test('serves a subscription to one person with a bare presentity', () => {
    const { server } = lcsServer();
    const response = new TestClient(server, ana).request('SUBSCRIBE', {
      to: ben,
      headers: [
        ['Event', 'presence'],
        ['Supported', 'ms-benotify, ms-piggyback-first-notify'],
      ],
    });
    expect(headerOf(response, 'content-type')).toBe('text/xml+msrtc.pidf');
    expect(response.body.toString()).toContain('<availability aggregate="0"');
  });

  test('begins the lifetime of a list anew with each notification, when the client knows of that', async () => {
    const { server, clock } = testServer({ dialect: 'lcs2005', subscriptionSeconds: 600 });
    const lives = new TestClient(server, ana, 'aaaa');
    const response = lives.request('SUBSCRIBE', {
      to: ben,
      headers: [
        ['Event', 'presence'],
        ['Supported', 'com.microsoft.autoextend, ms-benotify, ms-piggyback-first-notify'],
      ],
    });
    expect(headerOf(response, 'supported')).toContain('com.microsoft.autoextend');
    const ends = new TestClient(server, ana, 'bbbb');
    list(ends, of('create', ben));
    await clock.advance(400_000);
    setPresence(signedIn(server, ben));
    await clock.advance(400_000);
    const stateOf = (client: TestClient) =>
      client.requests('BENOTIFY').map((request) => headerOf(request, 'subscription-state'));
    expect(stateOf(lives)).toEqual(['active;expires=600']);
    expect(stateOf(ends)).toEqual(['active;expires=200', 'terminated;expires=0;reason=timeout']);
  });

  test('tells who waits for a word, until the user gives one', () => {
    const { server } = lcsServer();
    const watched = signedIn(server, ben);
    const subscribe = (event: string) =>
      watched.request('SUBSCRIBE', {
        callId: event,
        headers: [
          ['Event', event],
          ['Supported', 'ms-benotify, ms-piggyback-first-notify'],
        ],
      });
    expect(subscribe('presence.wpending').body.toString()).toBe('<watchers/>');
    list(new TestClient(server, ana), of('create', ben));
    expect(watched.requests('BENOTIFY')[0]?.body.toString()).toBe(
      `<watchers><watcher uri="${ana}" displayName="Ana Reyes"/></watchers>`,
    );
    expect(soap(watched, `<m:setACE><m:ace m:type="USER" m:mask="${ana}" m:rights="AA"/></m:setACE>`).status).toBe(200);
    expect(subscribe('vnd-microsoft-roaming-ACL').body.toString()).toContain(`mask="${ana}" rights="AA"`);
  });

  test('shows offline to who is blocked in the access list, and the truth again afterwards', () => {
    const { server } = lcsServer();
    const watched = signedIn(server, ben);
    setPresence(watched, { userInfo: '<note>Secret</note>' });
    const watcher = new TestClient(server, ana);
    expect(list(watcher, of('create', ben)).body.toString()).toContain('Secret');
    const ace = (rights: string) =>
      soap(watched, `<m:setACE><m:ace m:type="USER" m:mask="${ana}" m:rights="${rights}"/></m:setACE>`);
    ace('BB');
    ace('AA');
    const [blocked, again] = watcher.requests('BENOTIFY').map(({ body }) => body.toString());
    expect(blocked).toContain('<availability aggregate="0"');
    expect(blocked).not.toContain('Secret');
    expect(again).toContain('Secret');
  });

  test('answers a look at one person', () => {
    const { server } = lcsServer();
    setPresence(signedIn(server, ben), { activity: 600 });
    const client = new TestClient(server, ana);
    const look = (uri: string) => soap(client, `<m:getPresence><m:presentity m:uri="${uri}"/></m:getPresence>`);
    expect(look(ben).body.toString()).toContain('<activity aggregate="600"');
    expect(look('sip:nobody@contoso.example').status).toBe(404);
  });
});

describe('setPresence', () => {
  test.each([
    ['active', {}, 3500],
    ['offline', { availability: 0, activity: 100 }, 18_500],
    ['offline, whatever the states say', { availability: 0, userInfo: userState(6500) }, 18_500],
    ['away', { activity: 100 }, 15_500],
    ['out to lunch', { activity: 150 }, 15_500],
    ['idle', { activity: 200 }, 5000],
    ['be right back', { activity: 300 }, 12_500],
    ['in a call', { activity: 500 }, 6500],
    ['busy', { activity: 600 }, 6500],
    ['do not disturb, which only the states can say', { activity: 600, userInfo: userState(9500) }, 9500],
    ['the state of the user on an idle machine', { activity: 600, userInfo: userState(6500), userInput: 'idle' }, 7500],
    ['away because nobody touches the machine', { activity: 100, userInput: 'idle' }, 15_500],
    [
      'an available user whose machine nobody touches',
      { activity: 100, userInfo: userState(3500), userInput: 'idle' },
      15_500,
    ],
  ] as const)('%s', (_title, published, availability) => {
    const { server } = lcsServer();
    expect(setPresence(signedIn(server, ben), published).status).toBe(200);
    expect(server.presenceOf(ben)?.availability).toBe(availability);
  });

  test('replaces note and state as a whole', () => {
    const { server } = lcsServer();
    const client = signedIn(server, ben);
    setPresence(client, { userInfo: `<note>Back on Monday</note><oof/>${userState(15_500)}` });
    expect(server.presenceOf(ben)).toMatchObject({ note: 'Back on Monday', outOfOffice: true, availability: 15_500 });
    setPresence(client);
    expect(server.presenceOf(ben)).toMatchObject({ note: '', outOfOffice: false, availability: 3500 });
  });

  test('gives the states back to the user, whose other clients must keep them', () => {
    const { server } = lcsServer();
    const client = signedIn(server, ben);
    setPresence(client, { userInfo: userState(6500) });
    expect(list(client, of('create', ben)).body.toString()).toContain('set="manual" xmlns:xsi=');
    expect(list(new TestClient(server, ana), of('create', ben)).body.toString()).not.toContain('set="manual"');
  });

  test('for somebody else, without an address, or with too long a text is refused', () => {
    const { server } = lcsServer();
    const client = signedIn(server, ben);
    expect(setPresence(client, {}, ana).status).toBe(403);
    expect(setPresence(client, {}, '').status).toBe(400);
    expect(setPresence(client, { userInfo: `<note>${'x'.repeat(1025)}</note>` }).status).toBe(400);
    expect(server.presenceOf(ben)?.availability).toBe(18_500);
  });

  test('is answered, whatever a client sends in its place', () => {
    const { server } = lcsServer();
    const client = signedIn(server, ben);
    const word = fc.constantFrom('', '0', '-1', '300', '1e9', 'NaN', '9'.repeat(400), 'x"<&>');
    const element = fc.constantFrom(
      'setPresence',
      'getPresence',
      'setACE',
      'presentity',
      'availability',
      'userInfo',
      'states',
      'state',
      'ace',
      'note',
    );
    const tree = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { maxDepth: 5 },
        word.map((text) => text.replace(/[<&]/g, '')),
        fc.tuple(element, word, fc.array(tie('node'), { maxLength: 4 })).map(([name, value, children]) => {
          const attributes = ['uri', 'aggregate', 'avail', 'type', 'mask', 'rights'].map(
            (key) => `${key}="${name === 'presentity' && key === 'uri' ? ben : value.replace(/["<&]/g, '')}"`,
          );
          return `<${name} ${attributes.join(' ')}>${children.join('')}</${name}>`;
        }),
      ),
    })).node;
    fc.assert(
      fc.property(tree, (body) => {
        expect([200, 400, 403, 404]).toContain(soap(client, body).status);
        expect([200, 400]).toContain(list(client, body.replace(/presentity|userInfo/g, 'create')).status);
        expect(server.presenceOf(ben)?.availability).toBeGreaterThanOrEqual(3000);
      }),
    );
  });

  test('takes no more decisions about watchers than a contact list has room', () => {
    const { server } = testServer({ dialect: 'lcs2005', limits: { ...DEFAULT_LIMITS, contacts: 2 } });
    const client = signedIn(server, ben);
    const ace = (uri: string) => soap(client, `<m:setACE><m:ace m:mask="${uri}" m:rights="BB"/></m:setACE>`).status;
    expect([ace(ana), ace(cleo), ace('sip:eve@contoso.example')]).toEqual([200, 200, 403]);
  });

  test('ends with its endpoint', () => {
    const { server } = lcsServer();
    const client = signedIn(server, ben);
    setPresence(client);
    client.close();
    expect(server.presenceOf(ben)?.availability).toBe(18_500);
  });

  test('is seen by watchers with categories, as what they publish is seen by older ones', () => {
    const { server } = testServer();
    const old = signedIn(server, ben);
    const modern = signedIn(server, cleo);
    const oldWatcher = new TestClient(server, ana, 'aaaa');
    list(oldWatcher, of('create', ben, cleo));
    const modernWatcher = new TestClient(server, ana, 'bbbb');
    modernWatcher.watch([ben, cleo]);
    setPresence(old, { activity: 600, userInfo: `<note>Reading</note>${userState(9500)}` });
    modern.publishState(12_500);
    const textOf = (client: TestClient) => client.requests('BENOTIFY').map(({ body }) => body.toString());
    expect(textOf(modernWatcher)[0]).toContain('<availability>9500</availability>');
    expect(textOf(modernWatcher)[0]).toContain('Reading');
    expect(textOf(modernWatcher)[1]).toContain('<availability>12500</availability>');
    expect(textOf(oldWatcher)[0]).toContain('avail="9500"');
    expect(textOf(oldWatcher)[1]).toContain('<activity aggregate="300"');
  });

  test('tells the versions of its publications to the other endpoints of the user', () => {
    const { server } = testServer();
    const modern = signedIn(server, ben, 'aaaa');
    modern.request('SUBSCRIBE', {
      headers: [
        ['Event', 'vnd-microsoft-roaming-self'],
        ['Supported', 'ms-benotify'],
      ],
    });
    const before = modern.requests('BENOTIFY').length;
    setPresence(signedIn(server, ben, 'bbbb'), { activity: 600, userInfo: userState(6500) });
    const told = modern.requests('BENOTIFY').slice(before);
    expect(told[0]?.body.toString()).toContain('instance="536870912"');
  });
});
