import { readXml } from '../xml-tree.js';
import { remembered } from './memo.js';

/** Words in an element's source that stand there in one language, with the line. */
export interface FixedWords {
  readonly line: number;
  readonly words: string;
}

/** Attributes that people read. */
const SHOWN = ['title', 'label', 'alttext', 'popup', 'tablabel', 'helpdescription'];
/** Elements whose text is no language: programs and data. */
const NOT_SHOWN = new Set([
  ...['formula', 'lotusscript', 'javascript', 'item', 'rawitemdata', 'gif', 'role', 'datetime', 'noteinfo'],
]);

/**
 * All that people read comes from the texts of a language. Finds words of a source file that do not: contents of
 * paragraphs, runs, buttons and choices, and attributes that are shown. Choices such as `Label|value` may fix the value.
 */
export const fixedWords: (source: string) => readonly FixedWords[] = remembered(500, wordsIn);

function wordsIn(source: string): readonly FixedWords[] {
  const outcome = readXml(source);
  // Nobody sees a view whose name stands in round brackets.
  if (!outcome.ok || /^\(.*\)$/.test(outcome.root.attributes.get('name') ?? '')) return [];
  const found: FixedWords[] = [];
  const note = (line: number, text: string): void => {
    const words = text.replace(/\$\{[^}]*\}/g, '').trim();
    if (/\p{L}/u.test(words)) found.push({ line, words: words.slice(0, 60) });
  };
  const walk = (element: typeof outcome.root): void => {
    if (NOT_SHOWN.has(element.name)) return;
    for (const name of SHOWN) note(element.line, element.attributes.get(name) ?? '');
    const isChoice = element.name === 'text';
    note(element.line, isChoice ? element.text.replace(/\|.*$/, '') : element.text);
    for (const child of element.children) walk(child);
  };
  walk(outcome.root);
  return found;
}
