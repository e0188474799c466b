import { decodeMessage } from '../../src/ocs/wire/decode.js';
import type { SipMessage } from '../../src/ocs/wire/message.js';

/** A message from its lines; Content-Length is added. */
export function sipMessage(lines: readonly string[], body = ''): SipMessage {
  const text = [...lines, `Content-Length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
  const decoded = decodeMessage(Buffer.from(text));
  if (!decoded.ok) throw decoded.error;
  return decoded.message;
}
