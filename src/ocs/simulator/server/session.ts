import type { SipMessage } from '../codec/message.js';
import type { SimulatorAccount } from '../options.js';
import type { Association } from '../security/association.js';
import type { Link } from './link.js';

/** One endpoint of a signed-in user: all that is sent to it leaves through here and is signed here. */
export class Session {
  readonly link: Link;
  /** Endpoint id, from the client's `From`; empty when it sends none. */
  readonly epid: string;
  readonly account: SimulatorAccount;
  /** Where the endpoint registered: the Request-URI of requests to it. */
  contact: string | undefined;
  /** Replaced when the client authenticates anew. Absent when the server asks for no authentication. */
  association: Association | undefined;

  constructor(link: Link, epid: string, account: SimulatorAccount, association: Association | undefined) {
    this.link = link;
    this.epid = epid;
    this.account = account;
    this.association = association;
  }

  /** Names the endpoint among those of its user. */
  get endpoint(): string {
    return this.epid === '' ? `connection ${this.link.id}` : this.epid;
  }

  send(message: SipMessage): void {
    this.link.send(this.association ? this.association.sign(message) : message);
  }

  /** Provisional 100 responses go out unsigned, as OCS sends them. */
  sendUnsigned(message: SipMessage): void {
    this.link.send(message);
  }
}
