import type { Items } from '../item-value.js';

/** Shorter texts would tear words apart when they are taken out. */
const MIN_SECRET = 4;
const PEM = /-----BEGIN [A-Z ]{1,64}-----[\s\S]*?(?:-----END [A-Z ]{1,64}-----|$)/g;

/**
 * What a server, proxy or module said, without each of `secrets` (passwords, tokens, values of documents, literals of a
 * query), as it was sent and as it stands in JSON, HTML and addresses, and without keys and certificates in PEM form.
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text.replace(PEM, '...');
  // Longest first: a short value may be a part of a longer one.
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret.length < MIN_SECRET) continue;
    for (const form of writtenForms(secret)) clean = clean.replaceAll(form, '...');
  }
  return clean;
}

/** Texts of a document. */
export function textsOf(items: Items): readonly string[] {
  return Object.entries(items).flatMap(([name, value]) => {
    const data = typeof value === 'object' && 'data' in value ? value.data : value;
    // The name of the form is no secret, and what the administrator looks for.
    return name === 'Form' ? [] : (Array.isArray(data) ? data : [data]).filter((one) => typeof one === 'string');
  });
}

/** A query and the texts within it, which may name people; with quotes doubled as in the query, and as they are meant. */
export function textsOfQuery(query: string): readonly string[] {
  const literals = [...query.matchAll(/'((?:[^']|'')*)'/g)].map(([, text]) => text ?? '');
  return [query, ...new Set(literals.flatMap((text) => [text, text.replaceAll("''", "'")]))];
}

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
