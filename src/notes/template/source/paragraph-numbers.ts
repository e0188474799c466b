import type { MappedLine } from './expand.js';

const DEFINITION = /(<pardef\b[^>]*?\sid=')([^']*)'/g;
const USE = /(<par\b[^>]*?\sdef='|<sectiontitle\b[^>]*?\spardef=')([^']*)'/g;

/**
 * Gives the paragraph styles of an element numbers, counted from 1, where its source has names. The schema's words on
 * `pardef` call the id an integer, though its type takes any name. What is used before it is defined keeps its name, for
 * the check to tell.
 */
export function numberParagraphs(lines: readonly MappedLine[]): readonly MappedLine[] {
  const numbers = new Map<string, number>();
  return lines.map((line) => {
    const defined = line.text.replace(DEFINITION, (_, before: string, name: string) => {
      const number = numbers.get(name) ?? numbers.size + 1;
      numbers.set(name, number);
      return `${before}${number}'`;
    });
    const text = defined.replace(USE, (_, before: string, name: string) => `${before}${numbers.get(name) ?? name}'`);
    return text === line.text ? line : { ...line, text };
  });
}
