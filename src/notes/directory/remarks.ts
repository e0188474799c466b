import { STRETCH, type Steps } from '../steps.js';
import type { OptOut } from './opt-out.js';
import { quoted } from './reasons.js';
import type { LookUpIndex } from './resolved.js';
import type { Watched } from './watched.js';

/** Texts of one kind that are named one by one; a list of thousands helps nobody. */
const MAX_NAMED = 20;

/** What the administrator should know that is about no single person. */
export function* remarksOf(optOut: OptOut, watched: Watched, index: LookUpIndex): Steps<readonly string[]> {
  const nobody = new Set<string>();
  let count = 0;
  for (const text of optOut.texts()) {
    if (++count % STRETCH === 0) yield;
    if (index.lookUp(text).outcome === 'not-found') nobody.add(text);
  }
  const plain = optOut.plainTexts().filter((text) => !nobody.has(text));
  return [
    ...optOut.remarks,
    ...each(plain, 'more opt-outs are common names', (text) => {
      return `Opt-out: ${text} is only a common name; everybody who has it is hidden. Give the whole name.`;
    }),
    ...each([...nobody], 'more opt-outs name nobody', (text) => `Opt-out: no source names ${text}.`),
    ...watched.remarks,
    ...each(watched.plainTexts(), 'more members of watched groups are common names', (text) => {
      return `Watched groups: the member ${text} is only a common name and does not count. Give the whole name.`;
    }),
  ];
}

function each(texts: readonly string[], more: string, sentence: (text: string) => string): readonly string[] {
  const sentences = texts.slice(0, MAX_NAMED).map((text) => sentence(quoted(text)));
  const left = texts.length - MAX_NAMED;
  return left > 0 ? [...sentences, `${left} ${more}.`] : sentences;
}
