import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { createThrowAwayAuthority } from '../../../src/ocs/simulator/certificates.js';

describe('createThrowAwayAuthority', () => {
  test('issues a certificate for all names and addresses, signed by its authority', async () => {
    const made = await createThrowAwayAuthority(['ocs01.contoso.example', 'localhost', '127.0.0.1', 'localhost']);
    const server = new X509Certificate(made.certificate);
    const authority = new X509Certificate(made.caCertificate);
    expect(server.verify(authority.publicKey)).toBe(true);
    expect(authority.ca).toBe(true);
    expect(server.checkHost('ocs01.contoso.example')).toBeDefined();
    expect(server.checkHost('localhost')).toBeDefined();
    expect(server.checkIP('127.0.0.1')).toBeDefined();
    expect(server.checkHost('pool.contoso.example')).toBeUndefined();
    expect(made.privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  });

  test('makes a new authority each time', async () => {
    const [one, two] = await Promise.all([createThrowAwayAuthority(['a']), createThrowAwayAuthority(['a'])]);
    const other = new X509Certificate(two.caCertificate);
    expect(new X509Certificate(one.certificate).verify(other.publicKey)).toBe(false);
  });

  test('can be made expired', async () => {
    const validity = { notBefore: new Date('2009-01-01'), notAfter: new Date('2010-01-01') };
    const made = await createThrowAwayAuthority(['localhost'], validity);
    expect(new Date(new X509Certificate(made.certificate).validTo).getUTCFullYear()).toBe(2010);
  });
});
