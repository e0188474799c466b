import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { NtlmIdentity } from '../../../../src/ocs/auth/ntlm/authenticate.js';
import { ntowfV2 } from '../../../../src/ocs/auth/ntlm/keys.js';
import { md4 } from '../../../../src/ocs/auth/ntlm/md4.js';
import { NtlmMechanism } from '../../../../src/ocs/auth/ntlm/mechanism.js';
import { Accounts } from '../../../../src/ocs/simulator/security/accounts.js';
import { Handshake } from '../../../../src/ocs/simulator/security/handshake.js';
import { sip } from '../../../support/people.js';
import { SimulatedClock, seededRandom } from '../../../support/simulated-clock.js';

const PASSWORD = 'Winter-2009!';
const NAMES = {
  netbiosDomain: 'CONTOSO',
  netbiosComputer: 'OCS01',
  dnsDomain: 'contoso.example',
  dnsComputer: 'ocs01.contoso.example',
};

/** One whole handshake of client and simulated server. */
function signIn(identity: Omit<NtlmIdentity, 'workstation'>, account: { user: string; password?: string }): boolean {
  const { user, password = PASSWORD } = account;
  const uri = sip('bridge@contoso.example');
  const accounts = new Accounts([{ uri, user, domain: 'CONTOSO', password, displayName: 'Bridge' }]);
  const context = { version: 4, scheme: 'NTLM', realm: 'r', targetName: NAMES.dnsComputer } as const;
  const server = new Handshake(context, NAMES, seededRandom(2));
  const ports = { random: seededRandom(3), clock: new SimulatedClock() };
  const client = new NtlmMechanism({ ...identity, workstation: 'WS1' }, { extendedSecurity: 'required' }, ports);
  const token = client.step(Buffer.from(server.token, 'base64'));
  return token.ok && server.complete(token.value.toString('base64'), accounts).ok;
}

describe('names for NTLM', () => {
  for (const [what, user, domain] of [
    ['domain\\user', 'bridge', 'CONTOSO'],
    ['domain\\user in other letters', 'BriDge', 'contoso'],
    ['DNS domain and user', 'bridge', 'contoso.example'],
    ['user principal name', 'bridge@contoso.example', ''],
    ['user principal name in other letters', 'Bridge@Contoso.Example', ''],
    ['user alone', 'bridge', ''],
  ] as const) {
    test(`can be given as ${what}`, () => {
      expect(signIn({ user, domain, password: PASSWORD }, { user: 'bridge' })).toBe(true);
      expect(signIn({ user, domain, password: 'wrong' }, { user: 'bridge' })).toBe(false);
    });
  }

  test('of another domain are somebody else', () => {
    expect(signIn({ user: 'bridge', domain: 'FABRIKAM', password: PASSWORD }, { user: 'bridge' })).toBe(false);
  });

  for (const user of [
    'jürgen.müller',
    'josé',
    'владимир',
    'ελένη',
    'straße',
    'jürgen.weiß',
    '山田太郎',
    'ﬁona',
    '𐐨𐑌',
  ]) {
    test(`may lie outside of ASCII: ${user}`, () => {
      expect(signIn({ user, domain: 'CONTOSO', password: PASSWORD }, { user })).toBe(true);
      expect(signIn({ user: `${user}@contoso.example`, domain: '', password: PASSWORD }, { user })).toBe(true);
    });
  }

  test('and passwords outside of ASCII are proven as UTF-16', () => {
    const password = 'пароль ñ 🔑';
    expect(signIn({ user: 'bridge', domain: 'CONTOSO', password }, { user: 'bridge', password })).toBe(true);
  });

  for (const [user, upper] of [
    ['jürgen', 'JÜRGEN'],
    ['straße', 'STRAßE'],
    ['ﬁona', 'ﬁONA'],
    ['владимир', 'ВЛАДИМИР'],
    ['𐐨a', '𐐨A'],
  ] as const) {
    test(`are upper-cased unit by unit, as Windows does: ${user} is ${upper}`, () => {
      const secret = md4(Buffer.from(PASSWORD, 'utf16le'));
      const expected = createHmac('md5', secret)
        .update(Buffer.from(`${upper}Contoso`, 'utf16le'))
        .digest();
      expect(ntowfV2(user, 'Contoso', PASSWORD).equals(expected)).toBe(true);
    });
  }
});
