import type { Clock } from '../../../bridge/ports.js';
import type { SipUri } from '../../../presence/ids.js';
import { headerList, type SipRequest, type SipResponse } from '../codec/message.js';
import { afterLong } from '../long-delay.js';
import type { EventName } from './own-events.js';
import type { Pool } from './pools.js';
import type { Session } from './session.js';

/** Form of presence documents: categories (MS-PRES 2.2.2.4), or the presentity of LCS 2005 (MS-SIP 2.2.2). */
export type PresenceFormat = 'categories' | 'presentity';

/** Categories that a watcher wants of one person. */
export type Wanted = ReadonlySet<string>;

/** A NOTIFY that waits for its turn or for its answer. */
export interface QueuedNotify {
  readonly type: string | undefined;
  readonly body: string;
  readonly state: string;
}

/** One subscription dialog (RFC 6665) on the server's side. */
export interface Dialog {
  readonly session: Session;
  readonly event: EventName;
  /** The pool that serves it: the client's own, or the one that its SUBSCRIBE names. */
  readonly pool: Pool;
  readonly format: PresenceFormat;
  /** `list`: a batch, in which each person is told apart; `single`: one person's subscription. */
  readonly form: 'list' | 'single';
  /** Each notification begins the whole lifetime anew (MS-SIP, `com.microsoft.autoextend`). */
  readonly autoextend: boolean;
  readonly callId: string;
  readonly localTag: string;
  readonly remoteTag: string;
  /** `To` and `From` URI of the SUBSCRIBE. */
  readonly localUri: string;
  readonly remoteUri: string;
  /** BENOTIFY needs no answer (MS-SIP 2.2.1); clients that do not know it get NOTIFY. */
  readonly method: 'BENOTIFY' | 'NOTIFY';
  /** People watched in this dialog; only for the event `presence`. */
  readonly watched: Map<SipUri, Wanted>;
  cseq: number;
  /** Highest CSeq number that the client used. */
  remoteCseq: number;
  /** Seconds that were granted last. */
  lifetime: number;
  /** Milliseconds since 1970. */
  expiresAt: number;
  cancelExpiry: () => void;
  /** The NOTIFY under way, and those that follow it. */
  readonly queue: QueuedNotify[];
  cancelAnswerTimer: (() => void) | undefined;
}

/** Begins the dialog's lifetime anew; `onEnd` is called when it is over. */
export function keepAlive(clock: Clock, dialog: Dialog, onEnd: () => void): void {
  const wait = dialog.lifetime * 1000;
  dialog.cancelExpiry();
  dialog.expiresAt = clock.now() + wait;
  dialog.cancelExpiry = afterLong(clock, wait, onEnd);
}

/** The next request in a dialog, with this Via. */
export function dialogRequest(dialog: Dialog, via: string, notify: QueuedNotify): SipRequest {
  dialog.cseq += 1;
  const { session } = dialog;
  const epid = session.epid === '' ? '' : `;epid=${session.epid}`;
  return {
    kind: 'request',
    method: dialog.method,
    uri: session.contact ?? dialog.remoteUri,
    headers: headerList(
      ['Via', via],
      ['Max-Forwards', '70'],
      ['From', `<${dialog.localUri}>;tag=${dialog.localTag}`],
      ['To', `<${dialog.remoteUri}>;tag=${dialog.remoteTag}${epid}`],
      ['Call-ID', dialog.callId],
      ['CSeq', `${dialog.cseq} ${dialog.method}`],
      ['Event', dialog.event],
      ['subscription-state', notify.state],
      ['Require', dialog.event === 'presence' ? 'eventlist' : undefined],
      ['Content-Type', notify.body === '' ? undefined : notify.type],
    ),
    body: Buffer.from(notify.body, 'utf8'),
  };
}

export function isSuccess(response: SipResponse): boolean {
  return response.status >= 200 && response.status < 300;
}
