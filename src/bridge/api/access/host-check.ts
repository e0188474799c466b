import { BridgeError } from '../../../presence/errors.js';

/** Takes the value of a `Host` header; throws `API_FORBIDDEN` for a name that is not ours. */
export type HostCheck = (host: string | undefined) => void;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/;

/** Whether nobody on another machine reaches what listens there. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host.toLowerCase());
}

/**
 * Tells by the `Host` header (RFC 9110 §7.2) whether a request is meant for this server. While it listens on loopback
 * alone, only names of loopback and of `allowedOrigins` are: a page of anybody's may have its own name lead to 127.0.0.1
 * (DNS rebinding) and would otherwise be of one origin with us. Elsewhere all names are taken, since nobody can know
 * by which ones a machine is called. No header means no browser.
 */
export function hostCheck(listening: string, allowedOrigins: readonly string[]): HostCheck {
  if (!isLoopback(listening)) return () => undefined;
  const names = new Set(allowedOrigins.map((origin) => new URL(origin).hostname));
  return (host) => {
    const name = host?.toLowerCase().replace(/:\d{0,5}$/, '');
    if (name === undefined || LOOPBACK.test(name) || names.has(name)) return;
    throw new BridgeError('API_FORBIDDEN', 'the bridge does not answer to this host name');
  };
}
