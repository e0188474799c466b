import { describe, expect, test } from 'vitest';
import { objectionToTarget } from '../../../src/ocs/auth/target-name.js';

describe('name that a server gives itself', () => {
  const accepted: readonly (readonly [string, string, readonly string[]])[] = [
    ['the configured name', 'ocs01.contoso.example', ['ocs01.contoso.example']],
    ['the configured name in other case', 'OCS01.Contoso.Example', ['ocs01.contoso.example']],
    ['a front end of the configured pool', 'fe02.contoso.example', ['pool.contoso.example']],
    ['a name in the certificate', 'ocs01.corp.local', ['sip.contoso.example', 'ocs01.corp.local']],
    ['a front end in the domain of the certificate', 'fe02.corp.local', ['sip.contoso.example', 'pool.corp.local']],
    ['the full form of a short name', 'ocs01.contoso.example', ['ocs01']],
    ['anything, when only an address is known', 'ocs01.contoso.example', ['10.20.0.1']],
  ];
  for (const [what, target, known] of accepted) {
    test(`may be ${what}`, () => {
      expect(objectionToTarget(target, known)).toBeUndefined();
    });
  }

  const refused: readonly (readonly [string, string, readonly string[]])[] = [
    ['of another domain', 'ocs01.fabrikam.example', ['ocs01.contoso.example']],
    ['of a domain below', 'evil.ocs01.contoso.example', ['ocs01.contoso.example']],
    ['that only ends alike', 'ocs01.notcontoso.example', ['pool.contoso.example']],
    ['that shares only the top domain', 'evil.example', ['contoso.example']],
    ['that is empty', '', ['ocs01.contoso.example']],
    ['that starts alike', 'ocs01x.contoso.example', ['ocs01']],
  ];
  for (const [what, target, known] of refused) {
    test(`must not be one ${what}`, () => {
      expect(objectionToTarget(target, known)).toContain(`"${target}"`);
    });
  }
});
