import type { Random } from '../../../bridge/ports.js';
import { readAddress } from '../codec/address.js';
import { type SipMessage, type SipRequest, withoutHeaders } from '../codec/message.js';
import { type Link, nominalPort } from './link.js';
import type { Pools } from './pools.js';

export interface OwnVia {
  readonly branch: string;
  readonly via: string;
}

const COOKIE = 'z9hG4bK';

/** Makes and reads the server's own Via headers (RFC 3261 §18.2). */
export class Vias {
  readonly #pools: Pools;
  readonly #random: Random;

  constructor(pools: Pools, random: Random) {
    this.#pools = pools;
    this.#random = random;
  }

  next(link: Link): OwnVia {
    return this.withBranch(link, `${COOKIE}${this.#random.bytes(8).toString('hex').toUpperCase()}`);
  }

  /** A CANCEL and the ACK of a refused INVITE carry the branch of the INVITE. */
  withBranch(link: Link, branch: string): OwnVia {
    const { transport } = link;
    const { hostName } = this.#pools.of(link);
    const via = `SIP/2.0/${transport} ${hostName}:${nominalPort(transport)};branch=${branch};branched=FALSE`;
    return { branch, via };
  }
}

/** Branch of the first Via, or empty. */
export function branchOf(message: SipMessage): string {
  const via = message.headers.find(({ name }) => name.toLowerCase() === 'via')?.value ?? '';
  return readAddress(via.split(',')[0] ?? '').params.get('branch') ?? '';
}

/** The request with the sender's address noted in its first Via, as OCS does. */
export function markReceived(request: SipRequest, link: Link): SipRequest {
  const at = request.headers.findIndex(({ name }) => name.toLowerCase() === 'via');
  const via = request.headers[at];
  if (!via) return request;
  const [first = '', ...others] = via.value.split(',');
  const note = `;ms-received-port=${link.remotePort};ms-received-cid=${link.id.toString(16).toUpperCase()}`;
  const marked = { name: 'Via', value: [`${first.trim()}${note}`, ...others].join(',') };
  return { ...request, headers: request.headers.with(at, marked) };
}

/** The message without its first Via. */
export function withoutFirstVia<M extends SipMessage>(message: M): M {
  const at = message.headers.findIndex(({ name }) => name.toLowerCase() === 'via');
  const via = message.headers[at];
  if (!via) return message;
  const comma = via.value.indexOf(',');
  const rest = comma < 0 ? [] : [{ name: via.name, value: via.value.slice(comma + 1).trim() }];
  return { ...message, headers: message.headers.toSpliced(at, 1, ...rest) };
}

/** What a relayed message must not carry: each hop signs for itself. */
export function withoutCredentials<M extends SipMessage>(message: M): M {
  return withoutHeaders(message, 'authorization', 'proxy-authorization', 'authentication-info');
}
