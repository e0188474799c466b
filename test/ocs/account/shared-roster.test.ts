import { afterEach, expect, test, vi } from 'vitest';
import { systemClock, systemRandom } from '../../../src/bridge/runtime/system.js';
import type { OcsSourceOptions, WatcherAccount } from '../../../src/ocs/options.js';
import { OcsSimulator } from '../../../src/ocs/simulator/simulator.js';
import { createOcsSource } from '../../../src/ocs/source.js';
import { sip } from '../../support/people.js';
import { silentLog } from '../../support/silent-log.js';
import { Observer } from '../../support/source-observer.js';

const ports = { clock: systemClock, random: systemRandom, log: silentLog };
const PEOPLE = Array.from({ length: 6 }, (_, index) => sip(`p${index}@contoso.example`));
const accounts = ['bridge1', 'bridge2', 'bridge3'].map(
  (user): WatcherAccount => ({ account: sip(`${user}@contoso.example`), user, domain: 'CONTOSO', password: 'right' }),
);
const [FIRST, SECOND, THIRD] = accounts as [WatcherAccount, WatcherAccount, WatcherAccount];
const running: { stop(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});

async function setUp(more: Partial<OcsSourceOptions> = {}) {
  const server = new OcsSimulator({
    ...ports,
    accounts: accounts.map(({ account: uri, ...login }) => ({ uri, ...login, displayName: login.user })),
  });
  const { tlsPort: port = 0, caCertificate: ca } = await server.start();
  for (const uri of PEOPLE) {
    server.setPerson(uri, { availability: 3500, activity: '', note: '', outOfOffice: false, displayName: '' });
  }
  const source = createOcsSource(
    {
      ...FIRST,
      server: { host: '127.0.0.1', port, transport: 'tls', tls: { ca } },
      notes: false,
      backoff: { baseMs: 5, capMs: 20 },
      moreAccounts: [SECOND],
      ...more,
    },
    ports,
  );
  running.push(source, server);
  const observer = new Observer();
  source.watch(PEOPLE);
  source.start(observer);
  const known = (): number => PEOPLE.filter((uri) => observer.status(uri) === 'available').length;
  return { server, source, observer, known };
}

test('several accounts watch one roster, and are one link', async () => {
  const { server, observer, known } = await setUp({ moreAccounts: [SECOND, THIRD] });
  await observer.until(() => known() === PEOPLE.length);
  expect(server.counters.logonsOk).toBe(3);
  await vi.waitFor(() => expect(server.counters.subscribes).toBe(3));
  expect(observer.links.map(({ state }) => state)).toEqual(['connecting', 'connected']);
});

test('what all accounts hold at the server is told in one sum, and is nothing once they are gone', async () => {
  const { source, observer, known } = await setUp({ moreAccounts: [SECOND, THIRD] });
  expect(source.counts()).toEqual({ dialogs: 0, subscribed: 0, categorySubscriptions: 0, polled: 0 });
  await observer.until(() => known() === PEOPLE.length);
  expect(source.counts()).toEqual({ dialogs: 3, subscribed: 6, categorySubscriptions: 6, polled: 0 });
  await source.stop();
  expect(source.counts()).toEqual({ dialogs: 0, subscribed: 0, categorySubscriptions: 0, polled: 0 });
});

test('an account that cannot sign in leaves its people to the others after the grace', async () => {
  const { observer, known } = await setUp({ moreAccounts: [{ ...SECOND, password: 'wrong' }], takeOverAfter: 30 });
  await observer.until(() => known() === PEOPLE.length);
  expect(observer.state).toBe('connected');
});

test('the people of an account that is lost are lost at once, and watched by another one soon', async () => {
  const { server, observer, known } = await setUp({ takeOverAfter: 200 });
  await observer.until(() => known() === PEOPLE.length);
  server.disableUser(SECOND.account);
  await observer.until(() => observer.lost.length > 0);
  expect(observer.lost[0]?.uris).toHaveLength(3);
  expect(observer.lost[0]?.reason).toContain('lost its connection');
  const before = observer.authoritative;
  await observer.until(() => observer.authoritative === before + 3);
  expect(observer.state).toBe('connected');
});

test('people for whom no account has room are lost with that reason', async () => {
  const { observer, known } = await setUp({ maxPeoplePerAccount: 2 });
  await observer.until(() => known() === 4);
  expect(observer.lost).toEqual([{ uris: PEOPLE.slice(4), reason: 'no account has room to watch them' }]);
});

test('room that becomes free is used', async () => {
  const { source, observer, known } = await setUp({ maxPeoplePerAccount: 2 });
  await observer.until(() => known() === 4);
  source.watch(PEOPLE.slice(2));
  await observer.until(() => PEOPLE.slice(2).every((uri) => observer.status(uri) === 'available'));
});

test('the link is down when all accounts are, and says what the most hopeful one waits for', async () => {
  const { server, observer, known } = await setUp();
  await observer.until(() => known() === PEOPLE.length);
  server.disableUser(FIRST.account);
  await observer.until(() => observer.lost.length === 1);
  expect(observer.state).toBe('connected');
  server.disableUser(SECOND.account);
  await observer.until(() => observer.state === 'refused');
});

test('all accounts sign off when the source is stopped, which is reported once', async () => {
  const { server, source, observer, known } = await setUp();
  await observer.until(() => known() === PEOPLE.length);
  const before = server.counters.registers;
  await source.stop();
  expect(server.counters.registers).toBe(before + 2);
  expect(observer.links.map(({ state }) => state)).toEqual(['connecting', 'connected', 'stopped']);
});
