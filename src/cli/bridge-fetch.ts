import { X509Certificate } from 'node:crypto';
import { Agent, fetch as fetchWith } from 'undici';

/**
 * `fetch` for a bridge on this machine whose certificate is known from its state folder: that one is trusted, and no other,
 * whatever name and authority stand in it. Without a certificate the system decides, as everywhere.
 */
export function fetchTrusting(certificate: string | undefined): typeof fetch {
  if (certificate === undefined) return fetch;
  const { raw } = new X509Certificate(certificate);
  const dispatcher = new Agent({
    connect: {
      ca: certificate,
      // Node's way to say that the certificate itself is trusted, not only the authority that signed it.
      ...{ allowPartialTrustChain: true },
      checkServerIdentity: (_host: string, shown: { readonly raw: Buffer }) =>
        shown.raw.equals(raw) ? undefined : new Error('another certificate than that of the bridge'),
    },
  });
  return ((url: URL, init: object) => fetchWith(url, { ...init, dispatcher })) as unknown as typeof fetch;
}
