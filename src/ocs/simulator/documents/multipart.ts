export interface Part {
  /** `Content-ID`. */
  readonly id: string;
  readonly type: string;
  readonly body: string;
}

/**
 * A `multipart/related` body (RFC 2387).
 * COMPAT(libpurple): it cuts the last four bytes of each part, so every part ends with an empty line.
 */
export function multipart(parts: readonly Part[], boundary: string): string {
  const written = parts.map(
    ({ id, type, body }) =>
      `--${boundary}\r\nContent-Transfer-Encoding: binary\r\nContent-ID: ${id}\r\nContent-Type: ${type}\r\n\r\n${body}\r\n\r\n`,
  );
  return `${written.join('')}--${boundary}--\r\n`;
}
