import type { SipUri } from '../../../presence/ids.js';
import { CATEGORIES_TYPE, categoriesDocument } from '../documents/categories.js';
import { CONTACTS_TYPE, contactListDocument } from '../documents/contact-list-document.js';
import {
  ACL_TYPE,
  aclDocument,
  LEGACY_PROVISIONING_TYPE,
  legacyProvisioningDocument,
  WPENDING_TYPE,
  wpendingDocument,
} from '../documents/legacy-events.js';
import { type ListedState, presenceList, type TypedBody } from '../documents/presence-list.js';
import { PRESENTITY_TYPE, presentityDocument } from '../documents/presentity.js';
import { PROVISIONING_TYPE, provisioningDocument } from '../documents/provisioning.js';
import { ROAMING_SELF_TYPE, readRoamingList, roamingSelfDocument } from '../documents/roaming-self.js';
import type { XmlElement } from '../documents/xml-tree.js';
import { containerFor } from '../presence/containers.js';
import type { Person } from '../presence/person.js';
import { ownPerson, type ServerContext } from './context.js';
import type { Dialog } from './dialog.js';
import type { EventName } from './own-events.js';
import type { Session } from './session.js';
import type { Verdict } from './watching.js';

/** Full state of one of the user's own events. */
export function ownState(
  context: ServerContext,
  session: Session,
  event: Exclude<EventName, 'presence'>,
  request: XmlElement | undefined,
): TypedBody {
  const person = ownPerson(context, session);
  switch (event) {
    case 'vnd-microsoft-roaming-contacts':
      return { type: CONTACTS_TYPE, body: contactListDocument(context.contacts.of(session.account.uri)) };
    case 'vnd-microsoft-roaming-self':
      return { type: ROAMING_SELF_TYPE, body: roamingSelfDocument(person, readRoamingList(request)) };
    case 'vnd-microsoft-provisioning-v2':
      return { type: PROVISIONING_TYPE, body: provisioningDocument(request) };
    case 'vnd-microsoft-provisioning':
      return { type: LEGACY_PROVISIONING_TYPE, body: legacyProvisioningDocument(person) };
    case 'vnd-microsoft-roaming-ACL':
      return { type: ACL_TYPE, body: aclDocument(person) };
    case 'presence.wpending':
      return { type: WPENDING_TYPE, body: wpendingDocument(person) };
  }
}

/** One person's document as the watcher of this dialog may see it. */
export function watchedDocument(person: Person, dialog: Dialog, wanted: Iterable<string>): TypedBody {
  const watcher = dialog.session.account.uri;
  const container = containerFor(person.uri, watcher, person.containers);
  return dialog.format === 'categories'
    ? { type: CATEGORIES_TYPE, body: categoriesDocument(person, container, wanted) }
    : { type: PRESENTITY_TYPE, body: presentityDocument(person, container, person.uri === watcher) };
}

/** Word of watched people: a list with one document each, or the bare document of a single subscription. */
export function watchedState(
  context: ServerContext,
  dialog: Dialog,
  verdicts: ReadonlyMap<SipUri, Verdict>,
): TypedBody {
  const resources = [...verdicts].map(([uri, verdict]) => ({
    uri,
    listed: listedState(context, dialog, uri, verdict),
  }));
  const [first] = resources;
  if (dialog.form === 'single' && first?.listed.state === 'active') return first.listed.document;
  return presenceList(dialog.localUri, resources, `----${context.settings.random.bytes(12).toString('hex')}`);
}

function listedState(context: ServerContext, dialog: Dialog, uri: SipUri, verdict: Verdict): ListedState {
  const person = context.presence.find(uri);
  if (verdict.kind === 'elsewhere') return { state: 'resubscribe', poolFqdn: verdict.poolFqdn };
  if (verdict.kind === 'refused') {
    const { reason, diagnostics } = verdict;
    return { state: 'terminated', reason, ...(diagnostics === undefined ? {} : { diagnostics }) };
  }
  if (!person) return { state: 'terminated', reason: 'noresource' };
  if (person.undecided.has(dialog.session.account.uri)) return { state: 'pending' };
  return { state: 'active', document: watchedDocument(person, dialog, verdict.wanted) };
}
