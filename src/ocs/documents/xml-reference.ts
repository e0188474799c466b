/** Character and entity references (XML 1.0 §4.1), only those that need no DTD. */

const PREDEFINED: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

const NUMERIC = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}))$/;
/** Characters of the longest reference that is read, `#x10FFFF`. */
const MAX_LENGTH = 8;

/** A character that may stand in a document (XML 1.0 §2.2). */
export function isXmlCharacter(code: number): boolean {
  return (
    (code >= 0x20 && code <= 0xd7ff) ||
    code === 0x09 ||
    code === 0x0a ||
    code === 0x0d ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  );
}

/** The text of the reference between `&` and `;`; `undefined` when it is none that stands for a character. */
function referent(name: string): string | undefined {
  const predefined = PREDEFINED.get(name);
  if (predefined !== undefined) return predefined;
  const match = NUMERIC.exec(name);
  if (match === null) return undefined;
  const code = match[1] === undefined ? Number(match[2]) : Number.parseInt(match[1], 16);
  return isXmlCharacter(code) ? String.fromCodePoint(code) : undefined;
}

/** The predefined entities with their `;`, by octets. */
const PREDEFINED_OCTETS = [...PREDEFINED.keys()].map((name) => Buffer.from(`${name};`, 'latin1'));

/** Index of the `;` of the reference whose `&` stands at `start`, or -1 when it is not one that can be read. */
export function referenceEnd(body: Buffer, start: number): number {
  // Nearly all references; to make a text of each would cost more than the rest of the document.
  for (const octets of PREDEFINED_OCTETS) {
    let at = 0;
    while (at < octets.length && body[start + 1 + at] === octets[at]) at++;
    if (at === octets.length) return start + at;
  }
  for (let end = start + 1; end <= start + 1 + MAX_LENGTH; end++) {
    if (body[end] === 0x3b) return referent(body.toString('latin1', start + 1, end)) === undefined ? -1 : end;
  }
  return -1;
}

/** Replaces all references, each of which `referenceEnd` must have accepted. */
export function resolveReferences(text: string): string {
  let resolved = '';
  let from = 0;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', from)) {
    const end = text.indexOf(';', at);
    if (end < 0) break;
    resolved += text.slice(from, at) + (referent(text.slice(at + 1, end)) ?? text.slice(at, end + 1));
    from = end + 1;
  }
  return resolved + text.slice(from);
}
