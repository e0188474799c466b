import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OcsConfig } from '../../../src/bridge/config/config.js';
import { loadConfig } from '../../../src/bridge/config/load.js';
import { createThrowAwayAuthority } from '../../../src/ocs/simulator/certificates.js';
import { BridgeError } from '../../../src/presence/errors.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-ocs-section-'));
  for (const name of ['ocs-password', 'other-password'])
    writeFileSync(join(folder, name), `${name}!\n`, { mode: 0o600 });
});
afterEach(() => rmSync(folder, { recursive: true }));

const LOGIN = ['account: bridge@contoso.example', 'user: CONTOSO\\bridge', 'passwordFile: ocs-password'];

/** The section `ocs` with these lines. */
function ocs(...lines: readonly string[]): OcsConfig {
  const file = join(folder, 'bridge.yaml');
  const text = ['ocs:', ...lines.map((line) => `  ${line}`), 'people: [{ address: ana@contoso.example }]', ''];
  writeFileSync(file, text.join('\n'));
  return loadConfig(file).ocs;
}

function refusal(...lines: readonly string[]): string {
  try {
    ocs(...lines);
  } catch (error) {
    if (error instanceof BridgeError) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('the server', () => {
  test('is found through DNS in the domain of the account when none is named', () => {
    expect(ocs(...LOGIN).server).toMatchObject({ domain: 'contoso.example', transports: 'tls', nameServers: [] });
  });

  test('is looked for in another domain and through given name servers when they are named', () => {
    const { server } = ocs(
      ...LOGIN,
      'discovery: { domain: corp.example, transports: any, nameServers: [10.0.0.2, "[::1]:53"] }',
      'allowNtlmWithoutTls: true',
    );
    expect(server).toMatchObject({
      domain: 'corp.example',
      transports: 'any',
      nameServers: ['10.0.0.2', '[::1]:53'],
    });
  });

  test('may be given by its address, also a long one', () => {
    const { server, alternates } = ocs(...LOGIN, 'server: { host: 10.0.0.7 }', 'alternates: [{ host: "2001:db8::7" }]');
    expect([server, ...alternates]).toMatchObject([{ host: '10.0.0.7' }, { host: '2001:db8::7' }]);
  });

  test('has stand-ins, each with a port and a transport of its own', () => {
    const { alternates } = ocs(
      ...LOGIN,
      'server: { host: ocs01.contoso.example }',
      'alternates: [{ host: ocs02.contoso.example, port: 443 }]',
    );
    expect(alternates).toMatchObject([{ host: 'ocs02.contoso.example', port: 443, transport: 'tls' }]);
  });

  test.each([
    ['a server without a name', ['server: { port: 5061 }'], '"host" is missing'],
    ['a server with its port in the name', ['server: { host: "ocs01.contoso.example:5061" }'], 'without scheme, port'],
    ['a server by an address of this machine only', ['server: { host: "fe80::1%eth0" }'], 'a host name or an address'],
    ["a trusted domain that is everybody's", ['trustedDomains: [com]'], 'at least two parts'],
    ['stand-ins without a server', ['alternates: [{ host: ocs02.contoso.example }]'], 'stand in for'],
    ['a name server that is a name', ['discovery: { nameServers: [dns.contoso.example] }'], 'an IP address'],
    ['discovery over TCP without the switch', ['discovery: { transports: any }'], 'allowNtlmWithoutTls'],
    [
      'a stand-in over TCP without the switch',
      ['server: { host: ocs01.contoso.example }', 'alternates: [{ host: ocs02.contoso.example, transport: tcp }]'],
      'allowNtlmWithoutTls',
    ],
  ])('with %s is refused', (_what, lines, message) => {
    expect(refusal(...LOGIN, ...lines)).toContain(message);
  });

  test('may be reached without TLS where no password can be attacked', () => {
    const plain = ['dialect: sip', 'server: { host: sip.contoso.example, transport: tcp, port: 5060 }'];
    expect(ocs(...LOGIN.slice(0, 2), ...plain).server).toMatchObject({ transport: 'tcp' });
    expect(refusal(...LOGIN, ...plain)).toContain('allowDigestWithoutTls');
    expect(ocs(...LOGIN, ...plain, 'allowDigestWithoutTls: true').password).toBe('ocs-password!');
  });
});

test('may forbid that the first status lets others see the account', () => {
  expect(ocs(...LOGIN, 'openContainers: false')).toMatchObject({ openContainers: false });
  expect(ocs(...LOGIN)).not.toHaveProperty('openContainers');
});

describe('the proof of who we are', () => {
  test('may be a keytab instead of a password', () => {
    const { password, kerberos } = ocs(
      ...LOGIN.slice(0, 2),
      'kerberos: { principal: bridge@CONTOSO.EXAMPLE, keytabFile: bridge.keytab }',
    );
    expect({ password, kerberos }).toEqual({
      password: '',
      kerberos: { principal: 'bridge@CONTOSO.EXAMPLE', keytab: join(folder, 'bridge.keytab') },
    });
  });

  test('may be a client certificate, which is read with its key', async () => {
    const { certificate, privateKey } = await createThrowAwayAuthority(['bridge.contoso.example']);
    writeFileSync(join(folder, 'bridge.pem'), certificate);
    writeFileSync(join(folder, 'bridge-key.pem'), privateKey, { mode: 0o600 });
    const { server } = ocs(...LOGIN.slice(0, 2), 'tls: { certificateFile: bridge.pem, keyFile: bridge-key.pem }');
    expect(server.tls.clientCertificate).toEqual({ certificate, key: privateKey });
  });

  test('is read for each further account', () => {
    const { moreAccounts } = ocs(
      ...LOGIN,
      'moreAccounts: [{ account: bridge2@contoso.example, user: "CONTOSO\\\\bridge2", passwordFile: other-password }]',
    );
    expect(moreAccounts).toEqual([
      { account: 'sip:bridge2@contoso.example', user: 'bridge2', domain: 'CONTOSO', password: 'other-password!' },
    ]);
  });

  test.each([
    ['no proof at all', LOGIN.slice(0, 2), '"passwordFile" is missing'],
    ['Kerberos without a principal', [...LOGIN, 'authentication: [kerberos]'], 'needs a section "kerberos"'],
    ['a principal without a realm', [...LOGIN, 'kerberos: { principal: bridge }'], 'a principal such as'],
    ['an unknown scheme', [...LOGIN, 'authentication: [basic]'], '"kerberos", "ntlm" or "digest"'],
    ['a certificate without its key', [...LOGIN, 'tls: { certificateFile: x.pem }'], 'belong together'],
    [
      'one account twice',
      [...LOGIN, 'moreAccounts: [{ account: Bridge@contoso.example, user: x, passwordFile: other-password }]'],
      'stands here twice',
    ],
    [
      'a password file of a further account that is missing',
      [...LOGIN, 'moreAccounts: [{ account: b2@contoso.example, user: x, passwordFile: nowhere }]'],
      'does not exist',
    ],
  ])('with %s is refused', (_what, lines, message) => {
    expect(refusal(...lines)).toContain(message);
  });
});

test('an exception from TLS 1.2 names its server', () => {
  const { server } = ocs(...LOGIN, 'tls: { exceptions: [{ host: ocs01.contoso.example }] }');
  expect(server.tls.exceptions).toEqual([{ host: 'ocs01.contoso.example', minVersion: 'TLSv1', securityLevel: 0 }]);
});
