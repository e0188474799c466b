import type { SipUri } from '../../../presence/ids.js';
import { bad, ok, type Result } from '../../../presence/result.js';

export interface Contact {
  readonly uri: SipUri;
  readonly name: string;
  readonly groups: readonly number[];
  readonly subscribed: boolean;
}

/** One change, in the words of a contact delta (MS-PRES 2.2.2.2). */
export type ContactChange =
  | { readonly kind: 'addedContact' | 'modifiedContact'; readonly contact: Contact }
  | { readonly kind: 'deletedContact'; readonly uri: SipUri }
  | { readonly kind: 'addedGroup' | 'modifiedGroup'; readonly id: number; readonly name: string }
  | { readonly kind: 'deletedGroup'; readonly id: number };

/** The default group: name `~`, id 1, cannot be deleted. */
const DEFAULT_GROUP = 1;
const HIGHEST_GROUP = 63;
const MAX_NAME_LENGTH = 256;

/** One user's contact list. Each successful change raises the delta number by one. */
export class ContactList {
  readonly groups = new Map<number, string>([[DEFAULT_GROUP, '~']]);
  readonly contacts = new Map<SipUri, Contact>();
  readonly #capacity: number;
  #delta = 1;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get deltaNumber(): number {
    return this.#delta;
  }

  setContact(contact: Contact): Result<ContactChange> {
    const known = this.contacts.has(contact.uri);
    if (!known && this.contacts.size >= this.#capacity) return bad('the contact list is full');
    const groups = contact.groups.filter((id) => this.groups.has(id));
    const stored = {
      ...contact,
      name: contact.name.slice(0, MAX_NAME_LENGTH),
      groups: groups.length > 0 ? groups : [DEFAULT_GROUP],
    };
    this.contacts.set(contact.uri, stored);
    return this.#changed({ kind: known ? 'modifiedContact' : 'addedContact', contact: stored });
  }

  deleteContact(uri: SipUri): Result<ContactChange> {
    return this.contacts.delete(uri) ? this.#changed({ kind: 'deletedContact', uri }) : bad('no such contact');
  }

  addGroup(name: string): Result<ContactChange> {
    let id = DEFAULT_GROUP;
    while (this.groups.has(id)) id += 1;
    if (id > HIGHEST_GROUP) return bad('there are too many groups');
    return this.#setGroup('addedGroup', id, name);
  }

  modifyGroup(id: number, name: string): Result<ContactChange> {
    if (!this.groups.has(id)) return bad('no such group');
    return this.#setGroup('modifiedGroup', id, name);
  }

  deleteGroup(id: number): Result<ContactChange> {
    if (id === DEFAULT_GROUP || !this.groups.delete(id)) return bad('no such group, or it is the default group');
    for (const contact of this.contacts.values()) {
      const groups = contact.groups.filter((group) => group !== id);
      this.contacts.set(contact.uri, { ...contact, groups: groups.length > 0 ? groups : [DEFAULT_GROUP] });
    }
    return this.#changed({ kind: 'deletedGroup', id });
  }

  #setGroup(kind: 'addedGroup' | 'modifiedGroup', id: number, name: string): Result<ContactChange> {
    const stored = name.slice(0, MAX_NAME_LENGTH);
    this.groups.set(id, stored);
    return this.#changed({ kind, id, name: stored });
  }

  #changed(change: ContactChange): Result<ContactChange> {
    this.#delta += 1;
    return ok(change);
  }
}
