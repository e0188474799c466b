import type { Challenge } from '../auth/handshake.js';
import { keepAliveTimeout } from '../link/keep-alive.js';
import type { RedirectTarget } from '../link/redirect.js';
import { parseAuthHeader } from '../wire/headers/auth-params.js';
import { parseDate } from '../wire/headers/date.js';
import { parseNameAddr } from '../wire/headers/name-addr.js';
import { HIGHEST_SECONDS, parseUnsigned } from '../wire/headers/number.js';
import { isSipUri, parseUri } from '../wire/headers/uri.js';
import type { SipMessage } from '../wire/message.js';
import { splitList } from '../wire/scan.js';
import type { Rejection } from './register-refusal.js';

/** What the server said when it accepted a REGISTER. Times in seconds. */
export interface RegistrationFacts {
  readonly expires: number;
  /** Address of this endpoint that works from anywhere. */
  readonly gruu: string | undefined;
  readonly keepAlive: number | undefined;
  /** `Server` header, for people. */
  readonly product: string;
  /** Option tags that a watcher needs and the server does not announce: it is older than OCS 2007. */
  readonly missing: readonly string[];
}

/** Batched subscriptions, and categories instead of the documents of LCS 2005 (MS-SIPREGE 2.2). */
const NEEDED: readonly string[] = ['adhoclist', 'msrtc-event-categories'];

/** Reads the 200 to a REGISTER (MS-SIPREGE 3.2.4). `instance` is the UUID of our own `+sip.instance`. */
export function registrationFactsOf(response: SipMessage, instance: string): RegistrationFacts {
  const supported = new Set(response.listValues('Supported').map((tag) => tag.toLowerCase()));
  const urn = `<urn:uuid:${instance}>`.toLowerCase();
  const own = response.contacts.find((contact) => contact.params.get('+sip.instance')?.toLowerCase() === urn);
  return {
    expires: response.expires ?? parseUnsigned(own?.params.get('expires') ?? '', HIGHEST_SECONDS) ?? 0,
    gruu: own?.params.get('gruu') || undefined,
    keepAlive: keepAliveTimeout(response.header('ms-keep-alive')),
    product: response.header('Server') ?? '',
    missing: NEEDED.filter((tag) => !supported.has(tag)),
  };
}

export function rejectionOf(response: SipMessage): Rejection {
  return {
    status: response.status,
    reason: response.reason,
    diagnostics: diagnosticsOf(response),
    retryAfter: retryAfterOf(response),
    targets: response.contacts.slice(0, MAX_TARGETS).flatMap(({ uri }) => redirectTargetOf(uri) ?? []),
  };
}

/** Servers of one redirect that are looked at. */
const MAX_TARGETS = 8;

/** Server that the notice `preferred-registrar-change` names, as an address or as a bare name (MS-SIPREGE 3.2.5). */
export function preferredRegistrarOf(notice: SipMessage): readonly RedirectTarget[] {
  const header = notice.header('P-Preferred-Registrar');
  if (header === undefined) return [];
  const uri = parseNameAddr(header)?.uri ?? header;
  return [redirectTargetOf(uri) ?? redirectTargetOf(`sip:${uri}`)].flatMap((target) => target ?? []);
}

/** Server in a Contact of a redirect; OCS means TLS where it names no transport. `undefined` when it names no server. */
function redirectTargetOf(uri: string): RedirectTarget | undefined {
  const parts = parseUri(uri);
  if (parts === undefined || !isSipUri(parts)) return undefined;
  const transport = parts.scheme === 'sips' ? 'tls' : (parts.params.get('transport')?.toLowerCase() ?? 'tls');
  if (transport !== 'tls' && transport !== 'tcp') return undefined;
  return { host: parts.host, port: parts.port, transport };
}

/** Parts of `ms-diagnostics` that never name a person, unlike `destination` and others (MS-OCER). */
const IMPERSONAL = /^(reason|source)=/i;
const MAX_DIAGNOSTICS = 400;

/** Number, reason and source of `ms-diagnostics`; `undefined` without that header. */
export function diagnosticsOf(message: SipMessage): string | undefined {
  const header = message.header('ms-diagnostics') ?? message.header('ms-diagnostics-public');
  if (header === undefined) return undefined;
  const [number = '', ...params] = splitList(header, ';');
  return [number, ...params.filter((param) => IMPERSONAL.test(param))].join(';').slice(0, MAX_DIAGNOSTICS);
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
