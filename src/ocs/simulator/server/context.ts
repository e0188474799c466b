import type { SipUri } from '../../../presence/ids.js';
import type { ServerSettings } from '../options.js';
import { ContactList } from '../presence/contact-list.js';
import type { Person } from '../presence/person.js';
import type { PresenceStore } from '../presence/presence-store.js';
import type { Counters } from './counters.js';
import type { Notifier } from './notifier.js';
import type { Pools } from './pools.js';
import type { Registrar } from './registrar.js';
import type { Session } from './session.js';
import type { Subscriptions } from './subscriptions.js';
import type { Vias } from './vias.js';

/** Conditions that hold until they are taken back. */
export interface Conditions {
  /** People who may not sign in. */
  readonly disabled: Set<SipUri>;
  /** True while the part that keeps presence and contact lists is out of order. */
  userServicesDown: boolean;
}

/** What the handlers of requests share. */
export interface ServerContext {
  readonly settings: ServerSettings;
  readonly pools: Pools;
  readonly presence: PresenceStore;
  readonly contacts: ContactLists;
  readonly registrar: Registrar;
  readonly subscriptions: Subscriptions;
  readonly notifier: Notifier;
  readonly vias: Vias;
  /** What was done to the site from outside. */
  readonly conditions: Conditions;
  readonly counters: Counters;
}

/** Contact lists by user, made when first asked for. */
export class ContactLists {
  readonly #capacity: number;
  readonly #lists = new Map<SipUri, ContactList>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  of(user: SipUri): ContactList {
    const known = this.#lists.get(user);
    if (known) return known;
    const list = new ContactList(this.#capacity);
    this.#lists.set(user, list);
    return list;
  }
}

/** The signed-in user as a person with presence. */
export function ownPerson(context: ServerContext, session: Session): Person {
  const { uri, displayName } = session.account;
  return context.presence.find(uri) ?? context.presence.add(uri, displayName);
}

/** How many decisions about watchers are stored for a person. */
export function accessEntries({ containers, confirmed }: Person): number {
  return containers.reduce((sum, { members }) => sum + members.length, confirmed.size);
}

/** A fresh tag for `To`. */
export function newTag(context: ServerContext): string {
  return context.settings.random.bytes(8).toString('hex').toUpperCase();
}
