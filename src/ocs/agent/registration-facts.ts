import type { Challenge } from '../auth/handshake.js';
import { keepAliveTimeout } from '../link/keep-alive.js';
import { parseAuthHeader } from '../wire/headers/auth-params.js';
import { parseDate } from '../wire/headers/date.js';
import { HIGHEST_SECONDS, parseUnsigned } from '../wire/headers/number.js';
import type { SipMessage } from '../wire/message.js';
import type { Registration, Rejection } from './registrar.js';

/** Reads the 200 to a REGISTER (MS-SIPREGE 3.2.4). `instance` is the UUID of our own `+sip.instance`. */
export function registrationOf(response: SipMessage, instance: string): Registration {
  const urn = `<urn:uuid:${instance}>`.toLowerCase();
  const own = response.contacts.find((contact) => contact.params.get('+sip.instance')?.toLowerCase() === urn);
  return {
    expires: response.expires ?? parseUnsigned(own?.params.get('expires') ?? '', HIGHEST_SECONDS) ?? 0,
    gruu: own?.params.get('gruu') || undefined,
    keepAlive: keepAliveTimeout(response.header('ms-keep-alive')),
    product: response.header('Server') ?? '',
    supported: response.listValues('Supported').map((tag) => tag.toLowerCase()),
    allowEvents: response.listValues('Allow-Events').map((event) => event.toLowerCase()),
  };
}

export function rejectionOf(response: SipMessage): Rejection {
  return {
    status: response.status,
    reason: response.reason,
    diagnostics: response.header('ms-diagnostics') ?? response.header('ms-diagnostics-public'),
    retryAfter: retryAfterOf(response),
  };
}

/** Seconds; a comment and parameters may follow them (RFC 3261 §20.33). */
export function retryAfterOf(response: SipMessage): number | undefined {
  return parseUnsigned(/^\d+/.exec(response.header('Retry-After') ?? '')?.[0] ?? '', HIGHEST_SECONDS);
}

/** Challenges of a 401 or 407, one header line each. Lines that cannot be read count as not there. */
export function challengesOf(response: SipMessage): readonly Challenge[] {
  const proxy = response.status === 407;
  return response.headerValues(proxy ? 'Proxy-Authenticate' : 'WWW-Authenticate').flatMap((line) => {
    const header = parseAuthHeader(line);
    return header === undefined ? [] : { ...header, answerHeader: proxy ? 'Proxy-Authorization' : 'Authorization' };
  });
}

/** How far the server's clock is ahead of ours, seconds; NTLM fails from fifteen minutes on. */
export function clockSkewOf(response: SipMessage, now: number): number | undefined {
  const date = parseDate(response.header('Date') ?? '');
  return date === undefined ? undefined : Math.round((date - now) / 1000);
}
