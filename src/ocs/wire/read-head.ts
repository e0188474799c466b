import type { Result } from '../../presence/result.js';
import { agreedLength, contentLengthLines } from './content-length.js';
import { Head } from './head.js';
import { HeaderLines } from './header-lines.js';
import { headerName } from './header-name.js';
import type { SipLimits } from './limits.js';

/** A head in which the lines were found, and where the message ends. All else is unread. */
export interface ReadHead {
  readonly head: Head;
  /** Octets of the start line, without its CRLF. */
  readonly startLineLength: number;
  readonly lines: HeaderLines;
  /** Octets that Content-Length declares: `undefined` when it is absent, bad when it is unusable. */
  readonly bodyLength: Result<number | undefined>;
}

const CONTENT_LENGTH = headerName('Content-Length');

/**
 * What framer and decoder both need of a head: as it is found once, they cannot disagree on where a message ends.
 *
 * @param bytes start line and header fields with the CRLF of the last one, without the empty line
 */
export function readHead(bytes: Buffer, limits: SipLimits): ReadHead {
  const head = new Head(bytes);
  const startLineLength = head.octets.indexOf('\r\n');
  const lines = new HeaderLines(head, startLineLength + 2, limits);
  // Behind a limit no line was looked for, but the stream goes on behind the message.
  const lengths = lines.problem?.overLimit === true ? contentLengthLines(head.octets) : lines.all(CONTENT_LENGTH);
  return { head, startLineLength, lines, bodyLength: agreedLength(lengths) };
}
