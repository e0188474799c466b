/** Characters of a server's text that reach logs and errors. */
const MAX_TEXT = 300;
/** Shorter texts would tear words apart when they are taken out. */
const MIN_SECRET = 4;
const TOKENS = /\bBearer\s+\S+|\beyJ[\w-]+\.[\w-]*(?:\.[\w-]*)?/gi;

/**
 * What a server or proxy said, safe for logs: the first line without markup, without tokens and without each of
 * `secrets` (password, values of documents, text of a query), at most 300 characters.
 */
export function cleanServerText(text: string, secrets: readonly string[] = []): string {
  let clean = text.slice(0, MAX_TEXT * 20);
  // Longest first: a short value may be a part of a longer one.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret.length >= MIN_SECRET) clean = clean.replaceAll(secret, '...');
  }
  clean = clean
    .replace(TOKENS, '...')
    .replace(/<(script|style)\b[\s\S]*?(<\/\1>|$)/gi, ' ')
    .replace(/<[^<>]{0,1000}>/g, '\n');
  const line = clean.split(/[\r\n]+/).find((one) => one.trim() !== '') ?? '';
  return line
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, MAX_TEXT);
}
