import { isSipUri, parseUri } from '../wire/headers/uri.js';

/** Address for a SUBSCRIBE to the pool that a resource list names (MS-PRES `poolFqdn`); `undefined` when it is none. */
export function poolTarget(pool: string): string | undefined {
  const target = /^sips?:/i.test(pool) ? pool : `sip:${pool}`;
  const parts = parseUri(target);
  return parts !== undefined && isSipUri(parts) ? target : undefined;
}
