import { BridgeError, type ErrorCode } from '../../presence/errors.js';
import type { HeaderLines } from './header-lines.js';
import { headerName } from './header-name.js';
import { DEFAULT_SIP_LIMITS, type SipLimits } from './limits.js';
import { SipMessage } from './message.js';
import { type ReadHead, readHead } from './read-head.js';
import { readStartLine } from './start-line.js';

/** A message refused. `respondWith` is there when the request can and must be answered, with `message` to answer. */
export type Refused =
  | { readonly ok: false; readonly error: BridgeError; readonly respondWith?: never; readonly message?: never }
  | { readonly ok: false; readonly error: BridgeError; readonly respondWith: number; readonly message: SipMessage };

export type Decoded = { readonly ok: true; readonly message: SipMessage } | Refused;

const END_OF_HEAD = '\r\n\r\n';
const LINE_END = 2;

/** Headers without which a message belongs to nothing, and which must not be there twice (RFC 3261 §8.1.1). */
const IDENTIFYING = ['Call-ID', 'CSeq', 'From', 'To'].map(headerName);
const VIA = headerName('Via');

/** Methods that are never answered: RFC 3261 §17, MS-SIP (BENOTIFY). */
const UNANSWERED = ['ACK', 'BENOTIFY'];

/**
 * Reads one message, the octets of which came from the framer or a datagram; octets behind the declared body are left
 * out (RFC 3261 §18.3). In one pass over the head: start line, form of each header line, limits, and the headers that
 * tell which call and transaction a message belongs to. Other values stay unread; `validateMessage` looks at them.
 * Refuses with `OCS_PROTOCOL` or `OCS_LIMIT`.
 *
 * @param read the head, when the framer read it already
 */
export function decodeMessage(bytes: Buffer, limits: SipLimits = DEFAULT_SIP_LIMITS, read?: ReadHead): Decoded {
  const headEnd = read === undefined ? bytes.indexOf(END_OF_HEAD, 0, 'latin1') : read.head.bytes.length - LINE_END;
  if (headEnd < 0) return unreadable('OCS_PROTOCOL', 'the header block does not end');
  const bodyStart = headEnd + END_OF_HEAD.length;
  if (bodyStart > limits.headerBlock) return unreadable('OCS_LIMIT', `the head is over ${limits.headerBlock} octets`);
  const { head, startLineLength, lines, bodyLength } = read ?? readHead(bytes.subarray(0, headEnd + LINE_END), limits);
  if (startLineLength > limits.startLine) {
    return unreadable('OCS_LIMIT', `the first line is over ${limits.startLine} octets`);
  }
  const { line, flaw } = readStartLine(head.text(0, startLineLength));
  if (!line) return unreadable('OCS_PROTOCOL', flaw.reason);
  if (lines.problem?.overLimit) return unreadable('OCS_LIMIT', lines.problem.reason);

  const available = bytes.length - bodyStart;
  const length = bodyLength.ok ? (bodyLength.value ?? available) : 0;
  const whole = length < available ? bytes.subarray(0, bodyStart + length) : bytes;
  const message = new SipMessage(line, lines, whole, bodyStart);

  if (flaw) return refuse(message, 'OCS_PROTOCOL', flaw.reason, flaw.respondWith);
  if (lines.problem) return refuse(message, 'OCS_PROTOCOL', lines.problem.reason, 400);
  if (!bodyLength.ok) return refuse(message, 'OCS_PROTOCOL', bodyLength.reason, 400);
  if (length > limits.body) return refuse(message, 'OCS_LIMIT', `the body is over ${limits.body} octets`, 513);
  if (length > available) return refuse(message, 'OCS_PROTOCOL', 'the body is cut off', 400);
  const unidentified = problemOfIdentity(message, lines);
  return unidentified === undefined ? { ok: true, message } : refuse(message, 'OCS_PROTOCOL', unidentified, 400);
}

function problemOfIdentity(message: SipMessage, lines: HeaderLines): string | undefined {
  for (const name of IDENTIFYING) {
    const count = lines.count(name);
    if (count !== 1) return count === 0 ? `${name.long} is missing` : `${name.long} is there twice`;
  }
  if (message.callId === '') return 'call-id is empty';
  return message.cseq === undefined ? 'cseq is malformed' : undefined;
}

function unreadable(code: ErrorCode, reason: string): Refused {
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
    [...IDENTIFYING, VIA].every((name) => message.header(name.long))
  );
}
