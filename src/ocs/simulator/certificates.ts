import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A server's certificate with its key, and the authority that issued it; all PEM. */
export interface ServerCertificate {
  readonly caCertificate: string;
  readonly certificate: string;
  readonly privateKey: string;
}

export interface CertificateValidity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const LIFETIME_DAYS = 30;

/** A certificate authority that exists only in this process, so that trusting it endangers nobody. */
export interface CertificateAuthority {
  /** PEM. */
  readonly caCertificate: string;
  /** A server certificate; `hostNames` are DNS names and IP addresses, the first is the common name. */
  issue(hostNames: readonly string[], validity?: CertificateValidity): Promise<ServerCertificate>;
}

/**
 * A certificate authority (ECDSA P-256). `validity` is for tests of expired certificates; default: yesterday until in
 * thirty days.
 */
export async function createAuthority(validity = validFrom(Date.now())): Promise<CertificateAuthority> {
  const authority = await generateKeys();
  const issuer = 'CN=Throw-away authority of the OCS simulator';
  const ca = await X509CertificateGenerator.createSelfSigned({
    name: issuer,
    ...validity,
    keys: authority,
    signingAlgorithm: SIGNING,
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    ],
  });
  const caCertificate = ca.toString('pem');
  return {
    caCertificate,
    issue: async (hostNames, leafValidity = validity) => {
      const server = await generateKeys();
      const leaf = await X509CertificateGenerator.create({
        subject: [{ CN: [hostNames[0] ?? 'localhost'] }],
        issuer,
        ...leafValidity,
        publicKey: server.publicKey,
        signingKey: authority.privateKey,
        signingAlgorithm: SIGNING,
        extensions: [
          new BasicConstraintsExtension(false, undefined, true),
          new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
          // Trusted hosts are clients and servers with one certificate.
          new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth, ExtendedKeyUsage.clientAuth]),
          new SubjectAlternativeNameExtension(
            [...new Set(hostNames)].map((value) => ({ type: isIP(value) ? ('ip' as const) : ('dns' as const), value })),
          ),
        ],
      });
      const key = await webcrypto.subtle.exportKey('pkcs8', server.privateKey);
      return {
        caCertificate,
        certificate: leaf.toString('pem'),
        privateKey: pemOf('PRIVATE KEY', Buffer.from(key)),
      };
    },
  };
}

/** One server certificate from an authority whose key is forgotten at once; arguments as for `createAuthority`. */
export async function createThrowAwayAuthority(
  hostNames: readonly string[],
  validity: CertificateValidity = validFrom(Date.now()),
): Promise<ServerCertificate> {
  return await (await createAuthority(validity)).issue(hostNames);
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function validFrom(now: number): CertificateValidity {
  return { notBefore: new Date(now - DAY_MS), notAfter: new Date(now + LIFETIME_DAYS * DAY_MS) };
}

function pemOf(label: string, der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
