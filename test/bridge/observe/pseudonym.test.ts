import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pseudonym } from '../../../src/bridge/observe/pseudonym.js';

describe('pseudonym', () => {
  test('gives one person the same key in every spelling of the address', () => {
    const spellings = [
      'sip:ana@contoso.example',
      'SIP:Ana@Contoso.Example',
      'sips:ana@contoso.example',
      'im:%61na@contoso.example',
    ];
    const keys = new Set(spellings.map((text) => pseudonym(text)));
    expect([...keys]).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/)]);
  });

  test('leaves the rest of the text and addresses of servers alone', () => {
    expect(pseudonym('to <sip:pool.contoso.example:5061> at 09:30')).toBe(
      'to <sip:pool.contoso.example:5061> at 09:30',
    );
    expect(pseudonym('"A" <sip:ana@contoso.example>;tag=1')).toMatch(/^"A" <[0-9a-f]{32}>;tag=1$/);
  });

  test('hides an address that cannot be read', () => {
    expect(pseudonym('sip:ana@-bad-.example')).toBe('(address)');
  });

  test('never leaves the user part of a readable address', () => {
    const user = fc.stringMatching(/^zq[a-z0-9.]{1,20}$/);
    fc.assert(
      fc.property(user, fc.string(), fc.string(), (name, before, after) => {
        expect(pseudonym(`${before} sip:${name}@contoso.example ${after}`)).not.toContain(`${name}@`);
      }),
    );
  });
});
