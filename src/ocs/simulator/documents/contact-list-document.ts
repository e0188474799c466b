import type { Contact, ContactChange, ContactList } from '../presence/contact-list.js';
import { xml } from './xml-write.js';

export const CONTACTS_TYPE = 'application/vnd-microsoft-roaming-contacts+xml';

/** The whole list (MS-PRES 2.2.2.2). Addresses stand without `sip:` here, and with it in deltas. */
export function contactListDocument(list: ContactList): string {
  const groups = [...list.groups].map(([id, name]) => xml('group', { id, name, externalURI: '' }));
  const contacts = [...list.contacts.values()].map((contact) =>
    xml('contact', contactAttributes(contact, contact.uri.slice('sip:'.length))),
  );
  return xml('contactList', { deltaNum: list.deltaNumber }, ...groups, ...contacts);
}

/** One change, for endpoints that hold the list already. */
export function contactDeltaDocument(change: ContactChange, deltaNumber: number): string {
  return xml('contactDelta', { deltaNum: deltaNumber, prevDeltaNum: deltaNumber - 1 }, changeElement(change));
}

function changeElement(change: ContactChange): string {
  switch (change.kind) {
    case 'addedContact':
    case 'modifiedContact':
      return xml(change.kind, contactAttributes(change.contact, change.contact.uri));
    case 'deletedContact':
      return xml(change.kind, { uri: change.uri });
    case 'addedGroup':
    case 'modifiedGroup':
      return xml(change.kind, { id: change.id, name: change.name, externalURI: '' });
    case 'deletedGroup':
      return xml(change.kind, { id: change.id });
  }
}

function contactAttributes(contact: Contact, uri: string): Readonly<Record<string, string>> {
  return {
    uri,
    name: contact.name,
    groups: contact.groups.join(' '),
    subscribed: String(contact.subscribed),
    externalURI: '',
  };
}
