import { describe, expect, test } from 'vitest';
import { parseNameAddr } from '../../../../src/ocs/wire/headers/name-addr.js';

/** Display name, URI and parameters, as a list that is quick to compare. */
const read = (text: string): unknown => {
  const address = parseNameAddr(text);
  return address && [address.displayName, address.uri, Object.fromEntries(address.params)];
};

describe('an address', () => {
  test.each([
    ['<sip:ana@contoso.example>', '', 'sip:ana@contoso.example', {}],
    [
      '"Ana Reyes" <sip:ana@contoso.example>;tag=1;epid=0A',
      'Ana Reyes',
      'sip:ana@contoso.example',
      { tag: '1', epid: '0A' },
    ],
    ['caller<sip:a@b>;tag=323', 'caller', 'sip:a@b', { tag: '323' }],
    ["token1~` token2'+_ token3*%!.- <sip:a@b>", "token1~` token2'+_ token3*%!.-", 'sip:a@b', {}],
    ['"J \\\\\\"R\\"" <sip:a@b>', 'J \\"R"', 'sip:a@b', {}],
    ['"<sip:x@y>, \\" >" <sip:a@b>', '<sip:x@y>, " >', 'sip:a@b', {}],
    ['Jürgen Groß <sip:a@b>', 'Jürgen Groß', 'sip:a@b', {}],
    ['"" <sip:a@b>', '', 'sip:a@b', {}],
    ['sip:+16505552222@ss1.example.net;user=phone', '', 'sip:+16505552222@ss1.example.net', { user: 'phone' }],
    [' sip:a@b ;   tag    = 19 ', '', 'sip:a@b', { tag: '19' }],
    ['<sip:a@b;x=1?h=2>;y', '', 'sip:a@b;x=1?h=2', { y: '' }],
    ['sip:a@b;+sip.instance="<urn:uuid:1>"', '', 'sip:a@b', { '+sip.instance': '<urn:uuid:1>' }],
    ['<tel:+4989123;ext=1>;tag=t', '', 'tel:+4989123;ext=1', { tag: 't' }],
  ])('is read: %s', (text, displayName, uri, params) => {
    expect(read(text)).toEqual([displayName, uri, params]);
  });

  test('offers tag and epid', () => {
    expect(parseNameAddr('<sip:a@b>;TAG=Ab;EPID=Cd')).toMatchObject({ tag: 'Ab', epid: 'Cd' });
    expect(parseNameAddr('<sip:a@b>')).toMatchObject({ tag: undefined, epid: undefined });
  });

  test.each([
    ['quotes inside the URI', '<sip:pool:5061;transport=tls;ms-fe="fe1">', 'sip:pool:5061;transport=tls;ms-fe="fe1"'],
    ['a closing bracket without an opening one', 'sip:alice@fabrikam.com>;tag=1', 'sip:alice@fabrikam.com'],
    ['a closing bracket without an opening one at the end', 'sip:alice@fabrikam.com>', 'sip:alice@fabrikam.com'],
    ['no brackets', 'sip:alice@fabrikam.com;tag=1', 'sip:alice@fabrikam.com'],
  ])('of OCS is read: %s', (_, text, uri) => {
    expect(parseNameAddr(text)?.uri).toBe(uri);
  });

  test.each([
    [''],
    ['*'],
    ['<>'],
    ['<sip:a@b'],
    ['"Mr. J. User <sip:j.user@example.com>'],
    ['"Ana" sip:a@b'],
    ['Bell, Alexander <sip:a@b>'],
    ['"Watson" < sip:t.watson@example.org >'],
    ['<sip:a b@c>'],
    ['<sip:a@b<sip:c@d>>'],
    ['sip:user@example.com?Route=%3Csip:sip.example.com%3E'],
    ['sip:a@b c'],
    ['ana@contoso.example'],
    ['"Joe" <sip:joe@example.org>;;;;'],
    ['<sip:a@b>;'],
    ['<sip:a@b>tag=1'],
    ['<sip:a@b>;tag="1'],
  ])('is refused: %s', (text) => {
    expect(parseNameAddr(text)).toBeUndefined();
  });
});
