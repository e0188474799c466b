/**
 * Character data of rich text as an importer takes it, unless `keepindentation` is set: a line break with all white
 * space after it vanishes at the start, at the end and behind a blank, and is one blank elsewhere. Blanks before it stay.
 */
export function withoutIndentation(text: string): string {
  return text.replace(/\n[ \t\n]*/g, (found, offset: number) => {
    const before = text[offset - 1];
    const isAtEdge = before === undefined || offset + found.length === text.length;
    return isAtEdge || before === ' ' || before === '\t' ? '' : ' ';
  });
}
