import { bad, type Result } from '../../../presence/result.js';
import type { SipRequest } from '../codec/message.js';
import { CONTACTS_TYPE, contactDeltaDocument } from '../documents/contact-list-document.js';
import { presentityDocument } from '../documents/presentity.js';
import { publishedDocument, ROAMING_SELF_TYPE } from '../documents/roaming-self.js';
import {
  type ListCall,
  readSoap,
  SOAP_TYPE,
  type SoapCall,
  searchAnswer,
  soapAnswer,
  soapWrongDelta,
} from '../documents/soap.js';
import type { XmlElement } from '../documents/xml-tree.js';
import { writeXml, xml } from '../documents/xml-write.js';
import type { ContactChange, ContactList } from '../presence/contact-list.js';
import { containerFor } from '../presence/containers.js';
import { publicationsOf } from '../presence/legacy-publication.js';
import { accessEntries, newTag, ownPerson, type ServerContext } from './context.js';
import { type Answer, diagnostics, respond } from './responses.js';
import type { Session } from './session.js';

/** Most characters of text in `userInfo` (MS-SIP, setPresence), and with all markup. */
const MAX_USER_INFO = 1024;
const MAX_USER_INFO_XML = 8192;

/** SOAP in SERVICE (MS-SIP): contact and access list, presence of LCS 2005, search in the directory. */
export function handleSoap(context: ServerContext, session: Session, request: SipRequest, root: XmlElement): Answer {
  const call = readSoap(root);
  if (!call.ok) return { response: respond(request, 400, { toTag: newTag(context) }) };
  switch (call.value.kind) {
    case 'directorySearch':
      return accept(context, request, searchAnswer(search(context, call.value.words, call.value.maxResults)));
    case 'setPresence':
      return setPresence(context, session, request, call.value);
    case 'getPresence':
      return getPresence(context, session, request, call.value);
    case 'change': {
      const { change, deltaNumber } = call.value;
      return change.kind === 'setACE'
        ? setAccess(context, session, request, change)
        : changeList(context, session, request, change, deltaNumber);
    }
  }
}

function changeList(
  context: ServerContext,
  session: Session,
  request: SipRequest,
  call: ListCall,
  deltaNumber: number | undefined,
): Answer {
  const toTag = newTag(context);
  const list = context.contacts.of(session.account.uri);
  if (deltaNumber !== undefined && deltaNumber !== list.deltaNumber) {
    context.counters.conflicts += 1;
    const body = soapWrongDelta(list.deltaNumber);
    return { response: respond(request, 409, { toTag, type: SOAP_TYPE, body }) };
  }
  const change = changeContacts(list, call);
  if (!change.ok) return { response: respond(request, 400, { toTag }) };
  const content = change.value.kind === 'addedGroup' ? xml('m:groupID', {}, String(change.value.id)) : '';
  const delta = contactDeltaDocument(change.value, list.deltaNumber);
  return accept(context, request, soapAnswer(call.kind, content), () =>
    tellOtherEndpoints(context, session, 'vnd-microsoft-roaming-contacts', CONTACTS_TYPE, delta),
  );
}

/** Presence of LCS 2005 becomes publications of MS-PRES: there is one truth about a person. */
function setPresence(
  context: ServerContext,
  session: Session,
  request: SipRequest,
  { uri, presence }: Extract<SoapCall, { kind: 'setPresence' }>,
): Answer {
  const toTag = newTag(context);
  const { hostName } = context.pools.of(session.link);
  if (uri !== session.account.uri) return { response: respond(request, 403, { toTag }) };
  if (presence.userInfo && isTooLong(presence.userInfo)) {
    return { response: respond(request, 400, { toTag }) };
  }
  const person = ownPerson(context, session);
  const publications = publicationsOf(person, session.epid, presence);
  const outcome = context.presence.publish(person, session.endpoint, publications);
  if (outcome.kind !== 'published') {
    const headers = [diagnostics(2010, hostName, 'Too many publications')];
    return { response: respond(request, 403, { toTag, headers }) };
  }
  person.userInfo = presence.userInfo;
  context.counters.publishes += 1;
  context.settings.log.debug('simulator.published', { person: uri });
  return accept(context, request, soapAnswer('setPresence', ''), () => {
    const body = publishedDocument(person, publications);
    tellOtherEndpoints(context, session, 'vnd-microsoft-roaming-self', ROAMING_SELF_TYPE, body);
    context.presence.announce(person, outcome.categories);
  });
}

/** A look at one person's presence, without a subscription. */
function getPresence(
  context: ServerContext,
  session: Session,
  request: SipRequest,
  { uri }: Extract<SoapCall, { kind: 'getPresence' }>,
): Answer {
  const person = context.presence.find(uri);
  if (!person) return { response: respond(request, 404, { toTag: newTag(context) }) };
  const watcher = session.account.uri;
  const container = containerFor(uri, watcher, person.containers);
  return accept(context, request, soapAnswer('getPresence', presentityDocument(person, container, uri === watcher)));
}

/** An entry of the access list: who is blocked, and who is confirmed (MS-SIP, setACE). */
function setAccess(
  context: ServerContext,
  session: Session,
  request: SipRequest,
  { uri, allowed }: Extract<ListCall, { kind: 'setACE' }>,
): Answer {
  const person = ownPerson(context, session);
  if (accessEntries(person) >= context.settings.limits.contacts) {
    return { response: respond(request, 403, { toTag: newTag(context) }) };
  }
  context.presence.setAccess(person, uri, allowed ? 'allowed' : 'blocked');
  return accept(context, request, soapAnswer('setACE', ''), () => context.presence.announceRights(person));
}

function accept(context: ServerContext, request: SipRequest, body: string, afterwards?: () => void): Answer {
  const response = respond(request, 200, { toTag: newTag(context), type: SOAP_TYPE, body });
  return afterwards ? { response, afterwards } : { response };
}

function tellOtherEndpoints(
  context: ServerContext,
  session: Session,
  event: 'vnd-microsoft-roaming-contacts' | 'vnd-microsoft-roaming-self',
  type: string,
  body: string,
): void {
  for (const dialog of context.subscriptions.ofUser(session.account.uri, event)) {
    if (dialog.session !== session) context.notifier.notify(dialog, type, body);
  }
}

function changeContacts(list: ContactList, call: ListCall): Result<ContactChange> {
  switch (call.kind) {
    case 'setContact':
      return list.setContact({ uri: call.uri, name: call.name, groups: call.groups, subscribed: call.subscribed });
    case 'deleteContact':
      return list.deleteContact(call.uri);
    case 'addGroup':
      return list.addGroup(call.name);
    case 'modifyGroup':
      return list.modifyGroup(call.id, call.name);
    case 'deleteGroup':
      return list.deleteGroup(call.id);
    case 'setACE':
      return bad('an access list is no contact list');
  }
}

function isTooLong(userInfo: XmlElement): boolean {
  return textLength(userInfo) > MAX_USER_INFO || writeXml(userInfo).length > MAX_USER_INFO_XML;
}

function textLength(element: XmlElement): number {
  return element.children.reduce(
    (sum, child) => sum + (typeof child === 'string' ? child.length : textLength(child)),
    0,
  );
}

/** People whose address or name contains every word. */
function search(
  context: ServerContext,
  words: readonly string[],
  maxResults: number,
): readonly { readonly uri: string; readonly displayName: string }[] {
  const found: { uri: string; displayName: string }[] = [];
  for (const { uri, displayName } of context.presence.people()) {
    if (found.length >= maxResults) break;
    const text = `${uri} ${displayName}`.toLowerCase();
    if (words.length > 0 && words.every((word) => text.includes(word))) found.push({ uri, displayName });
  }
  return found;
}
