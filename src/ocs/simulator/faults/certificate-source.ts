import { type CertificateAuthority, createAuthority, type ServerCertificate } from '../certificates.js';
import type { CertificateFlaw } from './fault.js';

const DAY_MS = 86_400_000;
const FOREIGN_NAME = 'pool.fabrikam.example';

export type AuthorityOnDemand = () => Promise<CertificateAuthority>;

/** One authority, made when first asked for. */
export function authorityOnDemand(): AuthorityOnDemand {
  let authority: Promise<CertificateAuthority> | undefined;
  return () => {
    // Old enough for certificates that are over by now.
    const validity = { notBefore: new Date(Date.now() - 30 * DAY_MS), notAfter: new Date(Date.now() + 30 * DAY_MS) };
    authority ??= createAuthority(validity);
    return authority;
  };
}

/** Where the server's certificate comes from: good ones, and bad ones that a client must not accept. */
export class CertificateSource {
  readonly #given: ServerCertificate | undefined;
  readonly #names: readonly string[];
  readonly #authority: AuthorityOnDemand;
  #good: ServerCertificate | undefined;

  /** Without a given certificate an authority of its own issues one; bad ones always come from that authority. */
  constructor(given: ServerCertificate | undefined, names: readonly string[], authority = authorityOnDemand()) {
    this.#given = given;
    this.#names = names;
    this.#authority = authority;
  }

  /** `caCertificate` is always what a client was told to trust. */
  async certificate(flaw?: CertificateFlaw): Promise<ServerCertificate> {
    switch (flaw) {
      case undefined:
        this.#good ??= this.#given ?? (await (await this.#authority()).issue(this.#names));
        return this.#good;
      case 'expired':
        return (await this.#authority()).issue(this.#names, {
          notBefore: new Date(Date.now() - 20 * DAY_MS),
          notAfter: new Date(Date.now() - DAY_MS),
        });
      case 'wrong-name':
        return (await this.#authority()).issue([FOREIGN_NAME]);
      case 'unknown-authority': {
        const { caCertificate } = await this.certificate();
        return { ...(await (await createAuthority()).issue(this.#names)), caCertificate };
      }
    }
  }
}
