import { withoutSecrets } from '../sent-texts.js';

/** Characters of a server's text that reach logs and errors. */
const MAX_TEXT = 300;
const TOKENS = /\bBearer\s+\S+|\beyJ[\w-]+\.[\w-]*(?:\.[\w-]*)?/gi;

/**
 * What a server or proxy said, safe for logs: the first line without markup, without tokens and without each of
 * `secrets` (password, values of documents, text of a query), at most 300 characters.
 */
export function cleanServerText(text: string, secrets: readonly string[] = []): string {
  const clean = withoutSecrets(text.slice(0, MAX_TEXT * 20), secrets)
    .replace(TOKENS, '...')
    .replace(/<(script|style)\b[\s\S]*?(<\/\1>|$)/gi, ' ')
    .replace(/<[^<>]{0,1000}>/g, '\n');
  const line = clean.split(/[\r\n]+/).find((one) => one.trim() !== '') ?? '';
  return line
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trim()
    .slice(0, MAX_TEXT);
}
