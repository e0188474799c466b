/** Ways to prove who we are, strongest first. A server that asks for none of them trusts this machine. */
export type AuthScheme = 'kerberos' | 'ntlm' | 'digest';

export interface KerberosOptions {
  /** `user@REALM`. */
  readonly principal: string;
  /** Path of a keytab file; without one the account's password is used. */
  readonly keytab?: string;
}
