import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ALL_SCOPES } from '../../../../../src/bridge/api/access/grant.js';
import {
  faultOf,
  hashOf,
  isTokenName,
  newToken,
  parseTokens,
  type TokenRecord,
  tokensText,
} from '../../../../../src/bridge/api/access/tokens/token-record.js';

const crm: TokenRecord = {
  name: 'crm',
  hash: hashOf('x').toString('hex'),
  scopes: ['read', 'stream'],
  people: ['*/Sales/Contoso'],
  created: 1,
  expires: 2,
};
const text = (...changes: readonly Record<string, unknown>[]): string =>
  JSON.stringify({ format: 1, tokens: changes.map((change) => ({ ...crm, ...change })) });

describe('tokens', () => {
  test('are read as they were written', () => {
    const tokens = [crm, { ...crm, name: 'all', hash: 'a'.repeat(64), scopes: ALL_SCOPES, people: ['*'] }];
    expect(parseTokens(tokensText(tokens))).toEqual({ ok: true, value: tokens });
  });

  test.each([
    ['no JSON', '{'],
    ['another format', '{"format":2,"tokens":[]}'],
    ['no list', '{"format":1}'],
    ['a scope nobody knows', text({ scopes: ['admin'] })],
    ['no scope', text({ scopes: [] })],
    ['no people', text({ people: [] })],
    ['a pattern that cannot be read', text({ people: ['Ana'] })],
    ['operate for some people only', text({ scopes: ['operate'] })],
    ['a half hash', text({ hash: 'ab' })],
    ['a field nobody knows', text({ admin: true })],
    ['the name of the administrator', text({ name: 'access-token' })],
    ['a name twice', text({}, { hash: 'a'.repeat(64) })],
    ['a token twice', text({}, { name: 'other' })],
    ['one good and one bad', text({}, { name: 'other', hash: 'a'.repeat(64), expires: -1 })],
  ])('with %s are refused as a whole', (_what, wrong) => {
    expect(parseTokens(wrong).ok).toBe(false);
  });

  test('never throw, whatever stands in the file', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (wild) => typeof parseTokens(wild).ok === 'boolean'));
  });

  test('have 256 random bits, in letters of RFC 6750', () => {
    const tokens = Array.from({ length: 50 }, newToken);
    expect(new Set(tokens).size).toBe(50);
    for (const token of tokens) expect(token).toMatch(/^npb_[A-Za-z0-9_-]{43}$/);
  });

  test.each(['access-token', 'anybody', '', 'a b', '-a', 'ä', 'a'.repeat(65), 'a\n'])(
    'may not be called "%s"',
    (name) => {
      expect(isTokenName(name)).toBe(false);
    },
  );

  test('say what is wrong with scopes and people together', () => {
    expect(faultOf({ scopes: ['operate'], people: ['*'] })).toBeUndefined();
    expect(faultOf({ scopes: ['operate'], people: ['*/C'] })).toContain('everybody');
  });
});
