import { describe, expect, test } from 'vitest';
import { parseAuthHeader } from '../../../../src/ocs/wire/headers/auth-params.js';

const read = (text: string): unknown => {
  const header = parseAuthHeader(text);
  return header && { scheme: header.scheme, ...Object.fromEntries(header.params) };
};

describe('an authentication header', () => {
  test('of a signed message is read', () => {
    expect(
      read(
        'NTLM rspauth="0100", srand="9616454F", snum="1", targetname="ocs01", realm="SIP Communications Service", version=4',
      ),
    ).toEqual({
      scheme: 'NTLM',
      rspauth: '0100',
      srand: '9616454F',
      snum: '1',
      targetname: 'ocs01',
      realm: 'SIP Communications Service',
      version: '4',
    });
  });

  test.each([
    ['a name in any case', 'NTLM Realm="a"', { scheme: 'NTLM', realm: 'a' }],
    ['an empty value', 'NTLM gssapi-data=""', { scheme: 'NTLM', 'gssapi-data': '' }],
    ['commas and signs in quotes', 'Kerberos a="b, c=d;", e=f', { scheme: 'Kerberos', a: 'b, c=d;', e: 'f' }],
    ['a backslash as itself', 'NTLM realm="CONTOSO\\ana"', { scheme: 'NTLM', realm: 'CONTOSO\\ana' }],
    [
      'base64 without quotes',
      'TLS-DSK gssapi-data=TlRM+/8=, x=1',
      { scheme: 'TLS-DSK', 'gssapi-data': 'TlRM+/8=', x: '1' },
    ],
    ['blanks anywhere', ' NTLM  a = "b" ,\tc=d ', { scheme: 'NTLM', a: 'b', c: 'd' }],
    ['a comma at the end', 'NTLM a=b,', { scheme: 'NTLM', a: 'b' }],
    ['a scheme alone', 'Negotiate', { scheme: 'Negotiate' }],
  ])('may have %s', (_, text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test.each([
    '',
    '"NTLM"',
    'NTLM,a=b',
    'NTLM a',
    'NTLM a="b',
    'NTLM a="b"c="d"',
    'NTLM a=b c=d',
    'NTLM =b',
    'NTLM a=1, A=2',
  ])('is refused: %s', (text) => {
    expect(parseAuthHeader(text)).toBeUndefined();
  });
});
