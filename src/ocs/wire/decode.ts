import { isAscii } from 'node:buffer';
import { BridgeError, type ErrorCode } from '../../presence/errors.js';
import { contentLengthOf } from './content-length.js';
import { HeaderLines } from './header-lines.js';
import { DEFAULT_SIP_LIMITS, type SipLimits } from './limits.js';
import { SipMessage } from './message.js';
import { parseStartLine } from './start-line.js';

/** A message refused. `respondWith` is there when the request can and must be answered, with `message` to answer. */
export type Refused =
  | { readonly ok: false; readonly error: BridgeError; readonly respondWith?: never; readonly message?: never }
  | { readonly ok: false; readonly error: BridgeError; readonly respondWith: number; readonly message: SipMessage };

export type Decoded = { readonly ok: true; readonly message: SipMessage } | Refused;

const END_OF_HEAD = '\r\n\r\n';

/** Headers without which a message belongs to nothing, and which must not be there twice (RFC 3261 §8.1.1). */
const IDENTIFYING = ['call-id', 'cseq', 'from', 'to'];

/** Methods that are never answered: RFC 3261 §17, MS-SIP (BENOTIFY). */
const UNANSWERED = ['ACK', 'BENOTIFY'];

/**
 * Reads one message, the octets of which came from the framer or a datagram; octets behind the declared body are left
 * out (RFC 3261 §18.3). In one pass over the head: start line, form of each header line, limits, and the headers that
 * tell which call and transaction a message belongs to. Other values stay unread; `validateMessage` looks at them.
 * Refuses with `OCS_PROTOCOL` or `OCS_LIMIT`.
 */
export function decodeMessage(bytes: Buffer, limits: SipLimits = DEFAULT_SIP_LIMITS): Decoded {
  const headEnd = bytes.indexOf(END_OF_HEAD, 0, 'latin1');
  if (headEnd < 0) return refused('OCS_PROTOCOL', 'the header block does not end');
  const bodyStart = headEnd + END_OF_HEAD.length;
  if (bodyStart > limits.headerBlock) return refused('OCS_LIMIT', `the head is over ${limits.headerBlock} octets`);
  const head = bytes.toString('latin1', 0, headEnd + 2);
  const text = isAscii(bytes.subarray(0, headEnd))
    ? (from: number, to: number) => head.slice(from, to)
    : (from: number, to: number) => bytes.toString('utf8', from, to);

  const firstEnd = head.indexOf('\r\n');
  if (firstEnd > limits.startLine) return refused('OCS_LIMIT', `the first line is over ${limits.startLine} octets`);
  const start = parseStartLine(text(0, firstEnd));
  const line = 'problem' in start ? start.line : start;
  if (!line) return refused('OCS_PROTOCOL', 'problem' in start ? start.problem : '');
  const lines = new HeaderLines(head, firstEnd + 2, text, limits);
  if (lines.problem?.overLimit) return refused('OCS_LIMIT', lines.problem.reason);

  const declared = contentLengthOf(head);
  const length = declared.ok ? (declared.value ?? bytes.length - bodyStart) : 0;
  const end = Math.min(bodyStart + length, bytes.length);
  const whole = end === bytes.length ? bytes : bytes.subarray(0, end);
  const message = new SipMessage(line, lines, whole, bytes.subarray(bodyStart, end));

  if ('problem' in start) return refuse(message, 'OCS_PROTOCOL', start.problem, start.respondWith);
  if (lines.problem) return refuse(message, 'OCS_PROTOCOL', lines.problem.reason, 400);
  if (!declared.ok) return refuse(message, 'OCS_PROTOCOL', declared.reason, 400);
  if (length > limits.body) return refuse(message, 'OCS_LIMIT', `the body is over ${limits.body} octets`, 513);
  if (bodyStart + length > bytes.length) return refuse(message, 'OCS_PROTOCOL', 'the body is cut off', 400);
  const missing = problemOfIdentity(message);
  return missing === undefined ? { ok: true, message } : refuse(message, 'OCS_PROTOCOL', missing, 400);
}

function problemOfIdentity(message: SipMessage): string | undefined {
  for (const name of IDENTIFYING) {
    const count = message.count(name);
    if (count !== 1) return count === 0 ? `${name} is missing` : `${name} is there twice`;
  }
  if (message.callId === '') return 'call-id is empty';
  return message.cseq === undefined ? 'cseq is malformed' : undefined;
}

function refused(code: ErrorCode, reason: string): Refused {
  return { ok: false, error: new BridgeError(code, `Not a SIP message: ${reason}.`) };
}

function refuse(message: SipMessage, code: ErrorCode, reason: string, respondWith: number): Refused {
  const error = new BridgeError(code, `Malformed ${message.kind}: ${reason}.`);
  return isAnswerable(message) ? { ok: false, error, respondWith, message } : { ok: false, error };
}

/** An answer repeats these headers of the request (RFC 3261 §8.2.6.2). */
function isAnswerable(message: SipMessage): boolean {
  return (
    message.kind === 'request' &&
    !UNANSWERED.includes(message.method) &&
    IDENTIFYING.every((name) => message.header(name)) &&
    message.count('via') > 0
  );
}
