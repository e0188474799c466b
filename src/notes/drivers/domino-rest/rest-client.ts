import type { Clock } from '../../../bridge/ports.js';
import { BridgeError } from '../../../presence/errors.js';
import { type RestAnswer, RestHttp, type RestHttpOptions, type RestRequest } from './http.js';
import { refusalOf } from './refusal.js';
import { LoginGuard, type RefusedLogins } from './refused-logins.js';
import { fileSource, passwordSource } from './token-sources.js';
import { Tokens } from './tokens.js';

export interface RestClientOptions extends RestHttpOptions {
  readonly scope: string;
  readonly login:
    | { readonly kind: 'password'; readonly user: string; readonly password: string }
    | { readonly kind: 'token'; readonly file: string };
}

/** What the requests have cost so far. */
export interface RestCounts {
  readonly requests: number;
  /** Tokens that were fetched. */
  readonly logins: number;
  /** Answers 401 to a token. */
  readonly refusedTokens: number;
}

/** Requests with the bridge's identity. A 401 is answered by one new login and one repetition. */
export class RestClient {
  readonly #options: RestClientOptions;
  readonly #http: RestHttp;
  readonly #tokens: Tokens;
  #requests = 0;
  #refusedTokens = 0;

  constructor(options: RestClientOptions, clock: Clock, refused: RefusedLogins) {
    this.#options = options;
    const { url, scope, login, limits } = options;
    this.#http = new RestHttp(options, clock);
    const source =
      login.kind === 'token'
        ? fileSource(login.file)
        : passwordSource({ url, scope, user: login.user, password: login.password }, this.#http, limits);
    this.#tokens = new Tokens(source, new LoginGuard(refused, source.account, clock), clock);
  }

  get counts(): RestCounts {
    return { requests: this.#requests, logins: this.#tokens.fetched, refusedTokens: this.#refusedTokens };
  }

  /** What must not reach logs, whatever a server repeats. */
  get secrets(): readonly string[] {
    const { login } = this.#options;
    return [...(login.kind === 'password' ? [login.password] : []), ...this.#tokens.recent];
  }

  /** Signs in unless that was done. */
  async signIn(): Promise<void> {
    await this.#tokens.get();
  }

  /** Any answer but 401. Throws `NOTES_CREDENTIALS` and what keeps answers from coming. */
  async send(request: RestRequest): Promise<RestAnswer> {
    const first = await this.#tokens.get();
    const answer = await this.#sendWith(request, first);
    if (answer.status !== 401) return answer;
    const second = await this.#tokens.get();
    const repeated = await this.#sendWith(request, second);
    if (repeated.status !== 401) return repeated;
    const context = { operation: request.operation, about: 'database', secrets: this.secrets } as const;
    const { message, details } = refusalOf(repeated, context);
    throw new BridgeError('NOTES_CREDENTIALS', `The server refuses the token, even a new one. ${message}`, { details });
  }

  idle(): Promise<void> {
    return this.#http.idle();
  }

  /** Signs off, if the server answers soon, and ends everything. Resolves always. */
  async close(): Promise<void> {
    const token = this.#tokens.toEnd;
    if (token !== undefined) {
      const { logoutMs } = this.#options.limits;
      const body = { logout: 'Yes' };
      const request = { operation: 'logout', method: 'POST', path: '/auth/logout', body, timeoutMs: logoutMs } as const;
      // The token ends by itself anyhow.
      await this.#http.send(request, token).catch(() => {});
    }
    await this.#http.close().catch(() => {});
  }

  async #sendWith(request: RestRequest, token: string): Promise<RestAnswer> {
    this.#requests++;
    const answer = await this.#http.send(request, token);
    if (answer.status === 401) {
      this.#refusedTokens++;
      this.#tokens.refused(token);
    } else if (answer.status < 500 && answer.json !== undefined) this.#tokens.accepted(token);
    return answer;
  }
}
