import { statSync } from 'node:fs';
import type { NtlmIdentity } from './ntlm/authenticate.js';
import type { AuthScheme, KerberosOptions } from './scheme.js';

/** Whom a connection signs in as, and how it may prove it. */
export interface SignInIdentity extends NtlmIdentity {
  readonly kerberos?: KerberosOptions;
  /** Default: `kerberos` where it is set up, and `ntlm`. */
  readonly schemes?: readonly AuthScheme[];
}

export function schemesOf({ schemes, kerberos }: SignInIdentity): ReadonlySet<AuthScheme> {
  return new Set(schemes ?? (kerberos === undefined ? ['ntlm'] : ['kerberos', 'ntlm']));
}

/**
 * Everything that a server could have refused, as one text. A keytab counts by its age and size: its keys are not ours
 * to read.
 */
export function secretOf({ user, domain, password, kerberos }: SignInIdentity): string {
  return JSON.stringify([user, domain, password, kerberos?.principal, fingerprint(kerberos?.keytab)]);
}

function fingerprint(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const facts = statSync(file, { throwIfNoEntry: false });
  return facts === undefined ? 'missing' : `${facts.mtimeMs}/${facts.size}`;
}
