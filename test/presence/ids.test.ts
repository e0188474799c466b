import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseNotesName, parseSipUri, sipKeyOf } from '../../src/presence/ids.js';

const read = (text: string): string => {
  const result = parseSipUri(text);
  return result.ok ? result.value : `refused: ${result.reason}`;
};

describe('a SIP address', () => {
  test.each([
    ['sip:ana@contoso.example', 'sip:ana@contoso.example'],
    ['SIP:Ana.Reyes@CONTOSO.example', 'sip:ana.reyes@contoso.example'],
    ['ana@contoso.example', 'sip:ana@contoso.example'],
    ['"Ana" <sip:ana@contoso.example;transport=tls>;tag=1', 'sip:ana@contoso.example'],
    ['sip:an%61@contoso.example:5061', 'sip:ana@contoso.example'],
    ['sip:m%C3%BCller@contoso.example', 'sip:m%c3%bcller@contoso.example'],
    ['sip:ana@contoso.example?subject=x', 'sip:ana@contoso.example'],
  ])('%s reads as %s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test.each([
    '',
    'ana',
    '@contoso.example',
    'sip:ana@',
    'sip:ana@-x.example',
    'sip:a na@contoso.example',
    'tel:+15550100',
    'mailto:ana@contoso.example',
    '<sip:ana@contoso.example',
    `sip:${'a'.repeat(500)}@contoso.example`,
    'sip:a"b@contoso.example',
    'sip:a<b@contoso.example',
  ])('%s is refused', (text) => {
    expect(read(text)).toMatch(/^refused: /);
  });

  test('is canonical: reading it again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        const once = parseSipUri(text);
        if (once.ok) expect(parseSipUri(once.value)).toEqual(once);
      }),
      { numRuns: 500 },
    );
  });

  test('reads the same whether it is recognised as canonical or taken apart', () => {
    const pieces = fc.array(fc.constantFrom('a', '-', '.', '_', '1', 'x'.repeat(60)), { maxLength: 6 });
    const address = fc.tuple(pieces, pieces).map(([user, host]) => `sip:${user.join('')}@${host.join('')}`);
    fc.assert(
      fc.property(address, (text) => {
        expect(parseSipUri(text)).toEqual(parseSipUri(`<${text}>`));
      }),
      { numRuns: 500 },
    );
  });
});

test('a SIP key is 32 hexadecimal digits and differs for look-alikes that DQL would confuse', () => {
  const keyOf = (text: string): string => {
    const uri = parseSipUri(text);
    return uri.ok ? sipKeyOf(uri.value) : '';
  };
  expect(keyOf('sip:müller@contoso.example')).toMatch(/^[0-9a-f]{32}$/);
  expect(keyOf('sip:müller@contoso.example')).not.toBe(keyOf('sip:muller@contoso.example'));
  expect(keyOf('sip:MULLER@contoso.example')).toBe(keyOf('sip:muller@contoso.example'));
});

describe('a Notes name', () => {
  test.each([
    ['CN=Ana Reyes/OU=Sales/O=Contoso', 'CN=Ana Reyes/OU=Sales/O=Contoso'],
    ['cn=Ana  Reyes / o=Contoso', 'CN=Ana Reyes/O=Contoso'],
    ['Ana Reyes/Sales/Contoso', 'CN=Ana Reyes/OU=Sales/O=Contoso'],
    ['Zoë Lindström/Contoso', 'CN=Zoë Lindström/O=Contoso'],
    ['Ana Reyes/Sales/Contoso@Contoso', 'CN=Ana Reyes/OU=Sales/O=Contoso'],
    ['CN=Ana Reyes/O=Contoso@Contoso @ Fabrikam', 'CN=Ana Reyes/O=Contoso'],
    ['CN=Ana\u00a0Reyes/O=Contoso/C=DE', 'CN=Ana Reyes/O=Contoso/C=DE'],
    ['Ana Reyes/Contoso/DE', 'CN=Ana Reyes/OU=Contoso/O=DE'],
    ['ana@home/Contoso', 'CN=ana@home/O=Contoso'],
  ])('%s reads as %s', (text, expected) => {
    expect(parseNotesName(text)).toEqual({ ok: true, value: expected });
  });

  test.each([
    'Ana Reyes',
    'CN=Ana Reyes',
    'CN=Ana/Sales',
    '/Contoso',
    'O=Contoso/CN=Ana',
    'Ana/@Contoso',
    'Ana@Contoso',
    '',
  ])('%s is refused', (text) => {
    expect(parseNotesName(text).ok).toBe(false);
  });
});
