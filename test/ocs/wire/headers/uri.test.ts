import { describe, expect, test } from 'vitest';
import { isSipUri, parseUri, type SipUriParts } from '../../../../src/ocs/wire/headers/uri.js';

function sipUri(text: string): SipUriParts {
  const uri = parseUri(text);
  if (!uri || !isSipUri(uri)) throw new Error(`no SIP URI: ${text}`);
  return uri;
}

describe('a SIP URI', () => {
  test('has all its parts', () => {
    expect(sipUri('SIPS:ana:pw@Contoso.Example:5061;Transport=TLS;lr?Subject=a%20b&x=')).toEqual({
      scheme: 'sips',
      user: 'ana',
      password: 'pw',
      host: 'Contoso.Example',
      port: 5061,
      params: new Map([
        ['transport', 'TLS'],
        ['lr', ''],
      ]),
      headers: 'Subject=a%20b&x=',
    });
  });

  test('may be a host alone', () => {
    expect(sipUri('sip:10.20.0.7')).toMatchObject({
      user: undefined,
      host: '10.20.0.7',
      port: undefined,
      headers: undefined,
    });
  });

  test('may hold signs in its user that mean something elsewhere', () => {
    expect(sipUri('sip:user;par=u%40example.net@example.com').user).toBe('user;par=u%40example.net');
    const odd = "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*";
    expect(sipUri(`sip:${odd}:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com`).user).toBe(odd);
    expect(sipUri('sip:null-%00-null@example.com').user).toBe('null-%00-null');
    expect(sipUri('sip:sips%3Auser%40example.com@example.net').host).toBe('example.net');
  });

  test.each([
    ['sip:[2001:db8::10]', '[2001:db8::10]', undefined],
    ['sip:[2001:db8::10]:5070', '[2001:db8::10]', 5070],
    ['sip:[2001:db8::10:5070]', '[2001:db8::10:5070]', undefined],
    ['sip:u@[::ffff:192.0.2.1]', '[::ffff:192.0.2.1]', undefined],
    ['sip:u@[::]', '[::]', undefined],
    ['sip:WIN_SRV-01.corp.', 'WIN_SRV-01.corp.', undefined],
  ])('has a host: %s', (text, host, port) => {
    expect(sipUri(text)).toMatchObject({ host, port });
  });

  test('of OCS keeps quotes and padding of base64 in its parameters', () => {
    const uri = sipUri('sip:ocs01.contoso.example:5061;transport=tls;ms-fe="fe1;x";ms-route-sig=aa+/9A==;lr');
    expect([...uri.params]).toEqual([
      ['transport', 'tls'],
      ['ms-fe', '"fe1;x"'],
      ['ms-route-sig', 'aa+/9A=='],
      ['lr', ''],
    ]);
    expect(sipUri('sip:a@b.example;opaque=user:epid:-DSASGVRNF2lAM_dCpBHFgAA;gruu').params.get('opaque')).toBe(
      'user:epid:-DSASGVRNF2lAM_dCpBHFgAA',
    );
  });

  test.each([
    'sip:',
    'sip:@host',
    'sip:user@',
    'sip:us er@host',
    'sip:user@ho st',
    'sip:user@host:',
    'sip:user@host:port',
    'sip:user@host:65536',
    'sip:user@.host',
    'sip:user@a..b',
    'sip:user@host;',
    'sip:user@host;;lr',
    'sip:user@host;=x',
    'sip:user@host;x="y',
    'sip:user@host;x=<y>',
    'sip:%4@host',
    'sip:%zz@host',
    'sip:user@host?<x>',
    'sip:2001:db8::10',
    'sip:user@[2001:db8:::192.0.2.1]',
    'sip:user@[1::2::3]',
    'sip:user@[1:2:3:4:5:6:7]',
    'sip:user@[1:2:3:4:5:6:7:8:9]',
    'sip:user@[12345::]',
    'sip:user@[::1.2.3]',
    'sip:user@[::1.2.3.256]',
    'sip:user@[192.0.2.1::1]',
    'sip:user@[::1',
    'sip:grüße@host',
  ])('is refused: %s', (text) => {
    expect(parseUri(text)).toBeUndefined();
  });
});

describe('another URI', () => {
  test('may be a telephone number', () => {
    expect(parseUri('tel:+1-201-555-0123;phone-context=example.com')).toEqual({
      scheme: 'tel',
      number: '+1-201-555-0123',
      params: new Map([['phone-context', 'example.com']]),
    });
    expect(parseUri('tel:+1 201')).toBeUndefined();
    expect(parseUri('tel:')).toBeUndefined();
  });

  test('may have any other scheme', () => {
    expect(parseUri('soap.beep://192.0.2.103:3002')).toEqual({ scheme: 'soap.beep', opaque: '//192.0.2.103:3002' });
    expect(parseUri('nobodyKnows:it')).toEqual({ scheme: 'nobodyknows', opaque: 'it' });
  });

  test.each(['', 'ana@contoso.example', ':x', '<sip:a@b>', 'x y:z', 'isbn:', 'isbn:1 2', 'a:<b>'])(
    'is refused: %s',
    (text) => {
      expect(parseUri(text)).toBeUndefined();
    },
  );
});
