import { headerList, headerOf, type SipRequest, type SipResponse } from '../codec/message.js';
import { FAULT_TYPE, wrongDeltaFault } from '../documents/fault.js';
import { PUBLISH_TYPE } from '../documents/publish.js';
import { diagnostics, respond } from '../server/responses.js';
import type { FaultBehaviour, FaultTools, LineFacts } from './fault.js';

/** Tag of answers that no handler made. */
const TAG = 'FA17';
const SECOND_MS = 1000;

/**
 * 503 with `Retry-After` to all requests beyond so many per second, counted over all connections; 0: to every one
 * (RFC 3261 21.5.4).
 */
export function busy(
  perSecond: number,
  retryAfter: number,
  { now }: Pick<FaultTools, 'now'>,
): (line: LineFacts) => FaultBehaviour {
  let recent: number[] = [];
  return ({ hostName }) => ({
    answer: (request) => {
      if (request.method === 'ACK') return undefined;
      const at = now();
      recent = recent.filter((time) => at - time < SECOND_MS);
      if (recent.length < perSecond) {
        recent.push(at);
        return undefined;
      }
      const headers = [
        ...headerList(['Retry-After', String(retryAfter)]),
        diagnostics(17000, hostName, 'The server is busy'),
      ];
      return () => respond(request, 503, { toTag: TAG, headers });
    },
  });
}

/** REGISTER is answered by 301 (RFC 3261 21.3.2) with the address of another server, as a director does. */
export function redirect(target: string): (line: LineFacts) => FaultBehaviour {
  return ({ transport }) => ({
    answer: (request) => {
      if (request.method !== 'REGISTER') return undefined;
      const contact = `<sip:${target};transport=${transport}>`;
      return () => moved(request, contact);
    },
  });
}

function moved(request: SipRequest, contact: string): SipResponse {
  const response = respond(request, 301, { toTag: TAG, headers: headerList(['Contact', contact]) });
  return { ...response, reason: 'Moved Permanently' };
}

/** A publication meets another one that came before it (MS-PRES 2.2.2.6.2): 409, with a version one higher. */
export function conflict(): FaultBehaviour {
  return {
    answer: (request) => {
      const type = headerOf(request, 'content-type')?.split(';')[0]?.trim().toLowerCase();
      if (request.method !== 'SERVICE' || type !== PUBLISH_TYPE) return undefined;
      const versions = [
        ...request.body.toString('utf8').matchAll(/<(?:\w+:)?publication\b[^>]*\bversion="(\d{1,9})"/g),
      ];
      const conflicts = versions.map(([, version], at) => ({
        index: at + 1,
        version: Number(version),
        curVersion: Number(version) + 1,
      }));
      return () => respond(request, 409, { toTag: TAG, type: FAULT_TYPE, body: wrongDeltaFault(conflicts) });
    },
  };
}

/** A SUBSCRIBE that names this address is refused as a whole, as servers do with one they cannot read. */
export function refusedAddress(address: string): FaultBehaviour {
  const wanted = address.toLowerCase();
  return {
    answer: (request) => {
      if (request.method !== 'SUBSCRIBE') return undefined;
      const text = `${request.uri} ${request.body.toString('utf8')}`.toLowerCase();
      return text.includes(wanted) ? () => respond(request, 400, { toTag: TAG }) : undefined;
    },
  };
}

/** Every request of this method is refused with this status. */
export function refused(method: string, status: number): FaultBehaviour {
  return {
    answer: (request) =>
      request.method === method && request.method !== 'ACK'
        ? () => respond(request, status, { toTag: TAG })
        : undefined,
  };
}
