import type { SipUri } from '../../../presence/ids.js';
import type { Dialog, Wanted } from './dialog.js';
import type { EventName } from './own-events.js';
import type { Session } from './session.js';

/** All subscription dialogs, found by dialog id, by session, by watched person and by subscribed event. */
export class Subscriptions {
  readonly #dialogs = new Map<string, Dialog>();
  readonly #bySession = new Map<Session, Set<Dialog>>();
  readonly #watchers = new Map<SipUri, Set<Dialog>>();
  readonly #sessions = new Map<SipUri, Set<Session>>();
  /** How many people each user watches, over all dialogs. */
  readonly #watchedBy = new Map<SipUri, number>();

  all(): IterableIterator<Dialog> {
    return this.#dialogs.values();
  }

  find(callId: string, localTag: string, remoteTag: string): Dialog | undefined {
    return this.#dialogs.get(dialogKey(callId, localTag, remoteTag));
  }

  of(session: Session): ReadonlySet<Dialog> {
    return this.#bySession.get(session) ?? new Set();
  }

  /** Dialogs in which this person's presence is watched. */
  watchersOf(person: SipUri): ReadonlySet<Dialog> {
    return this.#watchers.get(person) ?? new Set();
  }

  /** Dialogs of one user's own endpoints for one event. */
  ofUser(user: SipUri, event: EventName): readonly Dialog[] {
    const sessions = [...(this.#sessions.get(user) ?? [])];
    return sessions.flatMap((session) => [...this.of(session)].filter((dialog) => dialog.event === event));
  }

  add(dialog: Dialog): void {
    this.#dialogs.set(dialogKey(dialog.callId, dialog.localTag, dialog.remoteTag), dialog);
    addTo(this.#bySession, dialog.session, dialog);
    addTo(this.#sessions, dialog.session.account.uri, dialog.session);
  }

  /** How many people this user watches, over all endpoints and dialogs. */
  watchedBy(user: SipUri): number {
    return this.#watchedBy.get(user) ?? 0;
  }

  watch(dialog: Dialog, person: SipUri, wanted: Wanted): void {
    if (!dialog.watched.has(person)) this.#count(dialog, 1);
    dialog.watched.set(person, wanted);
    addTo(this.#watchers, person, dialog);
  }

  unwatch(dialog: Dialog, person: SipUri): void {
    if (dialog.watched.delete(person)) this.#count(dialog, -1);
    removeFrom(this.#watchers, person, dialog);
  }

  /** Forgets the dialog and stops its timers; may be called twice. */
  remove(dialog: Dialog): void {
    this.#dialogs.delete(dialogKey(dialog.callId, dialog.localTag, dialog.remoteTag));
    dialog.cancelExpiry();
    dialog.cancelAnswerTimer?.();
    dialog.queue.length = 0;
    for (const person of dialog.watched.keys()) removeFrom(this.#watchers, person, dialog);
    this.#count(dialog, -dialog.watched.size);
    dialog.watched.clear();
    removeFrom(this.#bySession, dialog.session, dialog);
    if (!this.#bySession.has(dialog.session)) removeFrom(this.#sessions, dialog.session.account.uri, dialog.session);
  }

  removeAll(session: Session): void {
    for (const dialog of [...this.of(session)]) this.remove(dialog);
  }

  #count(dialog: Dialog, change: number): void {
    const user = dialog.session.account.uri;
    const count = this.watchedBy(user) + change;
    if (count > 0) this.#watchedBy.set(user, count);
    else this.#watchedBy.delete(user);
  }
}

function dialogKey(callId: string, localTag: string, remoteTag: string): string {
  return `${callId}\n${localTag}\n${remoteTag}`;
}

function addTo<K, V>(index: Map<K, Set<V>>, key: K, value: V): void {
  const values = index.get(key);
  if (values) values.add(value);
  else index.set(key, new Set([value]));
}

function removeFrom<K, V>(index: Map<K, Set<V>>, key: K, value: V): void {
  const values = index.get(key);
  values?.delete(value);
  if (values?.size === 0) index.delete(key);
}
