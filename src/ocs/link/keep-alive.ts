/** The double CRLF that keeps a connection alive (RFC 5626 §3.5.1, MS-CONMGMT 3.4). The server does not answer it. */
export const KEEP_ALIVE = '\r\n\r\n';

/** Silence that is allowed before the server has named its own timeout, seconds. */
const DEFAULT_TIMEOUT = 60;
/** Part of the timeout after which we speak. */
const SAFETY = 0.8;
/** A server cannot make us send more often than this, seconds. */
const MIN_TIMEOUT = 5;

/**
 * What to do now about a connection that we last sent on at `lastSentAt` (milliseconds): speak, or look again after
 * `wait` milliseconds. `timeout` is the value of `ms-keep-alive` in seconds, once known.
 */
export function keepAliveTurn(
  lastSentAt: number,
  now: number,
  timeout: number | undefined,
): { readonly ping: boolean; readonly wait: number } {
  const allowed = Math.max(timeout ?? DEFAULT_TIMEOUT, MIN_TIMEOUT) * 1000 * SAFETY;
  const left = lastSentAt + allowed - now;
  return left > 0 ? { ping: false, wait: left } : { ping: true, wait: allowed };
}

/** Seconds from the `ms-keep-alive` header of a response: `UAS; tcp=no; hop-hop=yes; end-end=no; timeout=300`. */
export function keepAliveTimeout(header: string | undefined): number | undefined {
  const digits = /;\s*timeout\s*=\s*(\d{1,6})\b/i.exec(header ?? '')?.[1];
  return digits === undefined || Number(digits) === 0 ? undefined : Number(digits);
}
