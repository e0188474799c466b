import { parseSipUri } from '../../../presence/ids.js';
import { readAddress } from '../codec/address.js';
import { type Header, headerList, headerOf, type SipRequest, type SipResponse } from '../codec/message.js';
import { newTag, type ServerContext } from './context.js';
import { EVENTS } from './dialog.js';
import type { Binding } from './registrar.js';
import { diagnostics, respond } from './responses.js';
import type { Session } from './session.js';

/** Seconds of silence after which a client sends a keep-alive (MS-CONMGMT 2.2.1). */
const KEEP_ALIVE_SECONDS = 300;

/** What the server calls itself: OCS 2007 R2. */
const SERVER = 'RTC/3.5';

/** REGISTER of an authenticated endpoint (MS-SIPREGE 3.2): adds, renews or removes its binding. */
export function handleRegister(context: ServerContext, session: Session, request: SipRequest): SipResponse {
  const { registrar, settings, counters } = context;
  const toTag = newTag(context);
  const to = parseSipUri(headerOf(request, 'to') ?? '');
  if (!to.ok || to.value !== session.account.uri) {
    const reason = 'Credentials provided are not authorized to act as specified from URI';
    return respond(request, 403, { toTag, headers: [diagnostics(4004, settings.hostName, reason)] });
  }
  counters.registers += 1;
  if (endsRegistration(request)) {
    registrar.remove(session, 'unregistered');
    return respond(request, 200, { toTag, headers: headerList(['Expires', '0'], ['Server', SERVER]) });
  }
  if (headerOf(request, 'contact') === undefined) return respond(request, 400, { toTag });
  const isNew = session.contact === undefined;
  const binding = registrar.register(session, request);
  const contacts = registrar.endpointsOf(session.account.uri).map(contactHeader);
  return respond(request, 200, {
    toTag,
    headers: [
      ...headerList(['ms-keep-alive', `UAS; tcp=no; hop-hop=yes; end-end=no; timeout=${KEEP_ALIVE_SECONDS}`]),
      ...contacts,
      ...headerList(
        ['Expires', String(binding.expires)],
        ['presence-state', `register-action="${isNew ? 'added' : 'refreshed'}"`],
        // COMPAT(pidgin-sipe): it splits at commas without trimming, and compares whole values of Supported.
        ['Allow-Events', EVENTS.join(',')],
        ['Supported', 'adhoclist'],
        ['Server', SERVER],
        ['Supported', 'msrtc-event-categories'],
      ),
    ],
  });
}

function endsRegistration(request: SipRequest): boolean {
  const contact = headerOf(request, 'contact');
  return (
    headerOf(request, 'expires') === '0' ||
    contact === '*' ||
    (contact !== undefined && readAddress(contact).params.get('expires') === '0')
  );
}

function contactHeader({ contact, expires, instance, gruu }: Binding): Header {
  const instancePart = instance === '' ? '' : `;+sip.instance="<urn:uuid:${instance}>"`;
  const gruuPart = gruu === undefined ? '' : `;gruu="${gruu}"`;
  return { name: 'Contact', value: `<${contact}>;expires=${expires}${instancePart}${gruuPart}` };
}
