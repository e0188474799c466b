import type { SipResponse } from '../codec/message.js';
import type { ServerSettings } from '../options.js';
import type { Counters } from './counters.js';
import { type Dialog, dialogRequest, isSuccess, keepAlive, type QueuedNotify } from './dialog.js';
import type { Link } from './link.js';
import type { Subscriptions } from './subscriptions.js';
import type { Vias } from './vias.js';

/** NOTIFYs that may wait for a client that answers slowly; beyond that its subscription ends. */
const MAX_QUEUED = 1000;

/** Sends notifications: BENOTIFY at once, NOTIFY one after the other, each waiting for its answer. */
export class Notifier {
  readonly #settings: ServerSettings;
  readonly #subscriptions: Subscriptions;
  readonly #vias: Vias;
  readonly #counters: Counters;
  /** NOTIFYs under way, by the branch of their Via. */
  readonly #awaiting = new Map<string, Dialog>();

  constructor(settings: ServerSettings, subscriptions: Subscriptions, vias: Vias, counters: Counters) {
    this.#settings = settings;
    this.#subscriptions = subscriptions;
    this.#vias = vias;
    this.#counters = counters;
  }

  notify(dialog: Dialog, type: string, body: string): void {
    if (dialog.autoextend) keepAlive(this.#settings.clock, dialog, () => this.terminate(dialog, 'timeout'));
    const left = Math.max(0, Math.round((dialog.expiresAt - this.#settings.clock.now()) / 1000));
    this.#enqueue(dialog, { type, body, state: `active;expires=${left}` });
  }

  /** Says that the subscription is over, and forgets it. */
  terminate(dialog: Dialog, reason: string): void {
    const state = `terminated;expires=0;reason=${reason}`;
    const { branch, via } = this.#vias.next(dialog.session.link);
    this.#settings.log.debug('simulator.subscription-ended', { event: dialog.event, reason, branch });
    dialog.session.send(dialogRequest(dialog, via, { type: undefined, body: '', state }));
    this.#count(dialog);
    this.#subscriptions.remove(dialog);
  }

  /** Takes the answer to a NOTIFY; false when the branch is not one of this notifier's. */
  onResponse(branch: string, link: Link, response: SipResponse): boolean {
    const dialog = this.#awaiting.get(branch);
    if (dialog?.session.link !== link) return false;
    if (response.status < 200) return true;
    dialog.cancelAnswerTimer?.();
    dialog.cancelAnswerTimer = undefined;
    dialog.queue.shift();
    if (isSuccess(response)) this.#sendNext(dialog);
    else this.#subscriptions.remove(dialog);
    return true;
  }

  #enqueue(dialog: Dialog, notify: QueuedNotify): void {
    if (dialog.method === 'BENOTIFY') {
      const { via } = this.#vias.next(dialog.session.link);
      dialog.session.send(dialogRequest(dialog, via, notify));
      this.#count(dialog);
      return;
    }
    if (dialog.queue.length >= MAX_QUEUED) {
      this.#subscriptions.remove(dialog);
      return;
    }
    dialog.queue.push(notify);
    if (dialog.queue.length === 1) this.#sendNext(dialog);
  }

  #sendNext(dialog: Dialog): void {
    const [notify] = dialog.queue;
    if (!notify) return;
    const { branch, via } = this.#vias.next(dialog.session.link);
    this.#awaiting.set(branch, dialog);
    const wait = this.#settings.limits.answerSeconds * 1000;
    const cancel = this.#settings.clock.after(wait, () => this.#subscriptions.remove(dialog));
    dialog.cancelAnswerTimer = () => {
      cancel();
      this.#awaiting.delete(branch);
    };
    dialog.session.send(dialogRequest(dialog, via, notify));
    this.#count(dialog);
  }

  #count(dialog: Dialog): void {
    if (dialog.method === 'BENOTIFY') this.#counters.benotifies += 1;
    else this.#counters.notifies += 1;
  }
}
