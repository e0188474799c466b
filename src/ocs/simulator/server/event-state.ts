import type { SipUri } from '../../../presence/ids.js';
import { CATEGORIES_TYPE, categoriesDocument } from '../documents/categories.js';
import { CONTACTS_TYPE, contactListDocument } from '../documents/contact-list-document.js';
import { presenceList, type TypedBody } from '../documents/presence-list.js';
import { PROVISIONING_TYPE, provisioningDocument } from '../documents/provisioning.js';
import { ROAMING_SELF_TYPE, readRoamingList, roamingSelfDocument } from '../documents/roaming-self.js';
import type { XmlElement } from '../documents/xml-tree.js';
import { containerFor } from '../presence/containers.js';
import type { Person } from '../presence/person.js';
import { ownPerson, type ServerContext } from './context.js';
import type { EventName, Wanted } from './dialog.js';
import type { Session } from './session.js';

/** Full state of one of the user's own events. */
export function ownState(
  context: ServerContext,
  session: Session,
  event: Exclude<EventName, 'presence'>,
  request: XmlElement | undefined,
): TypedBody {
  switch (event) {
    case 'vnd-microsoft-roaming-contacts':
      return { type: CONTACTS_TYPE, body: contactListDocument(context.contacts.of(session.account.uri)) };
    case 'vnd-microsoft-roaming-self':
      return {
        type: ROAMING_SELF_TYPE,
        body: roamingSelfDocument(ownPerson(context, session), readRoamingList(request)),
      };
    case 'vnd-microsoft-provisioning-v2':
      return { type: PROVISIONING_TYPE, body: provisioningDocument(request) };
  }
}

/** One person's document as this watcher may see it. */
export function watchedDocument(person: Person, watcher: SipUri, wanted: Iterable<string>): string {
  return categoriesDocument(person, containerFor(person.uri, watcher, person.containers), wanted);
}

/** First state of watched people: a list with one document each, or the bare document of a single subscription. */
export function watchedState(
  context: ServerContext,
  session: Session,
  watched: ReadonlyMap<SipUri, Wanted>,
  form: 'list' | 'single',
): TypedBody {
  const watcher = session.account.uri;
  const resources = [...watched].map(([uri, wanted]) => {
    const person = context.presence.find(uri);
    return { uri, document: person && watchedDocument(person, watcher, wanted) };
  });
  const [first] = resources;
  if (form === 'single' && first?.document !== undefined) return { type: CATEGORIES_TYPE, body: first.document };
  return presenceList(watcher, resources, `----${context.settings.random.bytes(12).toString('hex')}`);
}
