import { expect, test } from 'vitest';
import { accountsOf, clientOptionsOf, type OcsSourceOptions } from '../../src/ocs/options.js';
import { sip } from '../support/people.js';

const SERVER = { host: 'ocs01.contoso.example', port: 5061, transport: 'tls', tls: {} } as const;

function epids(more: Partial<OcsSourceOptions>): readonly string[] {
  const account = { user: 'bridge', domain: 'CONTOSO', password: 'x' };
  const options: OcsSourceOptions = {
    ...account,
    account: sip('bridge@contoso.example'),
    moreAccounts: [{ ...account, account: sip('bridge2@contoso.example') }],
    server: SERVER,
    notes: false,
    ...more,
  };
  return accountsOf(options).map((one) => clientOptionsOf(one, SERVER).epid);
}

test('two bridges of one account on one machine are two endpoints, each the same at every start', () => {
  const first = epids({ instance: 'a' });
  expect(epids({ instance: 'a' })).toEqual(first);
  expect(new Set([...first, ...epids({ instance: 'b' }), ...epids({})]).size).toBe(6);
});
