import { parseSipUri } from '../../../presence/ids.js';
import { readAddress } from '../codec/address.js';
import { type Header, headerList, headerOf, type SipRequest, type SipResponse } from '../codec/message.js';
import type { Dialect } from '../options.js';
import { newTag, type ServerContext } from './context.js';
import { eventsOf } from './own-events.js';
import { type Pool, redirectContact } from './pools.js';
import type { Binding } from './registrar.js';
import { diagnostics, respond } from './responses.js';
import type { Session } from './session.js';

/** Seconds of silence after which a client sends a keep-alive (MS-CONMGMT 2.2.1). */
const KEEP_ALIVE_SECONDS = 300;

/** What a server of each dialect calls itself: LCS 2005, OCS 2007 R2. */
const SERVERS: Readonly<Record<Dialect, string>> = { lcs2005: 'RTC/2.0', ocs2007: 'RTC/3.5' };

/**
 * REGISTER of an authenticated endpoint (MS-SIPREGE 3.2): adds, renews or removes its binding, or sends the client on to
 * the home pool of its user (MS-SIPREGE 3.2.5.1.1).
 */
export function handleRegister(context: ServerContext, session: Session, request: SipRequest): SipResponse {
  const { registrar, pools, settings, counters } = context;
  const toTag = newTag(context);
  const pool = pools.of(session.link);
  const server: Header = { name: 'Server', value: SERVERS[pool.dialect] };
  const to = parseSipUri(headerOf(request, 'to') ?? '');
  if (!to.ok || to.value !== session.account.uri) {
    const reason = 'Credentials provided are not authorized to act as specified from URI';
    return respond(request, 403, { toTag, headers: [diagnostics(4004, pool.hostName, reason)] });
  }
  counters.registers += 1;
  if (endsRegistration(request)) {
    registrar.remove(session, 'unregistered');
    return respond(request, 200, { toTag, headers: [...headerList(['Expires', '0']), server] });
  }
  const home = pools.homeOf(session.account.uri);
  if (home === 'federated') {
    return respond(request, 404, { toTag, headers: [diagnostics(4005, pool.hostName, 'User is not SIP enabled')] });
  }
  if (home !== pool) return redirect(context, session, request, home);
  if (headerOf(request, 'contact') === undefined) return respond(request, 400, { toTag });
  const shortest = settings.limits.minExpiresSeconds;
  if (askedSeconds(request) < shortest) {
    return respond(request, 423, { toTag, headers: headerList(['Min-Expires', String(shortest)]) });
  }
  const isNew = session.contact === undefined;
  const binding = registrar.register(session, request);
  return respond(request, 200, {
    toTag,
    headers: [
      ...headerList(['ms-keep-alive', `UAS; tcp=no; hop-hop=yes; end-end=no; timeout=${KEEP_ALIVE_SECONDS}`]),
      ...registrar.endpointsOf(session.account.uri).map(contactHeader),
      ...headerList(
        ['Expires', String(binding.expires)],
        ['presence-state', `register-action="${isNew ? 'added' : 'refreshed'}"`],
        // COMPAT(pidgin-sipe): it splits at commas without trimming, and compares whole values of Supported.
        ['Allow-Events', eventsOf(pool.dialect).join(',')],
        ['Supported', 'adhoclist'],
      ),
      server,
      // Its absence tells clients that this is LCS 2005.
      ...headerList(['Supported', pool.dialect === 'ocs2007' ? 'msrtc-event-categories' : undefined]),
    ],
  });
}

function redirect(context: ServerContext, session: Session, request: SipRequest, home: Pool): SipResponse {
  const { account, link } = session;
  context.counters.redirects += 1;
  context.registrar.remove(session, 'unregistered');
  context.settings.log.debug('simulator.redirected', { user: account.uri, pool: home.hostName });
  const headers = headerList(['Contact', redirectContact(home, link.transport)]);
  return respond(request, 301, { toTag: newTag(context), headers });
}

function endsRegistration(request: SipRequest): boolean {
  const contact = headerOf(request, 'contact');
  return (
    headerOf(request, 'expires') === '0' ||
    contact === '*' ||
    (contact !== undefined && readAddress(contact).params.get('expires') === '0')
  );
}

/** Lifetime asked for, in seconds; endless when the client leaves it to the server. */
function askedSeconds(request: SipRequest): number {
  const inContact = readAddress(headerOf(request, 'contact') ?? '').params.get('expires');
  const asked = Number(headerOf(request, 'expires') ?? inContact ?? Number.NaN);
  return Number.isInteger(asked) && asked > 0 ? asked : Number.POSITIVE_INFINITY;
}

function contactHeader({ contact, expires, instance, gruu }: Binding): Header {
  const instancePart = instance === '' ? '' : `;+sip.instance="<urn:uuid:${instance}>"`;
  const gruuPart = gruu === undefined ? '' : `;gruu="${gruu}"`;
  return { name: 'Contact', value: `<${contact}>;expires=${expires}${instancePart}${gruuPart}` };
}
