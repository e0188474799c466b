import { parseSipUri } from '../../../presence/ids.js';
import { headerOf, type SipRequest, type SipResponse } from '../codec/message.js';
import { CONTAINER_MEMBERS_TYPE, readContainerMembers } from '../documents/container-members.js';
import { FAULT_TYPE, wrongDeltaFault } from '../documents/fault.js';
import { PUBLISH_TYPE, readPublish } from '../documents/publish.js';
import {
  publishedDocument,
  ROAMING_SELF_TYPE,
  type RoamingPart,
  roamingSelfDocument,
} from '../documents/roaming-self.js';
import { SOAP_TYPE } from '../documents/soap.js';
import { readSubscribers, SET_SUBSCRIBERS_TYPE } from '../documents/subscribers.js';
import { readXml, type XmlElement } from '../documents/xml-tree.js';
import { newTag, ownPerson, type ServerContext } from './context.js';
import { diagnostics, respond } from './responses.js';
import type { Session } from './session.js';
import { handleSoap } from './soap-service.js';

type Handler = (context: ServerContext, session: Session, request: SipRequest, root: XmlElement) => SipResponse;

const HANDLERS: ReadonlyMap<string, Handler> = new Map([
  [PUBLISH_TYPE, handlePublish],
  [CONTAINER_MEMBERS_TYPE, handleContainerMembers],
  [SET_SUBSCRIBERS_TYPE, handleSetSubscribers],
  [SOAP_TYPE.toLowerCase(), handleSoap],
]);

/** SERVICE (MS-PRES, MS-SIP): a document to the server, told apart by its type. */
export function handleService(context: ServerContext, session: Session, request: SipRequest): SipResponse {
  const { limits, hostName } = context.settings;
  const type = (headerOf(request, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const handler = HANDLERS.get(type);
  if (!handler) {
    return respond(request, 415, {
      toTag: newTag(context),
      headers: [diagnostics(4013, hostName, 'Unexpected Content-Type')],
    });
  }
  const root = readXml(request.body, { depth: limits.xmlDepth, elements: limits.xmlElements });
  if (!root.ok) return refuse(context, request, root.reason);
  return handler(context, session, request, root.value);
}

function handlePublish(context: ServerContext, session: Session, request: SipRequest, root: XmlElement): SipResponse {
  const document = readPublish(root);
  if (!document.ok) return refuse(context, request, document.reason);
  const to = parseSipUri(headerOf(request, 'to') ?? '');
  if (document.value.uri !== session.account.uri || !to.ok || to.value !== session.account.uri) {
    return respond(request, 403, { toTag: newTag(context) });
  }
  const person = ownPerson(context, session);
  const outcome = context.presence.publish(person, session.endpoint, document.value.publications);
  const toTag = newTag(context);
  switch (outcome.kind) {
    case 'conflict':
      context.counters.conflicts += 1;
      return respond(request, 409, { toTag, type: FAULT_TYPE, body: wrongDeltaFault(outcome.conflicts) });
    case 'full':
      return respond(request, 403, {
        toTag,
        headers: [diagnostics(2010, context.settings.hostName, 'Too many publications')],
      });
    case 'published': {
      context.counters.publishes += 1;
      const body = publishedDocument(person, document.value.publications);
      tellOtherEndpoints(context, session, body);
      return respond(request, 200, { toTag, type: ROAMING_SELF_TYPE, body });
    }
  }
}

function handleContainerMembers(
  context: ServerContext,
  session: Session,
  request: SipRequest,
  root: XmlElement,
): SipResponse {
  const changes = readContainerMembers(root);
  if (!changes.ok) return refuse(context, request, changes.reason);
  const person = ownPerson(context, session);
  const conflicts = changes.value.flatMap(({ id, version }, at) => {
    const curVersion = person.containers.find((container) => container.id === id)?.version ?? 0;
    return version === curVersion ? [] : [{ index: at + 1, version, curVersion }];
  });
  const toTag = newTag(context);
  if (conflicts.length > 0) return respond(request, 409, { toTag, type: FAULT_TYPE, body: wrongDeltaFault(conflicts) });
  for (const { id, added, removed } of changes.value) context.presence.setMembers(person, id, added, removed);
  return answerOwn(context, session, request, 'containers');
}

function handleSetSubscribers(
  context: ServerContext,
  session: Session,
  request: SipRequest,
  root: XmlElement,
): SipResponse {
  const confirmed = readSubscribers(root);
  if (!confirmed.ok) return refuse(context, request, confirmed.reason);
  const person = ownPerson(context, session);
  for (const uri of confirmed.value) {
    if (person.prompts.delete(uri)) person.confirmed.add(uri);
  }
  return answerOwn(context, session, request, 'subscribers');
}

function answerOwn(context: ServerContext, session: Session, request: SipRequest, part: RoamingPart): SipResponse {
  const body = roamingSelfDocument(ownPerson(context, session), [part]);
  tellOtherEndpoints(context, session, body);
  return respond(request, 200, { toTag: newTag(context), type: ROAMING_SELF_TYPE, body });
}

/** The publishing endpoint learns the outcome from the response, the user's other endpoints by notification. */
function tellOtherEndpoints(context: ServerContext, session: Session, body: string): void {
  for (const dialog of context.subscriptions.ofUser(session.account.uri, 'vnd-microsoft-roaming-self')) {
    if (dialog.session !== session) context.notifier.notify(dialog, ROAMING_SELF_TYPE, body);
  }
}

function refuse(context: ServerContext, request: SipRequest, reason: string): SipResponse {
  context.counters.malformed += 1;
  context.settings.log.debug('simulator.document-refused', { reason });
  return respond(request, 400, { toTag: newTag(context) });
}
