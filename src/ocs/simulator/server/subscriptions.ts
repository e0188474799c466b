import type { SipUri } from '../../../presence/ids.js';
import type { Dialog, EventName, Wanted } from './dialog.js';
import type { Session } from './session.js';

/** All subscription dialogs, found by dialog id, by session, by watched person and by subscribed event. */
export class Subscriptions {
  readonly #dialogs = new Map<string, Dialog>();
  readonly #bySession = new Map<Session, Set<Dialog>>();
  readonly #watchers = new Map<SipUri, Set<Dialog>>();

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
    return [...this.#bySession]
      .filter(([session]) => session.account.uri === user)
      .flatMap(([, dialogs]) => [...dialogs].filter((dialog) => dialog.event === event));
  }

  add(dialog: Dialog): void {
    this.#dialogs.set(dialogKey(dialog.callId, dialog.localTag, dialog.remoteTag), dialog);
    addTo(this.#bySession, dialog.session, dialog);
  }

  watch(dialog: Dialog, person: SipUri, wanted: Wanted): void {
    dialog.watched.set(person, wanted);
    addTo(this.#watchers, person, dialog);
  }

  unwatch(dialog: Dialog, person: SipUri): void {
    dialog.watched.delete(person);
    removeFrom(this.#watchers, person, dialog);
  }

  /** Forgets the dialog and stops its timers; may be called twice. */
  remove(dialog: Dialog): void {
    this.#dialogs.delete(dialogKey(dialog.callId, dialog.localTag, dialog.remoteTag));
    dialog.cancelExpiry();
    dialog.cancelAnswerTimer?.();
    dialog.queue.length = 0;
    for (const person of dialog.watched.keys()) removeFrom(this.#watchers, person, dialog);
    removeFrom(this.#bySession, dialog.session, dialog);
  }

  removeAll(session: Session): void {
    for (const dialog of [...this.of(session)]) this.remove(dialog);
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
