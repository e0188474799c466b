import { PresenceError } from './presence-error.js';
import type { ResponseLike } from './wire-ports.js';

/** The whole body as text. Throws `CLIENT_LIMIT` when it is larger than `limit` bytes, and reads no further. */
export async function readBody({ body }: ResponseLike, limit: number): Promise<string> {
  if (body === null) return '';
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    if (value === undefined) continue;
    size += value.byteLength;
    if (size > limit) {
      await reader.cancel();
      throw new PresenceError({ code: 'CLIENT_LIMIT', message: `the answer is larger than ${limit} bytes` });
    }
    text += decoder.decode(value, { stream: true });
  }
}
