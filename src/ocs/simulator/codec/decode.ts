import { bad, ok, type Result } from '../../../presence/result.js';
import type { Frame } from './framer.js';
import type { Header, SipMessage } from './message.js';

export interface DecodeLimits {
  /** Characters of the start line and of one header line after unfolding. */
  readonly line: number;
  readonly headers: number;
}

const REQUEST_LINE = /^([A-Za-z0-9.!%*_+`'~-]{1,32}) (\S+) SIP\/2\.0$/;
const STATUS_LINE = /^SIP\/2\.0 ([1-6]\d\d)(?: (.*))?$/;
const HEADER_LINE = /^([A-Za-z0-9.!%*_+`'~-]+)[ \t]*:[ \t]*(.*)$/s;

/** Compact forms of RFC 3261 §7.3.3, RFC 6665 and RFC 3515 for headers that the simulator reads. */
const COMPACT: ReadonlyMap<string, string> = new Map([
  ['v', 'Via'],
  ['f', 'From'],
  ['t', 'To'],
  ['i', 'Call-ID'],
  ['m', 'Contact'],
  ['l', 'Content-Length'],
  ['c', 'Content-Type'],
  ['k', 'Supported'],
  ['o', 'Event'],
  ['u', 'Allow-Events'],
]);

/** Reads one framed message. */
export function decode(frame: Frame, limits: DecodeLimits): Result<SipMessage> {
  const lines = frame.head.split('\r\n');
  const start = lines[0] ?? '';
  if (start.length > limits.line) return bad('the start line is too long');
  const headers = readHeaders(lines.slice(1), limits);
  if (!headers.ok) return headers;
  const common = { headers: headers.value, body: frame.body };
  const request = REQUEST_LINE.exec(start);
  if (request) return ok({ kind: 'request', method: request[1] ?? '', uri: request[2] ?? '', ...common });
  const status = STATUS_LINE.exec(start);
  if (status) return ok({ kind: 'response', status: Number(status[1]), reason: status[2] ?? '', ...common });
  return bad('the start line is neither a request nor a response of SIP/2.0');
}

function readHeaders(lines: readonly string[], limits: DecodeLimits): Result<readonly Header[]> {
  const headers: Header[] = [];
  for (const line of unfold(lines)) {
    if (line.length > limits.line) return bad('a header is too long');
    if (headers.length >= limits.headers) return bad(`there are more than ${limits.headers} headers`);
    const match = HEADER_LINE.exec(line);
    if (!match) return bad('a header has no colon or a name with forbidden characters');
    const name = match[1] ?? '';
    headers.push({ name: COMPACT.get(name.toLowerCase()) ?? name, value: (match[2] ?? '').trim() });
  }
  return ok(headers);
}

/** Joins continuation lines with one blank (RFC 3261 §7.3.1). */
function unfold(lines: readonly string[]): string[] {
  const joined: string[][] = [];
  for (const line of lines) {
    const continued = /^[ \t]/.test(line) ? joined.at(-1) : undefined;
    if (continued) continued.push(line.trim());
    else joined.push([line]);
  }
  return joined.map((parts) => parts.join(' '));
}
