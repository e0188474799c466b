import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../../src/bridge/runtime/system.js';
import { type DiscoveryTerms, discover } from '../../../../src/ocs/link/discovery/discover.js';
import { dnsLookUp } from '../../../../src/ocs/link/discovery/dns-look-up.js';
import { describeStep } from '../../../../src/ocs/link/discovery/step.js';
import { serverText } from '../../../../src/ocs/link/server-text.js';
import { DnsServer, SERVFAIL } from '../../../support/dns-server.js';

const DOMAIN = 'contoso.example';
let server: DnsServer;
let nameServer: string;

beforeEach(async () => {
  server = new DnsServer();
  nameServer = await server.start();
});
afterEach(() => server.stop());

async function look(more: Partial<DiscoveryTerms> = {}) {
  const terms: DiscoveryTerms = { domain: DOMAIN, transports: 'tls', trustedDomains: [], ...more };
  const names = dnsLookUp([nameServer], systemClock, { tryMs: 60, tries: 1, questionMs: 2_000, records: 16 });
  const outcome = await discover(terms, names, () => 0.5);
  return { ...outcome, servers: outcome.candidates.map(serverText), told: outcome.steps.map(describeStep) };
}

function publish(): void {
  server
    .srv(`_sipinternaltls._tcp.${DOMAIN}`, [{ target: 'pool.contoso.example', port: 5061 }])
    .srv(`_sipinternal._tcp.${DOMAIN}`, [{ target: 'pool.contoso.example', port: 5060 }])
    .srv(`_sip._tls.${DOMAIN}`, [{ target: 'edge.contoso.example', port: 443 }])
    .srv(`_sip._tcp.${DOMAIN}`, [{ target: 'edge.contoso.example', port: 5060 }]);
}

test('servers inside come before servers outside, encrypted ones before others', async () => {
  publish();
  expect((await look({ transports: 'any' })).servers).toEqual([
    'pool.contoso.example:5061 TLS',
    'pool.contoso.example:5060 TCP',
    'edge.contoso.example:443 TLS',
    'edge.contoso.example:5060 TCP',
  ]);
});

test('with TLS only, and with TCP only, the other records are not even asked for', async () => {
  publish();
  expect((await look()).servers).toEqual(['pool.contoso.example:5061 TLS', 'edge.contoso.example:443 TLS']);
  expect(server.asked.filter((question) => question.includes('_sip._tcp') || question.includes('internal._'))).toEqual(
    [],
  );
  server.asked.length = 0;
  expect((await look({ transports: 'tcp' })).servers).toEqual([
    'pool.contoso.example:5060 TCP',
    'edge.contoso.example:5060 TCP',
  ]);
  expect(server.asked.filter((question) => question.includes('tls'))).toEqual([]);
});

test('priority counts before weight within one record', async () => {
  server.srv(`_sipinternaltls._tcp.${DOMAIN}`, [
    { target: 'spare.contoso.example', port: 5061, priority: 20, weight: 100 },
    { target: 'big.contoso.example', port: 5061, priority: 10, weight: 90 },
    { target: 'small.contoso.example', port: 5061, priority: 10, weight: 10 },
  ]);
  expect((await look()).servers).toEqual([
    'big.contoso.example:5061 TLS',
    'small.contoso.example:5061 TLS',
    'spare.contoso.example:5061 TLS',
  ]);
});

test('a target in a foreign domain is refused and told, unless that domain is trusted', async () => {
  server.srv(`_sip._tls.${DOMAIN}`, [
    { target: 'sip.contoso.example.evil.example', port: 443 },
    { target: 'pool.corp.example', port: 5061 },
  ]);
  const strict = await look();
  expect(strict.servers).toEqual([]);
  expect(strict.told.find((line) => line.includes('_sip._tls'))).toContain(
    'refused: pool.corp.example:5061 TLS (its name is neither in contoso.example nor in a trusted domain)',
  );
  expect((await look({ trustedDomains: ['corp.example'] })).servers).toEqual(['pool.corp.example:5061 TLS']);
});

test('a service that is decidedly not there, and a port of zero, lead nowhere', async () => {
  server
    .srv(`_sipinternaltls._tcp.${DOMAIN}`, [{ target: '.', port: 5061 }])
    .srv(`_sip._tls.${DOMAIN}`, [{ target: 'edge.contoso.example', port: 0 }]);
  const { servers, told } = await look();
  expect(servers).toEqual([]);
  expect(told[0]).toContain('the domain says that it has no such service');
  expect(told[1]).toContain('it is no name and port of a server');
});

test('without records the well-known names are asked for, the domain itself last', async () => {
  server
    .a('sip.contoso.example', ['192.0.2.1'])
    .a(DOMAIN, ['192.0.2.2'])
    .a('sipexternal.contoso.example', ['192.0.2.3']);
  expect((await look()).servers).toEqual([
    'sip.contoso.example:5061 TLS',
    'sip.contoso.example:443 TLS',
    'sipexternal.contoso.example:443 TLS',
    'sipexternal.contoso.example:5061 TLS',
    'contoso.example:5061 TLS',
  ]);
  expect((await look({ transports: 'tcp' })).servers).toEqual([
    'sip.contoso.example:5060 TCP',
    'contoso.example:5060 TCP',
  ]);
});

test('where records lead somewhere, no host name is asked for', async () => {
  publish();
  await look();
  expect(server.asked.every((question) => question.startsWith('SRV'))).toBe(true);
});

test('every question is told with what came of it', async () => {
  server
    .on(`SRV _sipinternaltls._tcp.${DOMAIN}`, { kind: 'code', code: SERVFAIL })
    .srv(`_sip._tls.${DOMAIN}`, [{ target: 'edge.contoso.example', port: 443, priority: 1, weight: 2 }]);
  const { told, failed } = await look();
  expect(told).toEqual([
    'SRV _sipinternaltls._tcp.contoso.example: the name server failed (SERVFAIL).',
    'SRV _sip._tls.contoso.example: edge.contoso.example:443 priority 1 weight 2; taken: edge.contoso.example:443 TLS.',
  ]);
  expect(failed).toBe(true);
});

test('no server because of no answer is another thing than no server', async () => {
  expect(await look()).toMatchObject({ servers: [], failed: false });
  for (const kind of ['silent', 'garbage', 'cut'] as const) {
    server.override = { kind };
    expect(await look()).toMatchObject({ servers: [], failed: true });
  }
});

test('the same server is taken once, and of many servers only so many', async () => {
  const many = (label: string) =>
    Array.from({ length: 16 }, (_, index) => ({ target: `${label}${index}.contoso.example`, port: 5061 }));
  server
    .srv(`_sipinternaltls._tcp.${DOMAIN}`, many('a'))
    .srv(`_sip._tls.${DOMAIN}`, [...many('a').slice(0, 4), ...many('b').slice(0, 12)]);
  const { servers } = await look();
  expect(servers.length).toBe(24);
  expect(new Set(servers).size).toBe(24);
});
