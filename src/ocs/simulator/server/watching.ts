import type { SipUri } from '../../../presence/ids.js';
import type { BatchAction } from '../documents/batch-subscription.js';
import { WPENDING_TYPE, wpendingDocument } from '../documents/legacy-events.js';
import { ROAMING_SELF_TYPE, roamingSelfDocument } from '../documents/roaming-self.js';
import type { ServerContext } from './context.js';
import type { Dialog, Wanted } from './dialog.js';
import { type Pool, poolUri } from './pools.js';
import { diagnostics } from './responses.js';
import type { Session } from './session.js';

/** Categories for a subscription that names none. */
const DEFAULT_CATEGORIES: Wanted = new Set(['contactCard', 'note', 'state']);
/** Watchers that may wait for one person's confirmation. */
const MAX_PROMPTS = 200;

/** What becomes of one person in a subscription. */
export type Verdict =
  | { readonly kind: 'watched'; readonly wanted: Wanted }
  /** To be asked for at another pool, or with a subscription to the person. */
  | { readonly kind: 'elsewhere'; readonly poolFqdn: string | undefined }
  | { readonly kind: 'refused'; readonly reason: string; readonly diagnostics?: string };

/**
 * Changes what the dialog watches. Returns the people of whom word is due, unknown and refused ones included. `isLook`: the
 * dialog ends with this answer, so nobody's limit is touched.
 */
export function changeWatched(
  context: ServerContext,
  dialog: Dialog,
  actions: readonly BatchAction[],
  isLook = false,
): ReadonlyMap<SipUri, Verdict> {
  const due = new Map<SipUri, Verdict>();
  for (const { kind, resources, categories } of actions) {
    const wanted: Wanted = categories.length > 0 ? new Set(categories) : DEFAULT_CATEGORIES;
    if (kind === 'replace') keepOnly(context, dialog, new Set(resources.map(({ uri }) => uri)));
    for (const { uri, prompt } of resources) {
      if (kind === 'unsubscribe') {
        context.subscriptions.unwatch(dialog, uri);
        due.delete(uri);
        continue;
      }
      const verdict = verdictOn(context, dialog, uri, wanted, isLook);
      due.set(uri, verdict);
      if (verdict.kind !== 'watched') {
        context.subscriptions.unwatch(dialog, uri);
        continue;
      }
      context.subscriptions.watch(dialog, uri, wanted);
      if (prompt) announceWatcher(context, uri, dialog.session);
    }
  }
  return due;
}

function keepOnly(context: ServerContext, dialog: Dialog, people: ReadonlySet<SipUri>): void {
  for (const uri of [...dialog.watched.keys()]) if (!people.has(uri)) context.subscriptions.unwatch(dialog, uri);
}

/** Who is homed elsewhere is not served in a list (MS-PRES 3.4.5.1.3); a subscription to one person finds its way. */
function verdictOn(context: ServerContext, dialog: Dialog, uri: SipUri, wanted: Wanted, isLook: boolean): Verdict {
  const { presence, pools } = context;
  if (!presence.find(uri)) return { kind: 'refused', reason: 'noresource' };
  const home = pools.homeOf(uri);
  if (dialog.form === 'list' && home !== dialog.pool) {
    return { kind: 'elsewhere', poolFqdn: poolFqdnFor(dialog, home) };
  }
  const limit = isLook ? undefined : limitReached(context, dialog, uri);
  return limit ?? { kind: 'watched', wanted };
}

/** Where a list's watcher asks for somebody of this home; without it, by a subscription to the person. */
export function poolFqdnFor({ pool }: Dialog, home: Pool | 'federated'): string | undefined {
  const speaksAlike = home !== 'federated' && home.dialect === 'ocs2007' && pool.dialect === 'ocs2007';
  return speaksAlike ? poolUri(home) : undefined;
}

/** The refusal of one more subscription to this person, when a limit is reached; people watched already do not count. */
export function limitReached(
  { subscriptions, settings }: ServerContext,
  dialog: Pick<Dialog, 'watched' | 'session' | 'pool'>,
  uri: SipUri,
): Extract<Verdict, { kind: 'refused' }> | undefined {
  if (dialog.watched.has(uri)) return undefined;
  const { watchersPerPerson, subscriptionsPerUser } = settings.limits;
  const refusal = (id: number, text: string) =>
    ({
      kind: 'refused',
      reason: 'rejected',
      diagnostics: diagnostics(id, dialog.pool.hostName, text).value,
    }) as const;
  if (subscriptions.watchersOf(uri).size >= watchersPerPerson) return refusal(2012, 'Subscription limit exceeded');
  const isFull = subscriptions.watchedBy(dialog.session.account.uri) >= subscriptionsPerUser;
  return isFull ? refusal(2007, 'Contact subscription limit exceeded') : undefined;
}

/** Tells somebody's own clients who added them, until they confirm it. */
function announceWatcher(context: ServerContext, watched: SipUri, watcher: Session): void {
  const person = context.presence.find(watched);
  const { uri, displayName } = watcher.account;
  if (!person || watched === uri || person.confirmed.has(uri) || person.prompts.size >= MAX_PROMPTS) return;
  if (person.prompts.get(uri) === displayName) return;
  person.prompts.set(uri, displayName);
  for (const dialog of context.subscriptions.ofUser(watched, 'vnd-microsoft-roaming-self')) {
    context.notifier.notify(dialog, ROAMING_SELF_TYPE, roamingSelfDocument(person, ['subscribers']));
  }
  for (const dialog of context.subscriptions.ofUser(watched, 'presence.wpending')) {
    context.notifier.notify(dialog, WPENDING_TYPE, wpendingDocument(person));
  }
}
