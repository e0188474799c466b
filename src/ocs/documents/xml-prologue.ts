const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf] as const;
const QUESTION = 0x3f;
const DECLARATION = /^<\?xml version=(["'])1\.0\1(?: encoding=(["'])utf-8\2)?\?>/i;
const LONGEST_DECLARATION = 64;

/**
 * Index behind the byte order mark and the XML declaration of a document, as far as they are there and in their usual
 * spelling.
 */
export function prologueEnd(body: Buffer): number {
  const start = BYTE_ORDER_MARK.every((octet, index) => body[index] === octet) ? BYTE_ORDER_MARK.length : 0;
  if (body[start + 1] !== QUESTION) return start;
  const head = body.toString('latin1', start, start + LONGEST_DECLARATION);
  return start + (DECLARATION.exec(head)?.[0].length ?? 0);
}
