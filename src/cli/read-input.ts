import { BridgeError } from '../presence/errors.js';

/** Reads a stream to its end. Throws `CLI_USAGE` as soon as it has more octets than `maxBytes`. */
export async function readInput(
  stream: AsyncIterable<Buffer | string>,
  maxBytes: number,
  name = 'standard input',
): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > maxBytes) throw new BridgeError('CLI_USAGE', `${name} has more than ${maxBytes} octets`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
