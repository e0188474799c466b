import { X509Certificate } from 'node:crypto';

/** Options of a TLS connection that trusts one certificate, PEM, and no other, whatever name and authority stand in it. */
export function tlsTrusting(certificate: string) {
  const { raw } = new X509Certificate(certificate);
  return {
    ca: certificate,
    // Node's way to say that the certificate itself is trusted, not only the authority that signed it.
    ...{ allowPartialTrustChain: true },
    checkServerIdentity: (_host: string, shown: { readonly raw: Buffer }) =>
      shown.raw.equals(raw) ? undefined : new Error('another certificate than that of the bridge'),
  };
}
