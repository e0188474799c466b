import type { Scope } from '../../src/bridge/api/access/grant.js';
import { hashOf, type TokenRecord } from '../../src/bridge/api/access/tokens/token-record.js';
import type { TokenSource } from '../../src/bridge/api/access/tokens/token-source.js';

/** What a test says of a token; everybody and without an end unless it says otherwise. */
export interface TestToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly people?: readonly string[];
  readonly expires?: number;
}

/** The token that a test sends for a name. */
export function tokenOf(name: string): string {
  return `npb_${name.padEnd(43, '0')}`;
}

export function bearerOf(name: string): { readonly authorization: string } {
  return { authorization: `Bearer ${tokenOf(name)}` };
}

export function recordOf({ name, scopes, people = ['*'], expires }: TestToken): TokenRecord {
  const hash = hashOf(tokenOf(name)).toString('hex');
  return { name, hash, scopes, people, created: 0, ...(expires === undefined ? {} : { expires }) };
}

/** Tokens in memory, which a test may replace while the server runs. */
export class TestTokens implements TokenSource {
  readonly uses: { readonly hash: string; readonly now: number }[] = [];
  #next: readonly TokenRecord[] | undefined;

  constructor(...tokens: readonly TestToken[]) {
    this.set(...tokens);
  }

  set(...tokens: readonly TestToken[]): void {
    this.#next = tokens.map(recordOf);
  }

  changed(): readonly TokenRecord[] | undefined {
    const next = this.#next;
    this.#next = undefined;
    return next;
  }

  used(hash: string, now: number): void {
    this.uses.push({ hash, now });
  }
}
