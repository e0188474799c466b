import { ROAMING_SELF_TYPE } from '../documents/roaming-self.js';
import type { SipMessage } from '../wire/message.js';
import type { Answer, OcsCore, RequestDraft } from './core.js';
import { afterSuccess, type Dialog, newDialog, nextRequest, routeOf } from './dialog.js';
import { type OwnRefusal, ownRefusal } from './own-refusal.js';
import { exchangeInTurn } from './own-request.js';
import type { OwnTerms } from './own-side.js';
import type { SelfReport } from './publisher-words.js';
import { selfReportOf } from './self-report.js';

export interface RoamingSelfListener {
  onOpened(report: SelfReport | undefined): void;
  onNotOpened(refusal: OwnRefusal): void;
  onReport(report: SelfReport): void;
  /** It has ended, or was not extended. */
  onClosed(): void;
}

const EVENT = 'vnd-microsoft-roaming-self';
const BODY = Buffer.from(
  '<roamingList xmlns="http://schemas.microsoft.com/2006/09/sip/roaming-self">' +
    '<roaming type="categories"/><roaming type="containers"/></roamingList>',
);
const DEFAULT_EXPIRES = 3_600;
const MAX_EXPIRES = 86_400;
/** Part of the lifetime after which it is refreshed. */
const REFRESH_AT = 0.75;
/** How long an answer without a document is taken for "it follows by notification". */
const FIRST_DOCUMENT_MS = 5_000;

/** Subscription to our own data (MS-PRES 3.2.4, roaming-self), one dialog at a time. */
export class RoamingSelf {
  readonly #terms: Omit<OwnTerms, 'core'> & { readonly core: Pick<OcsCore, 'exchange'> };
  readonly #listener: RoamingSelfListener;
  #dialog: Dialog | undefined;
  #awaitingFirst = false;
  #cancelTimer: () => void = () => {};

  constructor(terms: OwnTerms, listener: RoamingSelfListener) {
    this.#terms = terms;
    this.#listener = listener;
  }

  /** Opens a new dialog; one before it is forgotten. */
  open(): void {
    const { random } = this.#terms.ports;
    this.close();
    this.#dialog = newDialog(random.bytes(16).toString('hex'), random.bytes(5).toString('hex'), this.#terms.account);
    this.#awaitingFirst = true;
    this.#subscribe((answer) => this.#onOpenAnswer(answer));
  }

  owns(message: SipMessage): boolean {
    return this.#dialog?.callId === message.callId && message.to?.tag === this.#dialog.localTag;
  }

  receive(message: SipMessage): void {
    const report = this.#read(message);
    if (this.#awaitingFirst && report !== undefined) this.#opened(report);
    else if (report !== undefined) this.#listener.onReport(report);
    if (message.subscriptionState?.state === 'terminated') this.#ended();
  }

  /** Tells the server that it is over, without waiting for the answer. */
  signOff(): void {
    if (this.#dialog?.remoteTag !== undefined) {
      this.#dialog = nextRequest(this.#dialog);
      this.#terms.core.exchange(this.#request(this.#dialog, 'close'), () => {});
    }
    this.close();
  }

  close(): void {
    this.#cancelTimer();
    this.#dialog = undefined;
    this.#awaitingFirst = false;
  }

  #subscribe(onAnswer: (answer: Answer) => void): void {
    if (this.#dialog === undefined) return;
    const dialog = nextRequest(this.#dialog);
    this.#dialog = dialog;
    const isCurrent = (): boolean => this.#dialog?.callId === dialog.callId;
    exchangeInTurn(this.#terms, isCurrent)(this.#request(dialog, 'keep'), (answer) => {
      if (isCurrent()) onAnswer(answer);
    });
  }

  #onOpenAnswer(answer: Answer): void {
    if (answer === 'timeout' || answer === 'unsent' || answer.status >= 300) {
      if (answer !== 'timeout' && answer !== 'unsent' && (answer.status === 401 || answer.status === 407)) {
        this.#terms.onSignInNeeded();
      }
      this.close();
      this.#listener.onNotOpened(ownRefusal('OCS_PUBLISH', 'The versions of the own status could not be read', answer));
      return;
    }
    this.#extend(answer);
    const report = this.#read(answer);
    if (report !== undefined) this.#opened(report);
    else if (this.#awaitingFirst) this.#arm(FIRST_DOCUMENT_MS, () => this.#opened(undefined));
  }

  #opened(report: SelfReport | undefined): void {
    if (this.#awaitingFirst) this.#armRefresh();
    this.#awaitingFirst = false;
    this.#listener.onOpened(report);
  }

  #expires = DEFAULT_EXPIRES;

  #extend(answer: SipMessage): void {
    if (this.#dialog !== undefined) this.#dialog = afterSuccess(this.#dialog, answer);
    const expires = answer.expires ?? DEFAULT_EXPIRES;
    this.#expires = Math.min(expires > 0 ? expires : DEFAULT_EXPIRES, MAX_EXPIRES);
    this.#armRefresh();
  }

  #armRefresh(): void {
    this.#arm(this.#expires * 1000 * REFRESH_AT, () => this.#subscribe((answer) => this.#onRefreshAnswer(answer)));
  }

  #onRefreshAnswer(answer: Answer): void {
    if (answer === 'timeout' || answer === 'unsent' || answer.status >= 300) {
      this.#ended();
      return;
    }
    this.#extend(answer);
    const report = this.#read(answer);
    if (report !== undefined) this.#listener.onReport(report);
  }

  #ended(): void {
    const early = this.#awaitingFirst;
    this.close();
    if (early) this.#listener.onOpened(undefined);
    this.#listener.onClosed();
  }

  #arm(delay: number, callback: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#terms.ports.clock.after(delay, callback);
  }

  #read(message: SipMessage): SelfReport | undefined {
    return selfReportOf(message, this.#terms.ports);
  }

  #request(dialog: Dialog, purpose: 'keep' | 'close'): RequestDraft {
    const common = {
      method: 'SUBSCRIBE',
      ...routeOf(dialog),
      to: dialog.remoteUri,
      toTag: dialog.remoteTag,
      fromTag: dialog.localTag,
      callId: dialog.callId,
      cseq: dialog.sequence,
    };
    const headers = [`Contact: ${this.#terms.contact}`, `Event: ${EVENT}`];
    if (purpose === 'close') return { ...common, supported: [], headers: [...headers, 'Expires: 0'] };
    return {
      ...common,
      supported: ['com.microsoft.autoextend'],
      headers: [
        ...headers,
        `Accept: ${ROAMING_SELF_TYPE}`,
        'Supported: ms-benotify',
        'Proxy-Require: ms-benotify',
        'Supported: ms-piggyback-first-notify',
      ],
      body: { contentType: ROAMING_SELF_TYPE, content: BODY },
    };
  }
}
