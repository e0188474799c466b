import { afterEach, describe, expect, test } from 'vitest';
import { headerOf, headersOf } from '../../../../src/ocs/simulator/codec/message.js';
import { FaultyServer } from '../../../support/faulty-server.js';
import { RawClient } from '../../../support/raw-client.js';
import { ana, ben } from '../../../support/simulator-client.js';

const dora = 'sip:dora@contoso.example';
const cleanUp: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of cleanUp.splice(0)) await end();
});

async function stage(transport: 'tcp' | 'tls' = 'tcp') {
  const server = new FaultyServer();
  const address = await server.start();
  cleanUp.push(() => server.simulator.stop());
  const connect = async (user?: string): Promise<RawClient> => {
    const client = await RawClient[transport](address, user);
    cleanUp.unshift(() => client.destroy());
    return client;
  };
  return { server, address, connect, client: await connect() };
}

/** A client that watches Ben, with nothing wrong until now. */
async function watching(transport?: 'tcp' | 'tls') {
  const found = await stage(transport);
  found.client.watch(ben);
  await found.client.response('SUBSCRIBE');
  return found;
}

describe('a fault of the connection', () => {
  test('silence: requests stay without answer, the connection stands, and answers come again afterwards', async () => {
    const { server, client } = await stage();
    server.begin('silence');
    client.register();
    await client.quiet();
    expect([client.octets, client.ended]).toEqual([0, undefined]);
    server.simulator.endFaults();
    client.send('OPTIONS');
    await client.response('OPTIONS');
    expect(client.responses('REGISTER')).toEqual([]);
  });

  test('slow: so many octets come in a second, and in the end all of them', async () => {
    const { server, client } = await stage();
    server.begin('slow=100');
    client.register();
    await client.quiet();
    await server.clock.advance(2_000);
    await client.until(() => client.octets >= 200);
    await client.quiet();
    expect(client.octets).toBe(200);
    await server.clock.advance(60_000);
    expect((await client.response('REGISTER')).status).toBe(200);
  });

  test('slow-answers: the answer comes after 35 seconds, a notification before it', async () => {
    const { server, client } = await watching();
    server.begin('slow-answers');
    client.register();
    await client.quiet();
    server.become(ben, 6500);
    await client.until(() => client.requests('BENOTIFY').length === 1);
    await server.clock.advance(34_900);
    await client.quiet();
    expect(client.responses('REGISTER')).toEqual([]);
    await server.clock.advance(200);
    await client.response('REGISTER');
  });

  test('cut: the connection ends after so many octets, in the middle of a message', async () => {
    const { server, client } = await stage();
    server.begin('cut=50');
    client.register();
    await client.until(() => client.ended !== undefined);
    expect([client.octets, client.ended]).toEqual([50, 'close']);
  });

  test('cut without a number: the connection ends instead of the next message', async () => {
    const { server, client } = await stage();
    server.begin('cut');
    client.register();
    await client.until(() => client.ended !== undefined);
    expect([client.octets, client.ended]).toEqual([0, 'close']);
  });

  test.each(['tcp', 'tls'] as const)('reset: the connection ends by RST over %s', async (transport) => {
    const { server, client } = await stage(transport);
    server.begin('reset');
    client.register();
    await client.until(() => client.ended !== undefined);
    expect(client.ended).toBe('ECONNRESET');
  });

  test('split: each octet comes alone', async () => {
    const { server, client } = await stage('tls');
    server.begin('split');
    client.register();
    await client.response('REGISTER');
    expect(Math.max(...client.chunks.map((chunk) => chunk.length))).toBe(1);
  });

  test('split=random: the lengths are those of the seed', async () => {
    const lengths = async (seed: number): Promise<number[]> => {
      const { server, client } = await stage('tls');
      server.begin(`split=random;seed=${seed}`);
      client.register();
      await client.response('REGISTER');
      return client.chunks.map((chunk) => chunk.length);
    };
    const first = await lengths(7);
    expect(new Set(first).size).toBeGreaterThan(3);
    expect(await lengths(7)).toEqual(first);
    expect(await lengths(8)).not.toEqual(first);
  });

  test('glue: what is sent within the time comes in one piece', async () => {
    const { server, client } = await watching('tls');
    const before = client.chunks.length;
    server.begin('glue=50ms');
    server.become(ben, 6500);
    server.become(ben, 9500);
    await client.quiet();
    expect(client.chunks).toHaveLength(before);
    await server.clock.advance(50);
    await client.until(() => client.requests('BENOTIFY').length === 2);
    expect(client.chunks).toHaveLength(before + 1);
  });

  test('reorder: a notification is overtaken by the one after it', async () => {
    const { server, client } = await watching();
    server.begin('reorder');
    server.become(ben, 6500);
    server.become(ben, 9500);
    await client.quiet();
    await server.clock.advance(200);
    await client.until(() => client.requests('BENOTIFY').length === 2);
    expect(client.requests('BENOTIFY').map((one) => headerOf(one, 'cseq'))).toEqual(['3 BENOTIFY', '2 BENOTIFY']);
  });

  test('duplicate: a notification comes twice, octet by octet the same', async () => {
    const { server, client } = await watching();
    server.begin('duplicate');
    server.become(ben, 6500);
    await client.until(() => client.requests('BENOTIFY').length === 2);
    const [first, second] = client.requests('BENOTIFY');
    expect(second).toEqual(first);
  });

  test('replay: the first notification comes again after each later one', async () => {
    const { server, client } = await watching();
    server.begin('replay');
    for (const availability of [6500, 9500, 12_500]) server.become(ben, availability);
    await client.until(() => client.requests('BENOTIFY').length === 5);
    const numbers = client.requests('BENOTIFY').map((one) => headerOf(one, 'cseq')?.split(' ')[0]);
    expect(numbers).toEqual(['2', '3', '2', '4', '2']);
  });

  test('unsigned-100: a 100 comes before the answer', async () => {
    const { server, client } = await stage();
    server.begin('unsigned-100');
    client.register();
    await client.until(() => client.responses('REGISTER').length === 2);
    expect(client.responses('REGISTER').map(({ status }) => status)).toEqual([100, 200]);
  });

  test('upper-case: all header names are in capitals', async () => {
    const { server, client } = await stage();
    server.begin('upper-case');
    client.register();
    const { headers } = await client.response('REGISTER');
    expect(headers.map(({ name }) => name)).toContain('CALL-ID');
    expect(headers.filter(({ name }) => name !== 'Content-Length' && name !== name.toUpperCase())).toEqual([]);
  });

  test('record-route: a dialog leads through two proxies, in two headers', async () => {
    const { server, client } = await stage();
    server.begin('record-route');
    client.watch(ben);
    const routes = headersOf(await client.response('SUBSCRIBE'), 'record-route');
    expect(routes).toHaveLength(2);
    expect(routes[0]?.split(', ')).toHaveLength(2);
  });

  test('notify: the server sends NOTIFY though the client knows BENOTIFY', async () => {
    const { server, client } = await stage();
    server.begin('notify');
    client.watch(ben);
    await client.response('SUBSCRIBE');
    server.become(ben, 6500);
    await client.until(() => client.requests('NOTIFY').length === 1);
    expect(client.requests('BENOTIFY')).toEqual([]);
  });
});

describe('a fault in what the server answers', () => {
  test('busy: every request gets 503 with Retry-After', async () => {
    const { server, client } = await stage();
    server.begin('busy=0/30');
    client.register();
    const response = await client.response('REGISTER');
    expect([response.status, headerOf(response, 'retry-after')]).toEqual([503, '30']);
    expect(server.simulator.counters.registers).toBe(0);
  });

  test('busy with a rate: 503 only above it, over all connections, and no more a second later', async () => {
    const { server, client, connect } = await stage();
    const other = await connect(ben);
    server.begin('busy=2');
    for (const one of [client, other]) {
      one.send('OPTIONS');
      await one.response('OPTIONS');
    }
    client.register();
    expect((await client.response('REGISTER')).status).toBe(503);
    await server.clock.advance(1_000);
    client.register();
    await client.until(() => client.responses('REGISTER').length === 2);
    expect(client.responses('REGISTER')[1]?.status).toBe(200);
  });

  test('redirect: REGISTER gets 301 with the other server, once or always', async () => {
    const { server, address, client } = await stage();
    server.begin('redirect=pool2.contoso.example:5061;count=1');
    client.register();
    const response = await client.response('REGISTER');
    const contact = '<sip:pool2.contoso.example:5061;transport=TCP>';
    expect([response.status, headerOf(response, 'contact')]).toEqual([301, contact]);
    client.register();
    await client.until(() => client.responses('REGISTER').length === 2);
    expect(client.responses('REGISTER')[1]?.status).toBe(200);
    server.begin('redirect=loop');
    client.register();
    await client.until(() => client.responses('REGISTER').length === 3);
    const loop = client.responses('REGISTER')[2];
    expect(loop && headerOf(loop, 'contact')).toBe(`<sip:localhost:${address.tcpPort};transport=TCP>`);
  });

  test('conflict: a publication gets 409 with a version one higher', async () => {
    const { server, client } = await stage();
    server.begin('conflict;count=1');
    client.publish(0);
    const response = await client.response('SERVICE');
    expect([response.status, headerOf(response, 'content-type')]).toEqual([409, 'application/msrtc-fault+xml']);
    expect(response.body.toString()).toContain('<operation index="1" version="0" curVersion="1"/>');
    client.publish(0);
    await client.until(() => client.responses('SERVICE').length === 2);
    expect(client.responses('SERVICE')[1]?.status).toBe(200);
  });

  test('refuse-address: a list that names the address is refused, another is not', async () => {
    const { server, client } = await stage();
    server.begin(`refuse-address=${dora}`);
    client.watch(ben, dora);
    expect((await client.response('SUBSCRIBE')).status).toBe(400);
    client.watch(ben);
    await client.until(() => client.responses('SUBSCRIBE').length === 2);
    expect(client.responses('SUBSCRIBE')[1]?.status).toBe(200);
  });

  test('refuse: requests of one method get the status, others their answer', async () => {
    const { server, client } = await stage();
    server.begin('refuse=SUBSCRIBE/489');
    client.watch(ben);
    client.register();
    expect((await client.response('SUBSCRIBE')).status).toBe(489);
    expect((await client.response('REGISTER')).status).toBe(200);
  });
});

describe('something the server does by itself', () => {
  test.each(['deactivated', 'probation', 'rejected', 'timeout', 'giveup', 'noresource', 'invariant'])(
    'subscription-ends: %s is said in the last notification',
    async (reason) => {
      const { server, client } = await watching();
      server.begin(`subscription-ends=${reason}/60;from=5s`);
      await server.clock.advance(5_000);
      await client.until(() => client.requests('BENOTIFY').length === 1);
      const [notice] = client.requests('BENOTIFY');
      const state = `terminated;expires=0;reason=${reason};retry-after=60`;
      expect(notice && headerOf(notice, 'subscription-state')).toBe(state);
      server.become(ben, 6500);
      await client.quiet();
      expect(client.requests('BENOTIFY')).toHaveLength(1);
    },
  );

  test.each(['unregistered', 'rejected', 'deactivated', 'preferred-registrar-change'])(
    'signed-off: the notice says %s, in the dialog of the registration',
    async (event) => {
      const { server, client } = await stage();
      client.register();
      await client.response('REGISTER');
      server.begin(`signed-off=${event};user=${ana},from=1s`);
      await server.clock.advance(1_000);
      await client.until(() => client.requests('NOTIFY').length === 1);
      const [notice] = client.requests('NOTIFY');
      expect(notice?.body.toString()).toBe(`deregistered;event=${event}`);
      expect(notice && headerOf(notice, 'call-id')).toBe('call-REGISTER');
      expect(notice && headerOf(notice, 'event')).toBe('registration-notify');
      const preferred = event === 'preferred-registrar-change' ? expect.stringMatching(/^<sip:.+>$/) : undefined;
      expect(notice && headerOf(notice, 'p-preferred-registrar')).toEqual(preferred);
    },
  );

  test.each([
    ['', ''],
    ['/pool2.contoso.example', ' poolFqdn="pool2.contoso.example"'],
  ])('resubscribe: a list says where to go%s', async (pool, attribute) => {
    const { server, client } = await watching();
    server.begin(`resubscribe=${ben}${pool};from=1s`);
    await server.clock.advance(1_000);
    await client.until(() => client.requests('BENOTIFY').length === 1);
    const instance = `<instance id="0" state="resubscribe"${attribute}/>`;
    expect(client.requests('BENOTIFY')[0]?.body.toString()).toContain(`uri="${ben}">${instance}`);
  });

  test('is repeated as often as asked', async () => {
    const { server, client } = await watching();
    server.begin('subscription-ends;from=1s,every=10s,count=2');
    await server.clock.advance(2_000);
    client.watch(ben);
    await client.until(() => client.responses('SUBSCRIBE').length === 2);
    await server.clock.advance(10_000);
    client.watch(ben);
    await client.until(() => client.responses('SUBSCRIBE').length === 3);
    await server.clock.advance(60_000);
    await client.quiet();
    expect(client.requests('BENOTIFY')).toHaveLength(2);
  });
});

describe('the scope of a fault', () => {
  test('user: only connections of that user are concerned', async () => {
    const { server, client, connect } = await stage();
    const other = await connect(ben);
    server.begin(`refuse=REGISTER/500;user=${ben}`);
    client.register();
    other.register();
    expect((await client.response('REGISTER')).status).toBe(200);
    expect((await other.response('REGISTER')).status).toBe(500);
  });

  test('from and until: it begins and ends by the clock', async () => {
    const { server, client } = await stage();
    server.begin('refuse=OPTIONS/500;from=10s,until=20s');
    for (const [count, wait] of [
      [1, 0],
      [2, 10_000],
      [3, 10_000],
    ] as const) {
      await server.clock.advance(wait);
      client.send('OPTIONS');
      await client.until(() => client.responses('OPTIONS').length === count);
    }
    expect(client.responses('OPTIONS').map(({ status }) => status === 500)).toEqual([false, true, false]);
  });

  test('probability: the cases that are hit are those of the seed', async () => {
    const { server, client } = await stage();
    server.begin('refuse=OPTIONS/500;probability=0.5,seed=3');
    for (let count = 1; count <= 20; count++) {
      client.send('OPTIONS');
      await client.until(() => client.responses('OPTIONS').length === count);
    }
    const hit = client.responses('OPTIONS').filter(({ status }) => status === 500).length;
    expect(hit).toBe(server.simulator.faults.struck.get('refuse=OPTIONS/500;probability=0.5,seed=3'));
    expect(hit).toBeGreaterThan(4);
    expect(hit).toBeLessThan(16);
  });
});
