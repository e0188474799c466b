import type { SipUri } from '../../../presence/ids.js';
import type { SimulatorAccount } from '../options.js';

/** Look-up of accounts by SIP address and by the name that a client signs in with. */
export class Accounts {
  readonly #byUri = new Map<SipUri, SimulatorAccount>();
  readonly #byLogin = new Map<string, SimulatorAccount>();

  constructor(accounts: readonly SimulatorAccount[]) {
    for (const account of accounts) {
      this.#byUri.set(account.uri, account);
      const address = account.uri.slice('sip:'.length);
      const host = address.slice(address.lastIndexOf('@') + 1);
      const logins = [
        [account.user, account.domain],
        [account.user, host],
        [`${account.user}@${host}`, ''],
        [address, ''],
        [account.user, ''],
      ] as const;
      for (const [user, domain] of logins) {
        const key = loginKey(user, domain);
        if (!this.#byLogin.has(key)) this.#byLogin.set(key, account);
      }
    }
  }

  byUri(uri: SipUri): SimulatorAccount | undefined {
    return this.#byUri.get(uri);
  }

  /** `user@REALM`, the realm being the domain of the user's address or of the user. */
  byPrincipal(principal: string): SimulatorAccount | undefined {
    const at = principal.lastIndexOf('@');
    return this.byLogin(principal.slice(0, at), principal.slice(at + 1));
  }

  /** `DOMAIN\user`, `dns.domain\user`, or a user principal name with an empty domain; case does not matter. */
  byLogin(user: string, domain: string): SimulatorAccount | undefined {
    return this.#byLogin.get(loginKey(user, domain));
  }
}

function loginKey(user: string, domain: string): string {
  return `${domain.toUpperCase()}\\${user.toUpperCase()}`;
}
