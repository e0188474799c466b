import { Agent, fetch as fetchWith } from 'undici';
import { tlsTrusting } from './tls-trusting.js';

/**
 * `fetch` for a bridge on this machine whose certificate is known from its state folder: that one is trusted, and no other,
 * whatever name and authority stand in it. Without a certificate the system decides, as everywhere.
 */
export function fetchTrusting(certificate: string | undefined): typeof fetch {
  if (certificate === undefined) return fetch;
  const dispatcher = new Agent({ connect: tlsTrusting(certificate) });
  return ((url: URL, init: object) => fetchWith(url, { ...init, dispatcher })) as unknown as typeof fetch;
}
