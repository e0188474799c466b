import { parseContentType } from '../documents/content-type.js';
import { textOfHtml } from '../documents/html-text.js';
import { IS_COMPOSING_TYPE, readTyping } from '../documents/typing.js';

/** What a MESSAGE holds, or the status with which it is refused. */
export type IncomingContent =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'typing'; readonly active: boolean }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly status: 413 | 415 };

/** Types of a MESSAGE that we can read, for Accept. */
export const READABLE_TYPES = `text/plain, text/html, ${IS_COMPOSING_TYPE}`;

/** Octets of a received text. */
export const MAX_RECEIVED_BYTES = 64 * 1024;

const CHARSETS: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii', 'ascii']);

/** Reads the body of a MESSAGE (RFC 3428 §7; RFC 3994 for typing). `body` was UTF-8. */
export function readIncoming(contentType: string, body: string, maxBytes = MAX_RECEIVED_BYTES): IncomingContent {
  if (Buffer.byteLength(body) > maxBytes) return { kind: 'refused', status: 413 };
  const { type, parameters } = parseContentType(contentType);
  if (type === IS_COMPOSING_TYPE) {
    const active = readTyping(Buffer.from(body));
    return active === undefined ? { kind: 'nothing' } : { kind: 'typing', active };
  }
  const readable = type === 'text/plain' || type === 'text/html';
  if (!readable || !CHARSETS.has(parameters.get('charset')?.toLowerCase() ?? 'utf-8')) {
    return { kind: 'refused', status: 415 };
  }
  const text = cleanMessage(type === 'text/html' ? textOfHtml(body) : body);
  return text === '' ? { kind: 'nothing' } : { kind: 'text', text };
}

/** Lines with a line feed each; no control characters, and no marks that turn the reading direction. */
function cleanMessage(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/\p{Cs}/gu, '\ufffd')
    .trim();
}
