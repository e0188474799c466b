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
    if (secret.length < MIN_SECRET) continue;
    for (const form of writtenForms(secret)) clean = clean.replaceAll(form, '...');
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

/** As it is, and as it stands in JSON, in HTML and in an address: answers repeat what was sent in their own writing. */
function writtenForms(secret: string): ReadonlySet<string> {
  const html = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  const forms = [secret, JSON.stringify(secret).slice(1, -1), html];
  for (const quote of ['&#39;', '&#x27;', '&apos;']) forms.push(html.replaceAll("'", quote));
  // Half of a surrogate pair has no place in an address.
  if (!/\p{Cs}/u.test(secret)) forms.push(encodeURIComponent(secret));
  return new Set(forms);
}
