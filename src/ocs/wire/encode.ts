import { BridgeError } from '../../presence/errors.js';
import { charClass, hasAnyOf, isMadeOf, TOKEN } from './char-class.js';
import { trimmed } from './scan.js';

export interface MessageParts {
  readonly startLine: string;
  /** In the order they shall have. A Content-Length among them is left out: it is computed. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Buffer;
}

const LINE_BREAKS = charClass('\r\n');
const NOTHING = Buffer.alloc(0);

/**
 * Writes a message. Content-Length is the last header and counts octets. Throws `INTERNAL` when start line, a name or a
 * value would break out of its line: nothing a person typed may add a header.
 */
export function encodeMessage({ startLine, headers, body = NOTHING }: MessageParts): Buffer {
  let head = `${lineOf(startLine)}\r\n`;
  for (const [name, value] of headers) {
    if (!isMadeOf(TOKEN, name)) throw new BridgeError('INTERNAL', 'The name of a SIP header is not a token.');
    if (!isContentLength(name)) head += `${name}: ${lineOf(value)}\r\n`;
  }
  return Buffer.concat([Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n`, 'utf8'), body]);
}

function lineOf(text: string): string {
  if (!hasAnyOf(LINE_BREAKS, text)) return text;
  throw new BridgeError('INTERNAL', 'A SIP header must not hold a line break.');
}

function isContentLength(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === 'content-length' || lower === 'l';
}

/** The parts of a message that exists as text, to be edited and written anew. */
export interface SplitText {
  readonly startLine: string;
  readonly headers: [name: string, value: string][];
  readonly body: string;
}

/** Takes a text apart that sip.js composed: one header per line, never folded. Throws `INTERNAL` for any other text. */
export function splitText(text: string): SplitText {
  const end = text.indexOf('\r\n\r\n');
  const [startLine = '', ...lines] = text.slice(0, end < 0 ? 0 : end).split('\r\n');
  if (startLine === '') throw new BridgeError('INTERNAL', 'A composed SIP message has no end of its headers.');
  return { startLine, headers: lines.map(splitHeader), body: text.slice(end + 4) };
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0));
  if (!isMadeOf(TOKEN, name)) throw new BridgeError('INTERNAL', 'A composed SIP header has no name.');
  return [name, trimmed(line, colon + 1)];
}
