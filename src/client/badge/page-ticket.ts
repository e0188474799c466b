import { PresenceError } from '../presence-error.js';
import { readBody } from '../read-body.js';

const TIMEOUT_MS = 20_000;
const MAX_ANSWER = 64 * 1024;

/**
 * A ticket from the page's own server, which holds the token: `POST`, answered with `{ "ticket": "..." }` as the bridge
 * answers it. Throws `CLIENT_USAGE` for an address elsewhere: whoever hands out tickets knows who asks by its cookies.
 */
export async function pageTicket(address: string): Promise<string> {
  const url = new URL(address, document.baseURI);
  if (url.origin !== location.origin) {
    throw new PresenceError({
      code: 'CLIENT_USAGE',
      message: 'ticket-url: an address of the page’s own server was expected',
    });
  }
  const response = await fetch(url, {
    method: 'POST',
    headers: { accept: 'application/json' },
    credentials: 'same-origin',
    cache: 'no-store',
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const { status } = response;
  if (status < 200 || status > 299) {
    throw new PresenceError({ code: 'CLIENT_ANSWER', message: `no ticket: HTTP status ${status}`, status });
  }
  const answer: unknown = JSON.parse(await readBody(response, MAX_ANSWER));
  return (answer as { readonly ticket: string } | null)?.ticket ?? '';
}
