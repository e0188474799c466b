import { PresenceError } from './presence-error.js';
import { readBody } from './read-body.js';
import type { ResponseLike } from './wire-ports.js';

const LIMIT = 64 * 1024;

/** An answer that is not the one hoped for, as an error: the bridge's own words where it is one of the bridge. */
export async function problemAnswer(response: ResponseLike): Promise<PresenceError> {
  const { status, headers } = response;
  const after = headers.get('retry-after') ?? '';
  const retryAfterSeconds = /^\d{1,6}$/.test(after) ? Number(after) : undefined;
  const { code, message, next } = await readProblem(response);
  if (typeof code === 'string' && typeof message === 'string') {
    return new PresenceError({
      code,
      message,
      status,
      retryAfterSeconds,
      next: typeof next === 'string' ? next : undefined,
    });
  }
  return new PresenceError({ code: 'CLIENT_ANSWER', message: `HTTP status ${status}`, status, retryAfterSeconds });
}

interface MaybeProblem {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly next?: unknown;
}

async function readProblem(response: ResponseLike): Promise<MaybeProblem> {
  try {
    const body: unknown = JSON.parse(await readBody(response, LIMIT));
    return typeof body === 'object' && body !== null ? body : {};
  } catch {
    // A proxy's page, say: its status is all there is to tell.
    return {};
  }
}
