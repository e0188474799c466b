import { expect, test } from 'vitest';
import { type Koffi, loadGssapi, systemGssapi } from '../../../../src/ocs/auth/gssapi/binding.js';

const LIBRARIES = { gssapi: 'libgssapi_krb5.so.2', krb5: 'libkrb5.so.3' };
const noPackage = () => Promise.reject(new Error("Cannot find package 'koffi'"));

test('a missing package is told as such', async () => {
  await expect(loadGssapi(noPackage, LIBRARIES)).rejects.toMatchObject({
    code: 'OCS_KERBEROS_UNAVAILABLE',
    message: 'Kerberos cannot be used: the optional package koffi is not installed.',
  });
});

test('a missing library is told by its name', async () => {
  const load = () => {
    throw new Error('no such file');
  };
  await expect(loadGssapi(async () => ({ load }) as unknown as Koffi, LIBRARIES)).rejects.toMatchObject({
    code: 'OCS_KERBEROS_UNAVAILABLE',
    message: 'Kerberos cannot be used: the library libgssapi_krb5.so.2 cannot be loaded.',
  });
});

test('what was missing once is looked for again', async () => {
  let asked = 0;
  const importKoffi = () => {
    asked += 1;
    return noPackage();
  };
  await expect(systemGssapi(importKoffi)).rejects.toThrow();
  await expect(systemGssapi(importKoffi)).rejects.toThrow();
  expect(asked).toBe(2);
});
