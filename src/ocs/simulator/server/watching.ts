import type { SipUri } from '../../../presence/ids.js';
import type { BatchAction } from '../documents/batch-subscription.js';
import { ROAMING_SELF_TYPE, roamingSelfDocument } from '../documents/roaming-self.js';
import type { ServerContext } from './context.js';
import type { Dialog, Wanted } from './dialog.js';
import type { Session } from './session.js';

/** Categories for a subscription that names none. */
const DEFAULT_CATEGORIES: Wanted = new Set(['contactCard', 'note', 'state']);
/** Watchers that may wait for one person's confirmation. */
const MAX_PROMPTS = 200;

/** Changes what the dialog watches. Returns the people of whom the first state is due, unknown ones included. */
export function changeWatched(
  context: ServerContext,
  dialog: Dialog,
  actions: readonly BatchAction[],
): ReadonlyMap<SipUri, Wanted> {
  const due = new Map<SipUri, Wanted>();
  for (const { kind, resources, categories } of actions) {
    const wanted: Wanted = categories.length > 0 ? new Set(categories) : DEFAULT_CATEGORIES;
    for (const { uri, prompt } of resources) {
      if (kind === 'unsubscribe') {
        context.subscriptions.unwatch(dialog, uri);
        due.delete(uri);
        continue;
      }
      due.set(uri, wanted);
      if (!context.presence.find(uri)) continue;
      context.subscriptions.watch(dialog, uri, wanted);
      if (prompt) announceWatcher(context, uri, dialog.session);
    }
  }
  return due;
}

/** Tells somebody's own clients who added them, until they confirm it. */
function announceWatcher(context: ServerContext, watched: SipUri, watcher: Session): void {
  const person = context.presence.find(watched);
  const { uri, displayName } = watcher.account;
  if (!person || watched === uri || person.confirmed.has(uri) || person.prompts.size >= MAX_PROMPTS) return;
  person.prompts.set(uri, displayName);
  for (const dialog of context.subscriptions.ofUser(watched, 'vnd-microsoft-roaming-self')) {
    context.notifier.notify(dialog, ROAMING_SELF_TYPE, roamingSelfDocument(person, ['subscribers']));
  }
}
