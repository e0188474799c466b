import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../../src/bridge/runtime/system.js';
import { dnsLookUp } from '../../../../src/ocs/link/discovery/dns-look-up.js';
import type { NameLookUp } from '../../../../src/ocs/link/discovery/look-up.js';
import { DnsServer, REFUSED, SERVFAIL } from '../../../support/dns-server.js';
import { SimulatedClock } from '../../../support/simulated-clock.js';

const NAME = '_sip._tls.contoso.example';
const LIMITS = { tryMs: 60, tries: 1, questionMs: 2_000, records: 16 };
let server: DnsServer;
let nameServer: string;
let names: NameLookUp;

beforeEach(async () => {
  server = new DnsServer();
  nameServer = await server.start();
  names = dnsLookUp([nameServer], systemClock, LIMITS);
});
afterEach(() => server.stop());

test('gives the records with priority and weight', async () => {
  server.srv(NAME, [{ target: 'sip.contoso.example', port: 443, priority: 10, weight: 60 }]);
  expect(await names.srv(NAME)).toMatchObject({
    kind: 'records',
    records: [{ name: 'sip.contoso.example', port: 443, priority: 10, weight: 60 }],
  });
});

test('an unknown name and a name without such a record are answers', async () => {
  expect(await names.srv(NAME)).toEqual({ kind: 'none', reason: 'no such name' });
  server.on(`SRV ${NAME}`, { kind: 'answers', answers: [] });
  expect(await names.srv(NAME)).toEqual({ kind: 'none', reason: 'no such record' });
});

test('a server that fails, refuses or keeps silent gives no answer', async () => {
  server.on(`SRV ${NAME}`, { kind: 'code', code: SERVFAIL });
  expect(await names.srv(NAME)).toEqual({ kind: 'failed', reason: 'the name server failed (SERVFAIL)' });
  server.on(`SRV ${NAME}`, { kind: 'code', code: REFUSED });
  expect(await names.srv(NAME)).toEqual({ kind: 'failed', reason: 'the name server refused' });
  server.on(`SRV ${NAME}`, { kind: 'silent' });
  expect(await names.srv(NAME)).toEqual({ kind: 'failed', reason: 'no answer in time' });
});

test('garbage, and an answer that is cut off over UDP and refused over TCP, give no answer', async () => {
  for (const kind of ['garbage', 'cut'] as const) {
    server.on(`SRV ${NAME}`, { kind });
    expect(await names.srv(NAME)).toMatchObject({ kind: 'failed' });
  }
});

test('an answer that is cut off over UDP is fetched over TCP', async () => {
  const data = { target: 'sip.contoso.example', port: 443, priority: 0, weight: 0 };
  server.on(`SRV ${NAME}`, { kind: 'cut', answers: [{ type: 'SRV', name: NAME, data }] });
  expect(await names.srv(NAME)).toMatchObject({ kind: 'records', records: [{ name: 'sip.contoso.example' }] });
});

test('follows an alias to the address', async () => {
  server.on('A sip.contoso.example', {
    kind: 'answers',
    answers: [
      { type: 'CNAME', name: 'sip.contoso.example', data: 'edge.corp.example' },
      { type: 'A', name: 'edge.corp.example', data: '192.0.2.9' },
    ],
  });
  expect(await names.addresses('sip.contoso.example')).toEqual({ kind: 'records', records: ['192.0.2.9'] });
});

test('gives IPv4 and IPv6 addresses, and what is an address already without asking', async () => {
  server.a('dual.contoso.example', ['192.0.2.1']).on('AAAA dual.contoso.example', {
    kind: 'answers',
    answers: [{ type: 'AAAA', name: 'dual.contoso.example', data: '2001:db8::1' }],
  });
  expect(await names.addresses('dual.contoso.example')).toEqual({
    kind: 'records',
    records: ['192.0.2.1', '2001:db8::1'],
  });
  server.asked.length = 0;
  expect(await names.addresses('192.0.2.3')).toEqual({ kind: 'records', records: ['192.0.2.3'] });
  expect(server.asked).toEqual([]);
});

test('looks at so many records of one answer and no more, those of the best priority', async () => {
  const many = Array.from({ length: 40 }, (_, index) => ({ target: `s${index}.contoso.example`, port: 5061 }));
  server.srv(
    NAME,
    many.slice(0, 20).map((record, index) => ({ ...record, priority: 20 - index })),
  );
  const answer = await names.srv(NAME);
  const priorities = answer.kind === 'records' ? answer.records.map(({ priority }) => priority) : [];
  expect(priorities).toEqual(Array.from({ length: 16 }, (_, index) => index + 1));
});

test('a question has its end even when a resolver never calls back', async () => {
  server.on(`SRV ${NAME}`, { kind: 'silent' });
  const atOnce = (_: number, callback: () => void) => {
    callback();
    return () => {};
  };
  const hasty = dnsLookUp(['127.0.0.1:1'], { after: atOnce }, LIMITS);
  expect(await hasty.srv(NAME)).toEqual({ kind: 'failed', reason: 'no answer in time' });
});

test('what is being asked can be given up, and leaves no timer behind', async () => {
  server.override = { kind: 'silent' };
  const clock = new SimulatedClock();
  const patient = dnsLookUp([nameServer], clock, { ...LIMITS, tryMs: 60_000 });
  const answers = Promise.all([patient.srv(NAME), patient.addresses('sip.contoso.example')]);
  expect(clock.pendingTimers).toBe(2);
  patient.close();
  expect(await answers).toEqual([
    { kind: 'failed', reason: 'given up' },
    { kind: 'failed', reason: 'given up' },
  ]);
  expect(await patient.srv(NAME)).toEqual({ kind: 'failed', reason: 'given up' });
  expect(clock.pendingTimers).toBe(0);
});

test('that a name has no address is believed only when both kinds were answered', async () => {
  server.on('AAAA half.contoso.example', { kind: 'code', code: SERVFAIL });
  expect(await names.addresses('half.contoso.example')).toMatchObject({ kind: 'failed' });
  expect(await names.addresses('none.contoso.example')).toEqual({ kind: 'none', reason: 'no such name' });
});

test('what cannot be a name server is refused at once', () => {
  expect(() => dnsLookUp(['ns1.contoso.example'], systemClock)).toThrowError(/cannot be name servers/);
});
