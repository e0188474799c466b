import { readCredentials } from '../codec/credentials.js';
import { type Header, headerOf, type SipMessage } from '../codec/message.js';
import { respond } from '../server/responses.js';
import type { FaultBehaviour } from './fault.js';

const CREDENTIALS = new Set(['authorization', 'proxy-authorization']);

/** Each request is answered by a 100 first, without a signature, as OCS does (MS-SIPAE 3.2.4.1). */
export function unsigned100(): FaultBehaviour {
  return {
    incoming: (message) => {
      if (message.kind !== 'request' || message.method === 'ACK') return undefined;
      return () => ({ deliver: [message], reply: [respond(message, 100)] });
    },
  };
}

/** The server does as if the client knew no BENOTIFY, and sends NOTIFY. */
export function notifyInstead(): FaultBehaviour {
  return {
    incoming: (message) => {
      if (message.kind !== 'request' || message.method !== 'SUBSCRIBE') return undefined;
      return () => ({ deliver: [{ ...message, headers: message.headers.flatMap(withoutBenotify) }] });
    },
  };
}

function withoutBenotify(header: Header): readonly Header[] {
  if (header.name.toLowerCase() !== 'supported') return [header];
  const tags = header.value.split(',').map((tag) => tag.trim());
  const value = tags.filter((tag) => tag.toLowerCase() !== 'ms-benotify').join(', ');
  return value === '' ? [] : [{ name: header.name, value }];
}

/**
 * The server has lost the security associations it knew: what they sign is as if it came without credentials, and is
 * answered with 401. A handshake goes on as usual.
 */
export function forgottenAssociation(): FaultBehaviour {
  return {
    incoming: (message) => {
      if (!isSignedRequest(message)) return undefined;
      const headers = message.headers.filter(({ name }) => !CREDENTIALS.has(name.toLowerCase()));
      return () => ({ deliver: [{ ...message, headers }] });
    },
  };
}

/** True for a request with credentials that are not part of a handshake. */
function isSignedRequest(message: SipMessage): boolean {
  if (message.kind !== 'request') return false;
  const value = headerOf(message, 'authorization') ?? headerOf(message, 'proxy-authorization');
  const params = value === undefined ? undefined : readCredentials(value)?.params;
  return params !== undefined && !params.has('gssapi-data');
}
