import type { SipMessage } from './message.js';

/** Reason phrases of the answers that are given without a transaction (RFC 3261 §21). */
const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  405: 'Method Not Allowed',
  413: 'Request Entity Too Large',
  415: 'Unsupported Media Type',
  416: 'Unsupported URI Scheme',
  481: 'Call/Transaction Does Not Exist',
  505: 'Version Not Supported',
};

/** Headers that an answer repeats as they came, in their order (RFC 3261 §8.2.6.2). */
const REPEATED = ['Via', 'From', 'To', 'Call-ID', 'CSeq'] as const;

/**
 * The answer to a request, without a body. It depends on the request alone, so the same request has the same answer
 * (RFC 3261 §8.2.7). `userAgent` must be printable ASCII.
 */
export function replyTo(request: SipMessage, status: number, userAgent: string): string {
  let text = `SIP/2.0 ${status} ${REASONS[status] ?? 'Refused'}\r\n`;
  for (const name of REPEATED) {
    for (const line of request.repeated(name)) text += name === 'To' ? tagged(line, request) : line;
  }
  return `${text}User-Agent: ${userAgent}\r\nContent-Length: 0\r\n\r\n`;
}

const TAG = /tag/i;

/** Whoever answers names its end of the dialog that could have been. */
function tagged(line: string, request: SipMessage): string {
  // Without the word there is no use in reading the address.
  if (TAG.test(line) && request.to?.tag !== undefined) return line;
  const tag = request.fingerprint.toString(16).padStart(8, '0');
  return `${line.slice(0, -2)};tag=${tag}\r\n`;
}
