import { parseSipUri } from '../../../presence/ids.js';
import { type Header, headerOf, type SipRequest } from '../codec/message.js';
import { CONTAINER_MEMBERS_TYPE, readContainerMembers } from '../documents/container-members.js';
import { FAULT_TYPE, wrongDeltaFault } from '../documents/fault.js';
import { PUBLISH_TYPE, readPublish } from '../documents/publish.js';
import { publishedDocument, ROAMING_SELF_TYPE, roamingSelfDocument } from '../documents/roaming-self.js';
import { SOAP_TYPE } from '../documents/soap.js';
import { readSubscribers, SET_SUBSCRIBERS_TYPE } from '../documents/subscribers.js';
import { readXml, type XmlElement } from '../documents/xml-tree.js';
import type { VersionConflict } from '../presence/publish.js';
import { accessEntries, newTag, ownPerson, type ServerContext } from './context.js';
import { type Answer, diagnostics, respond } from './responses.js';
import type { Session } from './session.js';
import { handleSoap } from './soap-service.js';

type Handler = (context: ServerContext, session: Session, request: SipRequest, root: XmlElement) => Answer;

const HANDLERS: ReadonlyMap<string, Handler> = new Map([
  [PUBLISH_TYPE, handlePublish],
  [CONTAINER_MEMBERS_TYPE, handleContainerMembers],
  [SET_SUBSCRIBERS_TYPE, handleSetSubscribers],
  [SOAP_TYPE.toLowerCase(), handleSoap],
]);

/** SERVICE (MS-PRES, MS-SIP): a document to the server, told apart by its type. */
export function handleService(context: ServerContext, session: Session, request: SipRequest): Answer {
  const { limits } = context.settings;
  const { hostName } = context.pools.of(session.link);
  const type = (headerOf(request, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const handler = HANDLERS.get(type);
  if (!handler) return refuse(context, request, 415, diagnostics(4013, hostName, 'Unexpected Content-Type'));
  const root = readXml(request.body, { depth: limits.xmlDepth, elements: limits.xmlElements });
  return root.ok ? handler(context, session, request, root.value) : malformed(context, request, root.reason);
}

function handlePublish(context: ServerContext, session: Session, request: SipRequest, root: XmlElement): Answer {
  const document = readPublish(root);
  if (!document.ok) return malformed(context, request, document.reason);
  const { uri, publications } = document.value;
  const to = parseSipUri(headerOf(request, 'to') ?? '');
  if (uri !== session.account.uri || !to.ok || to.value !== uri) return refuse(context, request, 403);
  const person = ownPerson(context, session);
  const outcome = context.presence.publish(person, session.endpoint, publications);
  switch (outcome.kind) {
    case 'conflict':
      return conflict(context, request, outcome.conflicts);
    case 'full':
      return refuse(
        context,
        request,
        403,
        diagnostics(2010, context.pools.of(session.link).hostName, 'Too many publications'),
      );
    case 'published': {
      context.counters.publishes += 1;
      context.settings.log.debug('simulator.published', { person: session.account.uri });
      const body = publishedDocument(person, publications);
      return accept(context, session, request, body, () => context.presence.announce(person, outcome.categories));
    }
  }
}

function handleContainerMembers(
  context: ServerContext,
  session: Session,
  request: SipRequest,
  root: XmlElement,
): Answer {
  const changes = readContainerMembers(root);
  if (!changes.ok) return malformed(context, request, changes.reason);
  const person = ownPerson(context, session);
  const conflicts = changes.value.flatMap(({ id, version }, at) => {
    const curVersion = person.containers.find((container) => container.id === id)?.version ?? 0;
    return version === curVersion ? [] : [{ index: at + 1, version, curVersion }];
  });
  if (conflicts.length > 0) return conflict(context, request, conflicts);
  const growth = changes.value.reduce((sum, { added }) => sum + added.length, 0);
  // Containers without members are kept for their versions, so they count, too.
  const most = Math.max(accessEntries(person) + growth, person.containers.length + changes.value.length);
  if (most > context.settings.limits.contacts) return refuse(context, request, 403);
  for (const { id, added, removed } of changes.value) context.presence.setMembers(person, id, added, removed);
  const body = roamingSelfDocument(person, ['containers']);
  return accept(context, session, request, body, () => context.presence.announceRights(person));
}

function handleSetSubscribers(context: ServerContext, session: Session, request: SipRequest, root: XmlElement): Answer {
  const confirmed = readSubscribers(root);
  if (!confirmed.ok) return malformed(context, request, confirmed.reason);
  const person = ownPerson(context, session);
  for (const uri of confirmed.value) {
    if (person.prompts.delete(uri)) person.confirmed.add(uri);
  }
  const decided = confirmed.value.filter((uri) => person.undecided.delete(uri));
  return accept(context, session, request, roamingSelfDocument(person, ['subscribers']), () => {
    if (decided.length > 0) context.presence.announceRights(person);
  });
}

/**
 * The asking endpoint learns the outcome from the response, the user's other endpoints by notification; then the world is
 * told by `announce`.
 */
function accept(
  context: ServerContext,
  session: Session,
  request: SipRequest,
  body: string,
  announce: () => void,
): Answer {
  return {
    response: respond(request, 200, { toTag: newTag(context), type: ROAMING_SELF_TYPE, body }),
    afterwards: () => {
      for (const dialog of context.subscriptions.ofUser(session.account.uri, 'vnd-microsoft-roaming-self')) {
        if (dialog.session !== session) context.notifier.notify(dialog, ROAMING_SELF_TYPE, body);
      }
      announce();
    },
  };
}

function conflict(context: ServerContext, request: SipRequest, conflicts: readonly VersionConflict[]): Answer {
  context.counters.conflicts += 1;
  const body = wrongDeltaFault(conflicts);
  return { response: respond(request, 409, { toTag: newTag(context), type: FAULT_TYPE, body }) };
}

function malformed(context: ServerContext, request: SipRequest, reason: string): Answer {
  context.counters.malformed += 1;
  context.settings.log.debug('simulator.document-refused', { reason });
  return refuse(context, request, 400);
}

function refuse(context: ServerContext, request: SipRequest, status: number, ...headers: readonly Header[]): Answer {
  return { response: respond(request, status, { toTag: newTag(context), headers }) };
}
