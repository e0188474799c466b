import { cseqOf, type SipMessage } from '../codec/message.js';
import type { FaultBehaviour, Sending } from './fault.js';

const NOW = 0;

function now(...messages: readonly SipMessage[]): readonly Sending[] {
  return messages.map((message) => ({ message, delayMs: NOW }));
}

function isNotification(message: SipMessage): boolean {
  return message.kind === 'request' && (message.method === 'BENOTIFY' || message.method === 'NOTIFY');
}

/** Header with the server's signature (MS-SIPAE 2.2.4). */
const SIGNATURE = 'authentication-info';

function isSigned(message: SipMessage): boolean {
  return message.headers.some(({ name, value }) => name.toLowerCase() === SIGNATURE && /rspauth=/i.test(value));
}

/** True at every n-th call. */
function everyNth(n: number): () => boolean {
  let seen = 0;
  return () => {
    seen += 1;
    return seen % n === 0;
  };
}

/** The server stops to answer and keeps the connection. */
export function silence(): FaultBehaviour {
  return { incoming: () => () => ({ deliver: [] }), outgoing: () => () => [] };
}

/** Every n-th signature is wrong in one digit. */
export function wrongSignature(n: number): FaultBehaviour {
  const due = everyNth(n);
  return {
    outgoing: (message) => {
      if (!isSigned(message) || !due()) return undefined;
      const spoilt = message.headers.map(({ name, value }) => ({
        name,
        value: value.replace(/(rspauth=")([0-9A-F])/i, (_all, before: string, digit: string) =>
          digit === '0' ? `${before}1` : `${before}0`,
        ),
      }));
      return () => now({ ...message, headers: spoilt });
    },
  };
}

/** Every n-th message lacks its signature. */
export function unsigned(n: number): FaultBehaviour {
  const due = everyNth(n);
  return {
    outgoing: (message) => {
      if (!isSigned(message) || !due()) return undefined;
      const headers = message.headers.filter(({ name }) => name.toLowerCase() !== SIGNATURE);
      return () => now({ ...message, headers });
    },
  };
}

/** After every n-th notification the first one comes again, octet by octet as it was. */
export function replay(n: number): FaultBehaviour {
  const due = everyNth(n);
  let first: SipMessage | undefined;
  return {
    outgoing: (message) => {
      if (!isNotification(message)) return undefined;
      if (first === undefined) {
        first = message;
        return undefined;
      }
      const old = first;
      return due() ? () => now(message, old) : undefined;
    },
  };
}

/** Every notification comes twice. */
export function duplicate(): FaultBehaviour {
  return { outgoing: (message) => (isNotification(message) ? () => now(message, message) : undefined) };
}

/** Every other notification is held back so long that the one after it overtakes it. */
export function reorder(holdMs: number): FaultBehaviour {
  let held = false;
  return {
    outgoing: (message) => {
      if (!isNotification(message)) return undefined;
      held = !held;
      return held ? () => [{ message, delayMs: holdMs }] : undefined;
    },
  };
}

/** Responses come late, notifications in time. */
export function slowAnswers(delayMs: number): FaultBehaviour {
  return { outgoing: (message) => (message.kind === 'response' ? () => [{ message, delayMs }] : undefined) };
}

/** Header names in capitals, as some servers send them (RFC 3261 7.3.1: names have no case). */
export function upperCase(): FaultBehaviour {
  return {
    outgoing: (message) => {
      const headers = message.headers.map(({ name, value }) => ({ name: name.toUpperCase(), value }));
      return () => now({ ...message, headers });
    },
  };
}

/** Responses that open a dialog name two proxies, in two headers, one of them a list (RFC 3261 20.30). */
export function recordRoute(hostName: string, port: number): FaultBehaviour {
  const dialogs = new Set(['SUBSCRIBE', 'INVITE']);
  return {
    outgoing: (message) => {
      const method = cseqOf(message)?.method ?? '';
      if (message.kind !== 'response' || message.status >= 300 || !dialogs.has(method)) return undefined;
      const route = (opaque: string): string => `<sip:${hostName}:${port};transport=tls;opaque=state:${opaque};lr>`;
      const routes = [`${route('Ci.R1')}, ${route('F')}`, route('T')];
      const added = routes.map((value) => ({ name: 'Record-Route', value }));
      return () => now({ ...message, headers: [...added, ...message.headers] });
    },
  };
}
