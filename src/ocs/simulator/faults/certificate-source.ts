import { type CertificateAuthority, createAuthority, type ServerCertificate } from '../certificates.js';
import type { CertificateFlaw } from './fault.js';

const DAY_MS = 86_400_000;
const FOREIGN_NAME = 'pool.fabrikam.example';

/** Where the server's certificate comes from: good ones, and bad ones that a client must not accept. */
export class CertificateSource {
  readonly #given: ServerCertificate | undefined;
  readonly #names: readonly string[];
  #authority: CertificateAuthority | undefined;
  #good: ServerCertificate | undefined;

  /** Without a given certificate an authority of its own issues one; bad ones always come from that authority. */
  constructor(given: ServerCertificate | undefined, names: readonly string[]) {
    this.#given = given;
    this.#names = names;
  }

  /** `caCertificate` is always what a client was told to trust. */
  async certificate(flaw?: CertificateFlaw): Promise<ServerCertificate> {
    switch (flaw) {
      case undefined:
        this.#good ??= this.#given ?? (await (await this.#own()).issue(this.#names));
        return this.#good;
      case 'expired':
        return (await this.#own()).issue(this.#names, {
          notBefore: new Date(Date.now() - 20 * DAY_MS),
          notAfter: new Date(Date.now() - DAY_MS),
        });
      case 'wrong-name':
        return (await this.#own()).issue([FOREIGN_NAME]);
      case 'unknown-authority': {
        const { caCertificate } = await this.certificate();
        return { ...(await (await createAuthority()).issue(this.#names)), caCertificate };
      }
    }
  }

  async #own(): Promise<CertificateAuthority> {
    // Old enough for certificates that are over by now.
    const validity = { notBefore: new Date(Date.now() - 30 * DAY_MS), notAfter: new Date(Date.now() + 30 * DAY_MS) };
    this.#authority ??= await createAuthority(validity);
    return this.#authority;
  }
}
