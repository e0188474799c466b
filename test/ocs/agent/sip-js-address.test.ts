import { describe, expect, test } from 'vitest';
import { readSipJsAddress, toSipJsAddress, toSipJsUri } from '../../../src/ocs/agent/sip-js-address.js';

describe('a URI for sip.js', () => {
  test.each([
    ['sip:Ana.Reyes@Contoso.example:5061;transport=tls;lr'],
    ['sip:10.20.0.7:50412;transport=tls;ms-opaque=6f1d2c3b4a;ms-received-cid=2600'],
    ['sip:bridge@contoso.example;opaque=user:epid:-DSASGVRNF2lAM_dCpBHFgAA;gruu'],
    ['sip:pool.contoso.example:5061;transport=tls;ms-fe="fe1.contoso.example"'],
    ['sip:ana@[2001:db8::1]:5061'],
    ['sip:a%20b%25c%00@contoso.example'],
    ['sip:ana:secret@contoso.example'],
  ])('is written as it came: %s', (text) => {
    expect(toSipJsUri(text).toRaw()).toBe(text);
    expect(toSipJsUri(text).clone().toRaw()).toBe(text);
  });

  test('has no user when there is none', () => {
    expect(toSipJsUri('sip:10.20.0.7').user).toBeUndefined();
  });

  test('loses header fields, which the other side must not put into our requests', () => {
    expect(toSipJsUri('sip:user@example.com?Route=%3Csip:sip.example.com%3E').toRaw()).toBe('sip:user@example.com');
  });

  test('never makes sip.js throw, whatever the user', () => {
    for (const user of ['%ff', '%', '%zz', 'a%25ff', '%e0%a4%a']) {
      expect(() => toSipJsUri(`sip:${user}@example.com`).toString(), user).not.toThrow();
    }
  });

  test('is one that leads nowhere when nobody can read it', () => {
    expect(toSipJsUri('nonsense').toString()).toBe('sip:unreadable.invalid');
    expect(toSipJsAddress(undefined).uri.toString()).toBe('sip:unreadable.invalid');
  });

  test('may be of another scheme', () => {
    expect([toSipJsUri('tel:+1;ext=2').scheme, toSipJsUri('isbn:2983792873').scheme]).toEqual(['tel', 'isbn']);
  });
});

describe('an address for sip.js', () => {
  test('is written as it came', () => {
    for (const text of ['"J \\\\ \\"R\\"" <sip:jr@example.com;a=b>;tag=1;epid=0A', '<sip:jr@example.com>;x']) {
      expect(readSipJsAddress(text)?.toString()).toBe(text);
    }
  });

  test('is undefined when malformed', () => {
    expect(readSipJsAddress('<')).toBeUndefined();
  });

  test('takes no harm from parameters with the names of built-in properties', () => {
    const address = readSipJsAddress('<sip:a@b;__proto__=x;constructor=y>;__proto__=1;hasOwnProperty=2');
    expect(address?.uri.getParam('constructor')).toBe('y');
    expect(() => address?.toString()).not.toThrow();
  });
});
