import { bad, type Result } from '../../../presence/result.js';
import type { SipRequest } from '../codec/message.js';
import { CONTACTS_TYPE, contactDeltaDocument } from '../documents/contact-list-document.js';
import { readSoap, SOAP_TYPE, type SoapCall, searchAnswer, soapAnswer } from '../documents/soap.js';
import type { XmlElement } from '../documents/xml-tree.js';
import { xml } from '../documents/xml-write.js';
import type { ContactChange, ContactList } from '../presence/contact-list.js';
import { newTag, type ServerContext } from './context.js';
import { type Answer, respond } from './responses.js';
import type { Session } from './session.js';

/** SOAP in SERVICE (MS-SIP): changes of the contact list, and search in the directory. */
export function handleSoap(context: ServerContext, session: Session, request: SipRequest, root: XmlElement): Answer {
  const toTag = newTag(context);
  const call = readSoap(root);
  if (!call.ok) return { response: respond(request, 400, { toTag }) };
  const answer = (body: string) => respond(request, 200, { toTag, type: SOAP_TYPE, body });
  if (call.value.kind === 'directorySearch') {
    const { words, maxResults } = call.value;
    return { response: answer(searchAnswer(search(context, words, maxResults))) };
  }
  const list = context.contacts.of(session.account.uri);
  const change = changeContacts(list, call.value);
  if (!change.ok) return { response: respond(request, 400, { toTag }) };
  const content = change.value.kind === 'addedGroup' ? xml('m:groupID', {}, String(change.value.id)) : '';
  const delta = contactDeltaDocument(change.value, list.deltaNumber);
  return {
    response: answer(soapAnswer(call.value.kind, content)),
    afterwards: () => tellOtherEndpoints(context, session, delta),
  };
}

function tellOtherEndpoints(context: ServerContext, session: Session, delta: string): void {
  for (const dialog of context.subscriptions.ofUser(session.account.uri, 'vnd-microsoft-roaming-contacts')) {
    if (dialog.session !== session) context.notifier.notify(dialog, CONTACTS_TYPE, delta);
  }
}

function changeContacts(list: ContactList, call: SoapCall): Result<ContactChange> {
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
    case 'directorySearch':
      return bad('a search changes no list');
  }
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
