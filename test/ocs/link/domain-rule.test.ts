import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isAllowedName, isHostName, isWithin, parentDomain } from '../../../src/ocs/link/domain-rule.js';

test('a name is in its domain and in all above it, whatever the case and the dot at the end', () => {
  expect(isWithin('Sip.Contoso.Example.', 'contoso.example')).toBe(true);
  expect(isWithin('contoso.example', 'contoso.example')).toBe(true);
  expect(isWithin('a.b.contoso.example', 'CONTOSO.example')).toBe(true);
});

test('a name that only ends alike, an address and an empty domain are not in it', () => {
  expect(isWithin('evilcontoso.example', 'contoso.example')).toBe(false);
  expect(isWithin('contoso.example.evil.example', 'contoso.example')).toBe(false);
  expect(isWithin('contoso.example.evil', 'contoso.example')).toBe(false);
  expect(isWithin('contoso.example..evil', 'contoso.example')).toBe(false);
  expect(isWithin('192.0.2.7', '2.7')).toBe(false);
  expect(isWithin('sip.contoso.example', '')).toBe(false);
});

test('one of several domains is enough', () => {
  expect(isAllowedName('pool.corp.example', ['contoso.example', 'corp.example'])).toBe(true);
  expect(isAllowedName('pool.corp.example', ['contoso.example'])).toBe(false);
  expect(isAllowedName('pool.corp.example', [])).toBe(false);
});

test('the domain of a server is known when it has at least two labels', () => {
  expect(parentDomain('OCS01.contoso.example')).toBe('contoso.example');
  expect(parentDomain('contoso.example')).toBeUndefined();
  expect(parentDomain('ocs01')).toBeUndefined();
  expect(parentDomain('192.0.2.7')).toBeUndefined();
});

test('a server whose name is a domain of its own opens nothing that strangers have names in', () => {
  for (const name of ['contoso.co.uk', 'contoso.com.au', 'contoso.ac.jp', 'Contoso.Co.Uk.']) {
    expect(parentDomain(name), name).toBeUndefined();
  }
  expect(parentDomain('ocs01.contoso.co.uk')).toBe('contoso.co.uk');
  expect(parentDomain('ocs01.contoso.de')).toBe('contoso.de');
});

test('host names are told from addresses and from what DNS may hold but no host has', () => {
  expect(isHostName('pool-1.contoso.example')).toBe(true);
  for (const bad of ['', '.', 'a..b', '-a.example', 'a b.example', '192.0.2.7', '::1', `${'a'.repeat(64)}.example`]) {
    expect(isHostName(bad)).toBe(false);
  }
  fc.assert(fc.property(fc.domain(), (name) => isHostName(name.toLowerCase())));
});
