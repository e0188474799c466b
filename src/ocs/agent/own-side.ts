import type { Clock, Log, Random } from '../../bridge/ports.js';
import type { SipUri } from '../../presence/ids.js';
import type { SipMessage } from '../wire/message.js';
import type { OcsCore } from './core.js';
import type { Epid } from './endpoint.js';
import type { RequestBudget } from './request-budget.js';

/**
 * How the server wants to hear about our own status: MS-PRES categories (OCS 2007 and later), SOAP `setPresence` (LCS
 * 2005), or PUBLISH (RFC 3903).
 */
export type OwnDialect = 'categories' | 'lcs2005' | 'sip';

/** What a signed-in connection offers to whatever speaks for the account itself. */
export interface OwnTerms {
  readonly core: OcsCore;
  readonly account: SipUri;
  readonly epid: Epid;
  /** Contact value with brackets. */
  readonly contact: string;
  /** `address:port` of our end of the connection. */
  readonly localAddress: string;
  readonly dialect: OwnDialect;
  readonly ports: OwnPorts;
  /** To be called when the server has forgotten our sign-in. */
  onSignInNeeded(): void;
}

export interface OwnPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Shared with everybody who asks something of the server. */
  readonly budget?: Pick<RequestBudget, 'take'>;
  /** Counts a message or document that was dropped, by reason. */
  count(what: 'message' | 'document', reason: string): void;
}

/** Own status and conversations over one connection. */
export interface OwnLink {
  /** True for notifications in one of its dialogs. */
  owns(message: SipMessage): boolean;
  /** A BENOTIFY or NOTIFY that it owns. */
  receive(message: SipMessage): void;
  /** Takes the status back and ends all conversations; takes two seconds at most and resolves always. */
  signOff(): Promise<void>;
  /** The connection is gone: nothing is sent any more. */
  close(): void;
}

/** What outlives connections: the wanted status and those who listen for messages. */
export interface OwnSide {
  /** Called after each sign-in. */
  attach(terms: OwnTerms): OwnLink;
}
