import type { SecureVersion } from 'node:tls';
import { plainName } from './domain-rule.js';

/** How TLS is spoken. The defaults are safe ones: at least TLS 1.2, the system's authorities, verified always. */
export interface TlsSettings {
  /** Certificate authorities in PEM form, instead of those that Node knows. */
  readonly ca?: string | Buffer;
  /** Shown to servers that ask for one: how a trusted host says who it is. PEM. */
  readonly clientCertificate?: { readonly certificate: string; readonly key: string };
  readonly exceptions?: readonly TlsException[];
}

/** COMPAT(ocs2007): servers on Windows Server 2003 and 2008 speak nothing newer than TLS 1.0. */
export interface TlsException {
  /** The one server it holds for, as its certificate names it. */
  readonly host: string;
  readonly minVersion: 'TLSv1' | 'TLSv1.1';
  /** OpenSSL's level for ciphers, keys and hashes; 0 admits SHA-1 certificates and short keys. */
  readonly securityLevel: 0 | 1;
}

/** The exception for the server that its certificate names `host`, if there is one. */
export function exceptionFor(settings: TlsSettings | undefined, host: string): TlsException | undefined {
  return settings?.exceptions?.find((one) => plainName(one.host) === plainName(host));
}

/** What Node's TLS is told about versions and ciphers for that server. */
export function tlsLevelOf(
  settings: TlsSettings | undefined,
  host: string,
): { readonly minVersion: SecureVersion; readonly ciphers?: string } {
  const exception = exceptionFor(settings, host);
  if (exception === undefined) return { minVersion: 'TLSv1.2' };
  return { minVersion: exception.minVersion, ciphers: `DEFAULT@SECLEVEL=${exception.securityLevel}` };
}
