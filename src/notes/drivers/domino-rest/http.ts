import { Agent, fetch, type Response } from 'undici';
import type { Clock } from '../../../bridge/ports.js';
import { BridgeError } from '../../../presence/errors.js';
import type { DominoRestLimits } from './limits.js';
import { transportError } from './transport-errors.js';

export interface RestRequest {
  /** What it is for, for errors. */
  readonly operation: string;
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below `/api/v1`, parts escaped. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly timeoutMs: number;
  /** How long after the time-out the answer is still waited for, so that nothing overtakes a write. */
  readonly lingerMs?: number;
}

export interface RestAnswer {
  readonly status: number;
  /** The parsed body; `undefined` when it is not JSON by its type, or cannot be read as such. */
  readonly json: unknown;
  /** The body when it is no JSON. */
  readonly text: string;
  /** The header `Retry-After` in seconds. */
  readonly retryAfter: number | undefined;
  /** Where a redirect points, which is never followed. */
  readonly location: string | undefined;
}

export interface RestHttpOptions {
  /** Without a slash at the end; may hold a path prefix. */
  readonly url: string;
  readonly ca?: string;
  readonly parallel: number;
  readonly limits: DominoRestLimits;
}

/** A server may ask for at most this long, seconds. */
const MAX_RETRY_AFTER = 3600;
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/**
 * Requests to one server, with limits on time and size. Follows no redirects and sends no `Origin`: since 1.1.3 the
 * Domino REST API refuses requests whose origin is not on its list.
 */
export class RestHttp {
  readonly #options: RestHttpOptions;
  readonly #clock: Clock;
  readonly #agent: Agent;
  readonly #pending = new Set<Promise<void>>();
  readonly #controllers = new Set<AbortController>();

  constructor(options: RestHttpOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    const { ca, parallel, limits } = options;
    this.#agent = new Agent({
      connections: parallel,
      // Time limits come from the clock alone, but for the handshake, which no answer could follow.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: limits.timeoutMs, ...(ca === undefined ? {} : { ca }) },
    });
  }

  /** Rejects with `NOTES_TIMEOUT`, `NOTES_UNREACHABLE`, `NOTES_UNTRUSTED` or `NOTES_INTERNAL` (answer too large). */
  send(request: RestRequest, bearer?: string): Promise<RestAnswer> {
    const controller = new AbortController();
    this.#controllers.add(controller);
    const answer = this.#exchange(request, bearer, controller.signal);
    const { operation, timeoutMs, lingerMs = 0 } = request;
    return new Promise((resolve, reject) => {
      let cancel = this.#clock.after(timeoutMs, () => {
        cancel = this.#clock.after(lingerMs, () => controller.abort());
        const message = `${this.#options.url} did not answer within ${timeoutMs / 1000} s.`;
        reject(new BridgeError('NOTES_TIMEOUT', message, { details: { operation, sent: true } }));
      });
      const settled = answer.then(resolve, reject).finally(() => {
        cancel();
        this.#controllers.delete(controller);
        this.#pending.delete(settled);
      });
      this.#pending.add(settled);
    });
  }

  /** Resolves when nothing is under way, not even something that timed out. */
  async idle(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  /** Ends all that is under way. */
  async close(): Promise<void> {
    for (const controller of this.#controllers) controller.abort();
    await this.#agent.destroy();
  }

  async #exchange(
    { operation, method, path, query = {}, body }: RestRequest,
    bearer: string | undefined,
    signal: AbortSignal,
  ): Promise<RestAnswer> {
    const { url, limits } = this.#options;
    const search = new URLSearchParams(query).toString();
    try {
      const response = await fetch(`${url}/api/v1${path}${search === '' ? '' : `?${search}`}`, {
        method,
        headers: {
          accept: 'application/json',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'manual',
        dispatcher: this.#agent,
        signal,
      });
      return await readAnswer(response, limits.maxAnswerBytes, operation);
    } catch (thrown) {
      throw transportError(thrown, url, operation);
    }
  }
}

async function readAnswer(response: Response, maxBytes: number, operation: string): Promise<RestAnswer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    const bytes = chunk as Uint8Array;
    size += bytes.length;
    if (size > maxBytes) {
      const message = `The answer is larger than ${maxBytes} bytes.`;
      throw new BridgeError('NOTES_INTERNAL', message, { details: { operation, status: response.status } });
    }
    chunks.push(bytes);
  }
  const body = Buffer.concat(chunks).toString('utf8');
  const json = JSON_TYPE.test(response.headers.get('content-type') ?? '') ? parseJson(body) : undefined;
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return {
    status: response.status,
    json,
    text: json === undefined ? body : '',
    retryAfter: seconds >= 0 ? Math.min(seconds, MAX_RETRY_AFTER) : undefined,
    location: response.headers.get('location') ?? undefined,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
