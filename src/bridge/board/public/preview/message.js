/** One line of what Notes would say or do, in the status bar; read aloud because the bar is a live region. */

/**
 * @typedef {object} Said
 * @property {string} text
 * @property {string} [href] something that the reader may follow: `sip:`, `im:`, `tel:`, `mailto:`, `https:`
 */

const FOLLOWED = /^(?:sips?|im|tel|callto|mailto|https?):/i;

/** @param {readonly Said[]} parts */
export function say(...parts) {
  const line = document.getElementById('message');
  if (line === null) return;
  line.replaceChildren(
    ...parts.flatMap(({ text, href }) => {
      if (href === undefined || !FOLLOWED.test(href)) return [`${text} `];
      const link = document.createElement('a');
      link.href = href;
      link.rel = 'noreferrer';
      link.textContent = text;
      return [link, ' '];
    }),
  );
}

/**
 * Sends what an action needs and tells what it did.
 * @param {string} path
 * @param {unknown} body
 * @returns {Promise<Record<string, unknown> | undefined>}
 */
export async function run(path, body) {
  const answer = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  /** @type {{ said?: Said[], message?: string, go?: string, [name: string]: unknown }} */
  const result = await answer.json();
  if (!answer.ok) {
    say({ text: result.message ?? answer.statusText });
    return undefined;
  }
  if (result.said !== undefined) say(...result.said);
  if (result.go !== undefined) location.assign(result.go);
  return result;
}
