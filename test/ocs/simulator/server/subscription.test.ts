import { describe, expect, test } from 'vitest';
import { headerOf } from '../../../../src/ocs/simulator/codec/message.js';
import { DEFAULT_LIMITS } from '../../../../src/ocs/simulator/options.js';
import type { SimulatedPresence } from '../../../../src/ocs/simulator/presence/simulated-presence.js';
import { sip } from '../../../support/people.js';
import { ana, ben, cleo, TestClient, testServer, toTagOf } from '../../../support/simulator-client.js';

const dave = sip('dave@contoso.example');
const presence: SimulatedPresence = {
  availability: 6500,
  activity: 'in-a-meeting',
  note: 'Room <4> & more',
  outOfOffice: false,
  displayName: 'Dave Ünal',
};

describe('a batched subscription', () => {
  test('brings the first state of everybody in the response, unknown people as terminated', () => {
    const { server } = testServer();
    server.setPerson(dave, presence);
    const response = new TestClient(server, ana).watch([dave, ben, 'sip:nobody@contoso.example']);
    const body = response.body.toString();
    expect(response.status).toBe(200);
    expect(headerOf(response, 'content-type')).toMatch(
      /^multipart\/related;type="application\/rlmi\+xml";start=resourceList;boundary=/,
    );
    expect(headerOf(response, 'ms-piggyback-cseq')).toBe('1');
    expect(headerOf(response, 'subscription-state')).toBe('active;expires=28800');
    expect(body).toContain(
      '<resource uri="sip:nobody@contoso.example"><instance id="0" state="terminated" reason="noresource"/>',
    );
    expect(body).toContain(
      '<availability>6500</availability><activity token="in-a-meeting" minAvailability="6500" maxAvailability="8999"/>',
    );
    expect(body).toContain('Room &lt;4&gt; &amp; more');
    expect(body).toContain('uri="sip:ben@contoso.example"><category name="state" instance="1"');
    expect(body).toContain('<availability>18500</availability>');
  });

  test('is told of changes by BENOTIFY, only of what changed and only of who is watched', () => {
    const { server } = testServer();
    server.setPerson(dave, presence);
    const client = new TestClient(server, ana);
    client.watch([dave]);
    server.setPerson(dave, { ...presence, availability: 9500, activity: '' });
    server.setPerson(dave, { ...presence, availability: 9500, activity: '', note: '' });
    server.setPerson(sip('eve@contoso.example'), presence);
    const [first, second, ...more] = client.requests('BENOTIFY');
    expect(first && headerOf(first, 'cseq')).toBe('2 BENOTIFY');
    expect(first?.body.toString()).toContain('<availability>9500</availability>');
    expect(first?.body.toString()).not.toContain('name="note"');
    expect(second?.body.toString()).toContain('<category name="note"/>');
    expect(more).toEqual([]);
    expect(server.counters.benotifies).toBe(2);
  });

  test('adds and removes people within its dialog', () => {
    const { server } = testServer();
    server.setPerson(dave, presence);
    const client = new TestClient(server, ana);
    const toTag = toTagOf(client.watch([ben]));
    expect(client.watch([dave], { toTag }).body.toString()).toContain('6500');
    expect(client.watch([dave], { toTag, action: 'unsubscribe' }).body.length).toBe(0);
    server.setPerson(dave, { ...presence, availability: 3500 });
    expect(client.requests('BENOTIFY')).toEqual([]);
  });

  test('is refused as a whole when one address is malformed', () => {
    const { server } = testServer();
    const client = new TestClient(server, ana);
    expect(client.watch([ben, 'sip:two words@contoso.example']).status).toBe(400);
    const watched = new TestClient(server, ben);
    watched.register();
    watched.publishState(3500);
    expect(client.requests('BENOTIFY')).toEqual([]);
  });

  test('is refused beyond the limit of people', () => {
    const { server } = testServer({ limits: { ...DEFAULT_LIMITS, resourcesPerBatch: 2 } });
    const response = new TestClient(server, ana).watch([ben, cleo, dave]);
    expect(response.status).toBe(403);
    expect(headerOf(response, 'ms-diagnostics')).toMatch(/^2012;/);
  });

  test('ends with Expires 0, and its dialog is unknown afterwards', () => {
    const { server } = testServer();
    const client = new TestClient(server, ana);
    const toTag = toTagOf(client.watch([ben]));
    const end = {
      toTag,
      callId: 'watching',
      headers: [
        ['Event', 'presence'],
        ['Expires', '0'],
      ] as const,
    };
    expect(headerOf(client.request('SUBSCRIBE', end), 'subscription-state')).toBe('terminated;expires=0');
    expect(client.request('SUBSCRIBE', end).status).toBe(481);
  });

  test('ends by itself when it is not renewed, and says so', async () => {
    const { server, clock } = testServer({ subscriptionSeconds: 600 });
    server.setPerson(dave, presence);
    const client = new TestClient(server, ana);
    client.watch([dave]);
    await clock.advance(599_000);
    expect(client.requests('BENOTIFY')).toEqual([]);
    await clock.advance(2000);
    const [last] = client.requests('BENOTIFY');
    expect(last && headerOf(last, 'subscription-state')).toMatch(/^terminated/);
    server.setPerson(dave, { ...presence, availability: 3500 });
    expect(client.requests('BENOTIFY')).toHaveLength(1);
  });

  test('is kept alive by a renewal in its dialog, which repeats the state', async () => {
    const { server, clock } = testServer({ subscriptionSeconds: 600 });
    server.setPerson(dave, presence);
    const client = new TestClient(server, ana);
    const toTag = toTagOf(client.watch([dave]));
    await clock.advance(500_000);
    const renewed = client.request('SUBSCRIBE', {
      toTag,
      callId: 'watching',
      headers: [
        ['Event', 'presence'],
        ['Supported', 'ms-benotify, ms-piggyback-first-notify'],
        ['Require', 'adhoclist'],
      ],
    });
    expect(renewed.body.toString()).toContain('<availability>6500</availability>');
    await clock.advance(500_000);
    expect(client.requests('BENOTIFY')).toEqual([]);
  });

  test('ends with the connection', () => {
    const { server } = testServer();
    const client = new TestClient(server, ana);
    client.watch([dave, ben]);
    client.close();
    server.setPerson(ben, presence);
    expect(client.requests('BENOTIFY')).toEqual([]);
  });

  test('by somebody blocked shows offline and nothing else, at once', () => {
    const { server } = testServer();
    const watched = new TestClient(server, ben);
    watched.register();
    watched.publishState(3500);
    const before = new TestClient(server, ana);
    before.watch([ben]);
    watched.request('SERVICE', {
      headers: [['Content-Type', 'application/msrtc-setcontainermembers+xml']],
      body: `<setContainerMembers><container id="32000" version="0"><member action="add" type="user" value="${ana}"/></container></setContainerMembers>`,
    });
    expect(new TestClient(server, ana).watch([ben]).body.toString()).toContain('<availability>18500</availability>');
    expect(before.requests('BENOTIFY').at(-1)?.body.toString()).toContain('<availability>18500</availability>');
    expect(new TestClient(server, cleo).watch([ben]).body.toString()).toContain('<availability>3500</availability>');
  });
});

describe('a single subscription', () => {
  const headers = [
    ['Event', 'presence'],
    ['Supported', 'ms-benotify, ms-piggyback-first-notify'],
  ] as const;

  test('to a person brings the bare document', () => {
    const { server } = testServer();
    server.setPerson(dave, presence);
    const response = new TestClient(server, ana).request('SUBSCRIBE', { to: dave, headers });
    expect(headerOf(response, 'content-type')).toBe('application/msrtc-event-categories+xml');
    expect(response.body.toString()).toContain('<displayName>Dave Ünal</displayName>');
  });

  test('to somebody unknown is refused', () => {
    const { server } = testServer();
    expect(new TestClient(server, ana).request('SUBSCRIBE', { to: 'sip:no@contoso.example', headers }).status).toBe(
      404,
    );
  });
});

describe('a client that does not know BENOTIFY', () => {
  test('gets NOTIFY one after the other, each when the last was answered', () => {
    const { server } = testServer();
    server.setPerson(dave, presence);
    const client = new TestClient(server, ana);
    expect(client.watch([dave], { supported: 'eventlist' }).body.length).toBe(0);
    server.setPerson(dave, { ...presence, availability: 3500, activity: '' });
    const [first, ...early] = client.requests('NOTIFY');
    expect(first?.body.toString()).toContain('<availability>6500</availability>');
    expect(early).toEqual([]);
    if (first) client.answer(first, 200);
    expect(client.requests('NOTIFY')[1]?.body.toString()).toContain('<availability>3500</availability>');
  });

  test('loses the subscription when it answers 481 or not at all', async () => {
    for (const reply of ['refuses', 'is silent'] as const) {
      const { server, clock } = testServer();
      server.setPerson(dave, presence);
      const client = new TestClient(server, ana);
      client.watch([dave], { supported: 'eventlist' });
      const [first] = client.requests('NOTIFY');
      if (reply === 'refuses' && first) client.answer(first, 481);
      else await clock.advance(33_000);
      server.setPerson(dave, { ...presence, availability: 3500 });
      expect(client.requests('NOTIFY')).toHaveLength(1);
    }
  });
});

describe('subscriptions to own events', () => {
  const event = (name: string, extra: readonly (readonly [string, string])[] = []) => ({
    callId: name,
    headers: [['Event', name], ['Supported', 'ms-benotify, ms-piggyback-first-notify'], ...extra] as const,
  });

  test('bring contact list, provisioning and own data', () => {
    const { server } = testServer();
    const client = new TestClient(server, ana);
    const contacts = client.request('SUBSCRIBE', event('vnd-microsoft-roaming-contacts'));
    expect(contacts.body.toString()).toBe(
      '<contactList deltaNum="1"><group id="1" name="~" externalURI=""/></contactList>',
    );
    const provisioning = client.request('SUBSCRIBE', {
      ...event('vnd-microsoft-provisioning-v2', [['Expires', '0']]),
      body: '<provisioningGroupList><provisioningGroup name="ServerConfiguration"/></provisioningGroupList>',
    });
    expect(headerOf(provisioning, 'subscription-state')).toBe('terminated;expires=0');
    expect(provisioning.body.toString()).toContain('<provisionGroup name="ServerConfiguration"/>');
    const self = client.request('SUBSCRIBE', event('vnd-microsoft-roaming-self'));
    expect(self.body.toString()).toMatch(/<categories .*<containers .*<subscribers /);
  });

  test('of somebody else are refused, and unknown events too', () => {
    const { server } = testServer();
    const client = new TestClient(server, ana);
    expect(client.request('SUBSCRIBE', { ...event('vnd-microsoft-roaming-self'), to: ben }).status).toBe(400);
    const unknown = client.request('SUBSCRIBE', event('dialog'));
    expect(unknown.status).toBe(489);
    expect(headerOf(unknown, 'allow-events')).toContain('presence');
  });

  test('a new watcher is announced until confirmed', () => {
    const { server } = testServer();
    const watched = new TestClient(server, ben);
    watched.request('SUBSCRIBE', event('vnd-microsoft-roaming-self'));
    const watcher = new TestClient(server, ana);
    const add = (callId: string): void => {
      watcher.request('SUBSCRIBE', {
        callId,
        headers: [
          ['Event', 'presence'],
          ['Require', 'adhoclist'],
        ],
        body: `<batchSub><action name="subscribe" id="1"><adhocList><resource uri="${ben}"><context/></resource></adhocList></action></batchSub>`,
      });
    };
    add('first');
    expect(watched.requests('BENOTIFY')[0]?.body.toString()).toContain(
      '<subscriber user="ana@contoso.example" displayName="Ana Reyes" acknowledged="false" type="sameEnterprise"/>',
    );
    watched.request('SERVICE', {
      headers: [['Content-Type', 'application/msrtc-presence-setsubscriber+xml']],
      body: '<setSubscribers><subscriber user="ana@contoso.example" acknowledged="true"/></setSubscribers>',
    });
    add('second');
    expect(watched.requests('BENOTIFY')).toHaveLength(1);
  });
});
