import { splitOutsideQuotes } from './address.js';

/** An `Authorization`-like header: scheme and its parameters by lower-case name, quotes removed. */
export interface Credentials {
  readonly scheme: string;
  readonly params: ReadonlyMap<string, string>;
}

/** Reads `NTLM qop="auth", opaque="…"` (MS-SIPAE 2.2). Values are never escaped. `undefined` when there is no scheme. */
export function readCredentials(value: string): Credentials | undefined {
  const match = /^([A-Za-z0-9-]{1,32})(?:[ \t]+(.*))?$/s.exec(value);
  if (!match) return undefined;
  const params = new Map<string, string>();
  for (const part of splitOutsideQuotes(match[2] ?? '', ',')) {
    const pair = /^[ \t]*([A-Za-z0-9-]+)[ \t]*=[ \t]*(?:"([^"]*)"|([^"\s]*))[ \t]*$/s.exec(part);
    if (pair) params.set((pair[1] ?? '').toLowerCase(), pair[2] ?? pair[3] ?? '');
  }
  return { scheme: match[1] ?? '', params };
}
