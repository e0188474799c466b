import type { Clock, Log, Random } from '../../bridge/ports.js';
import type { SipMessage } from '../wire/message.js';
import type { OcsCore } from './core.js';
import type { DueQueue } from './due-queue.js';
import type { RequestGate } from './request-gate.js';
import type { SubscribeTerms } from './subscribe-request.js';

export interface RunPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Counts a message or document that was dropped, by reason. */
  count(what: 'message' | 'document', reason: string): void;
}

/** Whoever takes the notifications of a dialog. */
export interface DialogOwner {
  owns(message: SipMessage): boolean;
  /** A BENOTIFY or NOTIFY that it owns. */
  receive(message: SipMessage): void;
}

/** What has a time at which something is due for it. */
export interface Due {
  onDue(): void;
}

/** What a subscription needs of the core. */
export type Exchange = Pick<OcsCore, 'exchange'>;

/** What all subscriptions over one connection share. */
export interface RunWiring {
  readonly terms: SubscribeTerms;
  readonly core: Exchange;
  readonly gate: RequestGate;
  /** Who has which dialog, by Call-ID; the subscriptions themselves keep it. */
  readonly dialogs: Map<string, DialogOwner>;
  /** The timers of all of them. */
  readonly due: DueQueue<Due>;
  readonly ports: RunPorts;
}
