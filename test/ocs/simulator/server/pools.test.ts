import { describe, expect, test } from 'vitest';
import { headerOf, type SipResponse } from '../../../../src/ocs/simulator/codec/message.js';
import { type SimulatorPool, settingsOf } from '../../../../src/ocs/simulator/options.js';
import { Pools } from '../../../../src/ocs/simulator/server/pools.js';
import type { SipServer } from '../../../../src/ocs/simulator/server/sip-server.js';
import type { SipUri } from '../../../../src/presence/ids.js';
import { silentLog } from '../../../support/silent-log.js';
import { SimulatedClock, seededRandom } from '../../../support/simulated-clock.js';
import { ana, ben, cleo, TestClient, testAccount, testServer, toTagOf } from '../../../support/simulator-client.js';

const DIRECTOR = { hostName: 'director.contoso.example', director: true };
const POOL1 = { hostName: 'pool1.contoso.example' };
const POOL2 = { hostName: 'pool2.contoso.example' };
const LEGACY = { hostName: 'legacy.contoso.example', dialect: 'lcs2005' } as const;
const POOL2_URI = 'sip:pool2.contoso.example:5061;transport=tls';
const busy = { availability: 6500, activity: '', note: '', outOfOffice: false, displayName: 'Ben Okoro' };

/** Ana is at home on the first pool that is none of directors, Ben on the second, Cleo on the third. */
function site(pools: readonly SimulatorPool[] = [DIRECTOR, POOL1, POOL2, LEGACY]) {
  return testServer({
    pools,
    accounts: [
      testAccount(ana, 'Ana Reyes'),
      { ...testAccount(ben, 'Ben Okoro'), pool: POOL2.hostName },
      { ...testAccount(cleo, 'Cleo Lind'), pool: LEGACY.hostName },
    ],
  });
}

function clientAt(server: SipServer, user: SipUri, hostName: string, epid?: string): TestClient {
  const pool = server.pools.find((one) => one.hostName === hostName);
  if (!pool) throw new Error(`there is no ${hostName}`);
  const client = new TestClient(server, user, epid);
  server.connected(client, pool);
  return client;
}

/** A batch to a pool that a list named. */
function watchAt(client: TestClient, pool: string, people: readonly string[]): SipResponse {
  return client.request('SUBSCRIBE', {
    to: pool,
    callId: `at ${pool}`,
    headers: [
      ['Event', 'presence'],
      ['Require', 'adhoclist, categoryList'],
      ['Supported', 'ms-benotify, ms-piggyback-first-notify'],
      ['Content-Type', 'application/msrtc-adrl-categorylist+xml'],
    ],
    body: `<batchSub xmlns="http://schemas.microsoft.com/2006/01/sip/batch-subscribe"><action name="subscribe" id="1"><adhocList>${people.map((uri) => `<resource uri="${uri}"/>`).join('')}</adhocList><categoryList><category name="state"/></categoryList></action></batchSub>`,
  });
}

describe('REGISTER at a site of several pools', () => {
  test('is served by the home pool', () => {
    const { server } = site();
    expect(clientAt(server, ana, POOL1.hostName).register().status).toBe(200);
    expect(clientAt(server, ben, POOL2.hostName).register().status).toBe(200);
  });

  test('is sent on by a director and by a wrong pool, which keep no registration', () => {
    const { server } = site();
    for (const hostName of [DIRECTOR.hostName, POOL1.hostName]) {
      const response = clientAt(server, ben, hostName).register();
      expect(response.status).toBe(301);
      expect(headerOf(response, 'contact')).toBe('<sip:pool2.contoso.example:5061;transport=tls>');
    }
    expect(server.counters.redirects).toBe(2);
    expect(server.presenceOf(ben)?.availability).toBe(18_500);
  });

  test('is sent to the port that is open, under the name that DNS knows', () => {
    const { server } = site([DIRECTOR, POOL1, { ...POOL2, contactHost: '127.0.0.1' }, LEGACY]);
    const pool = server.pools.find(({ hostName }) => hostName === POOL2.hostName);
    if (pool) pool.ports.TLS = 40_123;
    const response = clientAt(server, ben, DIRECTOR.hostName).register();
    expect(headerOf(response, 'contact')).toBe('<sip:127.0.0.1:40123;transport=tls>');
  });

  test('speaks the dialect of the pool', () => {
    const { server } = site();
    expect(headerOf(clientAt(server, ana, POOL1.hostName).register(), 'server')).toBe('RTC/3.5');
    expect(headerOf(clientAt(server, cleo, LEGACY.hostName).register(), 'server')).toBe('RTC/2.0');
  });
});

describe('a batch at a site of several pools', () => {
  test('serves its own people, and says where to ask for others', () => {
    const { server } = site();
    const body = clientAt(server, ana, POOL1.hostName).watch([ana, ben, cleo]).body.toString();
    expect(body).toContain(`<resource uri="${ana}"><instance id="0" state="active"`);
    expect(body).toContain(
      `<resource uri="${ben}"><instance id="0" state="resubscribe" poolFqdn="${POOL2_URI}"/></resource>`,
    );
    expect(body).toContain(`<resource uri="${cleo}"><instance id="0" state="resubscribe"/></resource>`);
  });

  test('to another pool is served there, and its dialog goes on', () => {
    const { server } = site();
    const client = clientAt(server, ana, POOL1.hostName);
    const response = watchAt(client, POOL2_URI, [ben, ana]);
    const body = response.body.toString();
    expect(headerOf(response, 'contact')).toContain('sip:pool2.contoso.example:');
    expect(body).toContain(`<resource uri="${ben}"><instance id="0" state="active"`);
    expect(body).toContain('poolFqdn="sip:pool1.contoso.example:5061;transport=tls"');
    server.setPerson(ben, busy);
    expect(client.requests('BENOTIFY')[0]?.body.toString()).toContain('6500');
  });

  test('by somebody of LCS 2005 names no pool', () => {
    const { server } = site();
    const body = clientAt(server, cleo, LEGACY.hostName)
      .request('SUBSCRIBE', {
        headers: [
          ['Event', 'presence'],
          ['Require', 'adhoclist'],
          ['Supported', 'ms-piggyback-first-notify'],
          ['Content-Type', 'application/adrl+xml'],
        ],
        body: `<adhoclist><create><resource uri="${ben}"/><resource uri="${cleo}"/></create></adhoclist>`,
      })
      .body.toString();
    expect(body).toContain(`<resource uri="${ben}"><instance id="0" state="resubscribe"/></resource>`);
    expect(body).toContain(`<resource uri="${cleo}"><instance id="0" state="active"`);
  });

  test('leaves somebody of LCS 2005 to a subscription of its own, served in either form', () => {
    const { server } = site();
    const client = clientAt(server, ana, POOL1.hostName);
    const single = (accept: string) =>
      client.request('SUBSCRIBE', {
        to: cleo,
        callId: accept,
        headers: [
          ['Event', 'presence'],
          ['Accept', accept],
          ['Supported', 'ms-piggyback-first-notify'],
        ],
      });
    const both = 'application/msrtc-event-categories+xml, text/xml+msrtc.pidf';
    expect(headerOf(single(both), 'content-type')).toBe('text/xml+msrtc.pidf');
    const categories = 'application/msrtc-event-categories+xml';
    expect(headerOf(single(categories), 'content-type')).toBe(categories);
  });

  test('says of people of other companies that they need a subscription, which is served', () => {
    const { server } = site();
    server.movePerson(cleo, { kind: 'federated' });
    const client = clientAt(server, ana, POOL1.hostName);
    expect(client.watch([cleo]).body.toString()).toContain('state="resubscribe"/>');
    const single = client.request('SUBSCRIBE', {
      to: cleo,
      callId: 'single',
      headers: [
        ['Event', 'presence'],
        ['Supported', 'ms-piggyback-first-notify'],
      ],
    });
    expect(single.body.toString()).toContain('<availability>18500</availability>');
    expect(clientAt(server, cleo, LEGACY.hostName).register().status).toBe(404);
  });
});

describe('moving somebody to another pool', () => {
  test('ends their registrations with "deactivated", after which the old pool sends them on', () => {
    const { server } = site();
    const client = clientAt(server, ana, POOL1.hostName);
    client.register();
    client.publishState(3500);
    server.movePerson(ana, { kind: 'pool', hostName: POOL2.hostName });
    const [notice] = client.requests('NOTIFY');
    expect(notice?.body.toString()).toBe('deregistered;event=deactivated');
    expect(server.presenceOf(ana)?.availability).toBe(18_500);
    expect(client.register().status).toBe(301);
    expect(clientAt(server, ana, POOL2.hostName).register().status).toBe(200);
  });

  test('tells lists where to ask from now on, and tells them nothing else of that person', () => {
    const { server } = site();
    const watcher = clientAt(server, ben, POOL2.hostName);
    const toTag = toTagOf(watcher.watch([ben]));
    server.movePerson(ben, { kind: 'pool', hostName: POOL1.hostName });
    server.setPerson(ben, busy);
    const [told, ...more] = watcher.requests('BENOTIFY');
    expect(told?.body.toString()).toContain(
      `<resource uri="${ben}"><instance id="0" state="resubscribe" poolFqdn="sip:pool1.contoso.example:5061;transport=tls"/>`,
    );
    expect(more).toEqual([]);
    expect(watcher.watch([ben], { toTag }).body.toString()).toContain('state="resubscribe"');
    expect(watchAt(watcher, 'sip:pool1.contoso.example', [ben]).body.toString()).toContain('6500');
  });

  test('leaves a subscription to the person alone', () => {
    const { server } = site();
    const watcher = clientAt(server, ana, POOL1.hostName);
    watcher.request('SUBSCRIBE', {
      to: ben,
      headers: [
        ['Event', 'presence'],
        ['Supported', 'ms-benotify'],
      ],
    });
    const before = watcher.requests('BENOTIFY').length;
    server.movePerson(ben, { kind: 'pool', hostName: POOL1.hostName });
    server.setPerson(ben, busy);
    expect(watcher.requests('BENOTIFY').slice(before)[0]?.body.toString()).toContain('6500');
  });

  test('to where they are changes nothing, to an unknown pool or a director is a mistake', () => {
    const { server } = site();
    const client = clientAt(server, ben, POOL2.hostName);
    client.register();
    server.movePerson(ben, { kind: 'pool', hostName: POOL2.hostName });
    expect(client.requests('NOTIFY')).toEqual([]);
    expect(() => server.movePerson(ben, { kind: 'pool', hostName: 'pool9' })).toThrow(RangeError);
    expect(() => server.movePerson(ben, { kind: 'pool', hostName: DIRECTOR.hostName })).toThrow(RangeError);
  });
});

describe('pools', () => {
  test('must have different names, and one that people can be homed on', () => {
    expect(() => site([POOL1, POOL1, POOL2, LEGACY])).toThrow(/same host name/);
    expect(() => testServer({ pools: [DIRECTOR] })).toThrow(/no director/);
    expect(() => site([POOL1])).toThrow(/pool2/);
  });

  test('are found by the URIs that clients write', () => {
    const ports = { clock: new SimulatedClock(), random: seededRandom(), log: silentLog };
    const pools = new Pools(settingsOf({ ...ports, pools: [POOL1, POOL2], accounts: [] }));
    for (const uri of ['sip:POOL2.contoso.example', 'pool2.contoso.example:5061', `${POOL2_URI}`]) {
      expect(pools.named(uri)?.hostName).toBe(POOL2.hostName);
    }
    expect(pools.named(`sip:ana@${POOL2.hostName}`)).toBeUndefined();
    expect(pools.named('')).toBeUndefined();
  });

  test('relay messages to each other’s people', () => {
    const { server } = site();
    const from = clientAt(server, ana, POOL1.hostName);
    const to = clientAt(server, ben, POOL2.hostName);
    from.register();
    to.register();
    from.deliver(from.build('MESSAGE', { to: ben, body: 'hello' }));
    const [message] = to.requests('MESSAGE');
    expect(message?.body.toString()).toBe('hello');
    if (message) to.answer(message, 200);
    const response = from.received.at(-1);
    expect(response?.kind === 'response' && response.status).toBe(200);
  });
});
