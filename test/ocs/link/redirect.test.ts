import { expect, test } from 'vitest';
import { followRedirect, type RedirectTarget } from '../../../src/ocs/link/redirect.js';
import type { ServerAddress } from '../../../src/ocs/link/server-address.js';

const tls = { ca: 'PEM' };
const DIRECTOR: ServerAddress = {
  host: 'dir.contoso.example',
  port: 5061,
  transport: 'tls',
  tls,
  serverName: 'x.example',
};
const DOMAINS = ['contoso.example'];
const to = (host: string, port?: number, transport: 'tls' | 'tcp' = 'tls'): RedirectTarget => ({
  host,
  port,
  transport,
});
const reasonOf = (targets: readonly RedirectTarget[], chain: readonly ServerAddress[] = [DIRECTOR]): string => {
  const followed = followRedirect(targets, chain, DOMAINS);
  return followed.ok ? 'followed' : followed.reason;
};

test('leads to the named server, on the usual port, with the TLS settings of before and under its own name', () => {
  expect(followRedirect([to('Pool2.contoso.example')], [DIRECTOR], DOMAINS)).toEqual({
    ok: true,
    value: { host: 'pool2.contoso.example', port: 5061, transport: 'tls', tls },
  });
  const tcp: ServerAddress = { ...DIRECTOR, transport: 'tcp', port: 5060 };
  expect(followRedirect([to('pool2.contoso.example', undefined, 'tcp')], [tcp], DOMAINS)).toMatchObject({
    value: { port: 5060, transport: 'tcp' },
  });
});

test('takes the first target that may be followed', () => {
  expect(followRedirect([to('evil.example'), to('pool3.contoso.example', 443)], [DIRECTOR], DOMAINS)).toMatchObject({
    value: { host: 'pool3.contoso.example', port: 443 },
  });
});

test('never leads out of the trusted domains, nor to an address', () => {
  expect(reasonOf([to('pool.evil.example')])).toBe('pool.evil.example is in no trusted domain');
  expect(reasonOf([to('192.0.2.66')])).toContain('is no name of a server');
  expect(reasonOf([to('[2001:db8::1]')])).toContain('is no name of a server');
  expect(reasonOf([to('pool2.contoso.example', 0)])).toContain('is no name of a server');
});

test('never gives up encryption', () => {
  expect(reasonOf([to('pool2.contoso.example', 5060, 'tcp')])).toContain('without TLS');
});

test('finds a loop, also over several servers', () => {
  const pool: ServerAddress = { host: 'pool2.contoso.example', port: 5061, transport: 'tls' };
  expect(reasonOf([to('dir.contoso.example')])).toContain('a loop');
  expect(reasonOf([to('DIR.contoso.example')], [DIRECTOR, pool])).toContain('a loop');
});

test('follows three in a row and no more', () => {
  const pools = [2, 3, 4].map(
    (n): ServerAddress => ({ host: `pool${n}.contoso.example`, port: 5061, transport: 'tls' }),
  );
  expect(reasonOf([to('pool9.contoso.example')], [DIRECTOR, ...pools.slice(0, 2)])).toBe('followed');
  expect(reasonOf([to('pool9.contoso.example')], [DIRECTOR, ...pools])).toContain('redirect number 4');
});

test('a redirect that names nobody cannot be followed', () => {
  expect(reasonOf([])).toBe('no server is named');
});
