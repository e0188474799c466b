import type { SipMessage } from '../codec/message.js';
import type { FaultHooks } from '../faults/hooks.js';

/** One client connection as the SIP side sees it. */
export interface Link {
  /** Number of the connection, unique in this server: what OCS calls `ms-received-cid`. */
  readonly id: number;
  readonly transport: 'TLS' | 'TCP';
  readonly remotePort: number;
  /** The client showed the certificate of a trusted host. */
  readonly trusted?: boolean;
  /** Where faults take part in what the server says; absent on connections without. */
  readonly faults?: FaultHooks | undefined;
  send(message: SipMessage): void;
}

/** The port that servers of this kind are known under; written into Contact, Via and Record-Route whatever the real one is. */
export function nominalPort(transport: Link['transport']): number {
  return transport === 'TLS' ? 5061 : 5060;
}
